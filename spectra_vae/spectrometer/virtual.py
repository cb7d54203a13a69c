"""The virtual spectrometer: a trained model that reads measurements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from ..analysis.clusters import PseudoSpectra
from ..analysis.command_map import CommandMap
from ..analysis.pseudo_spectra import pseudo_spectra
from ..analysis.roles import command_map
from ..measure.compare import Comparison, compare
from ..measure.report.calibration import Calibration
from ..measure.restore import Restoration, restore
from ..model.posterior import Posterior
from ..spectra.given import several
from ..spectra.spectrum import Spectrum, as_floats, interpolate
from ..storage.models import ModelError
from ..vae.checkpoint import Checkpoint
from ..vae.network import SpectraVAE
from .trained import TrainedModel

Array = NDArray[np.float64]


class VirtualSpectrometer(TrainedModel):
    """A trained model that reads measurements. Made by :func:`load`."""

    def __init__(self, checkpoint: Checkpoint, calibration: Calibration | None = None) -> None:
        super().__init__(checkpoint)
        self.calibration = calibration or Calibration()

    @property
    def trained(self) -> tuple[str, ...]:
        """Which parts were trained, of "decoder", "encoder" and "intervals" (calibrated)."""
        parts = tuple(self._checkpoint.header.get("trained", ("decoder", "encoder")))
        return (*parts, "intervals") if self.calibration.counts else parts

    def encode(self, spectrum: Spectrum | ArrayLike) -> Posterior:
        """A spectrum, or arrays (..., N) on the model's axis with NaN where nothing was measured.

        Nothing is rescaled: intensities are in units of the reference ν1. A
        :class:`~spectra_vae.spectra.spectrum.Spectrum` is interpolated to the model's axis.

        Raises
        ------
        ModelError
            The model has no encoder yet, or nothing was measured on its axis.

        >>> vs = sv.load("gypsum")
        >>> vs.encode(vs.generate(crystallinity=0.3)).mean.shape
        (8,)
        """
        network = self._checkpoint.model
        if not isinstance(network, SpectraVAE):
            raise ModelError("error.no_encoder", name=self.name)
        if isinstance(spectrum, Spectrum):
            values = interpolate(spectrum.wavenumber, spectrum.intensity, self.wavenumber)
        else:
            values = as_floats(spectrum)
        if values.shape[-1:] != self.wavenumber.shape:
            raise ModelError(
                "error.spectrum_shape", points=len(self.wavenumber), shape=str(values.shape)
            )
        mask = np.isfinite(values)
        if not mask.any(axis=-1).all():
            raise ModelError("error.nothing_measured")
        value = torch.from_numpy(np.where(mask, np.clip(values, -1e6, 1e6), 0).astype(np.float32))
        with torch.inference_mode():
            q = network.encoder(value, torch.from_numpy(mask.astype(np.float32)))
        std = q.stddev.double().numpy() if self.config.variational else None
        return Posterior(q.mean.double().numpy(), std)

    @overload
    def restore(self, spectrum: Spectrum, resolution: float | None = None) -> Restoration: ...
    @overload
    def restore(
        self, spectrum: Sequence[Spectrum], resolution: float | None = None
    ) -> list[Restoration]: ...
    def restore(
        self, spectrum: Spectrum | Sequence[Spectrum], resolution: float | None = None
    ) -> Restoration | list[Restoration]:
        """The mineral's spectrum out of a measurement, with estimates and what doesn't fit.

        ``resolution``: FWHM of the instrument's response, cm⁻¹; None assumes the table's.

        Raises
        ------
        SpectrumError
            No spectrum or no resolution was given, or nothing of the model's axis was measured.

        >>> from spectra_vae.examples import example
        >>> from spectra_vae.readers import read_spectrum
        >>> restored = sv.load("gypsum").restore(read_spectrum(example("noisy"), "noisy.csv"))
        >>> restored.novelty.verdict
        'normal'
        """
        if isinstance(spectrum, Spectrum):
            return restore(self, [spectrum], resolution, self.calibration)[0]
        return restore(self, several(spectrum), resolution, self.calibration)

    def refined(self, spectra: Sequence[Spectrum | Restoration] | Array) -> Posterior:
        """Codes (n, latents) as :meth:`restore` fits them; slower and truer than the encoder's.

        Measurements in any unit, restorations (taken as they are), or an array (n, N) on the
        model's axis with NaN where nothing was measured.
        """
        return self._codes(self._restored(spectra))

    def _restored(self, spectra: Sequence[Spectrum | Restoration] | Array) -> list[Restoration]:
        """Measurements restored, restorations as they are."""
        if isinstance(spectra, np.ndarray):
            if spectra.ndim != 2 or spectra.shape[1] != len(self.wavenumber):
                raise ModelError(
                    "error.spectrum_shape", points=len(self.wavenumber), shape=str(spectra.shape)
                )
            measured = [np.isfinite(row) for row in spectra]
            spectra = [
                Spectrum(self.wavenumber[some], row[some])
                for row, some in zip(spectra, measured, strict=True)
            ]
        given = several(spectra, Restoration)
        fitted = iter(self.restore([one for one in given if isinstance(one, Spectrum)]))
        return [one if isinstance(one, Restoration) else next(fitted) for one in given]

    def _codes(self, restored: Sequence[Restoration]) -> Posterior:
        codes = [one.code for one in restored]
        shape = (len(codes), len(self.neurons))
        plain = any(c.std is None for c in codes)
        std = None if plain else np.array([c.std for c in codes]).reshape(shape)
        return Posterior(np.array([c.mean for c in codes]).reshape(shape), std)

    def compare(self, a: Spectrum | Restoration, b: Spectrum | Restoration) -> Comparison:
        """Is the mineral in the same state in two measurements, and how would each look in b and a?

        Restorations are taken as they are, so that each may have its own resolution.

        >>> vs = sv.load("gypsum")
        >>> found = vs.compare(vs.generate(hydration=0.2), vs.generate(hydration=1.0))
        """
        return compare(self, *self._restored((a, b)))

    def command_map(self) -> CommandMap:
        """What every neuron does, found by scanning it, in words and numbers.

        >>> len(sv.load("gypsum").command_map().commands)
        8
        """
        return command_map(self)

    def pseudo_spectra(
        self, spectra: Sequence[Spectrum | Restoration] | Array, k: int
    ) -> PseudoSpectra:
        """``k`` clusters of measurements by their refined codes, each with its decoded centroid.

        The encoder's own means are not enough: see ``benchmarks/pseudo.py``.

        Raises
        ------
        ModelError
            Some show nothing of the mineral: their codes would be the reference's, as if they did.

        >>> vs = sv.load("gypsum")
        >>> states = [vs.generate(hydration=h) for h in (0.1, 0.12, 1.3, 1.35)]
        >>> vs.pseudo_spectra(states, 2).labels.shape
        (4,)
        """
        restored = self._restored(spectra)
        strange = [
            str(one.settings["file"]) or f"#{i}" for i, one in enumerate(restored) if one.gone
        ]
        if strange:
            raise ModelError("error.strangers", names=", ".join(strange)[:200], count=len(strange))
        return pseudo_spectra(self, self._codes(restored), k)
