"""The virtual spectrometer: a trained model with its axis, its factors and what its neurons do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, overload

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from .analysis.clusters import PseudoSpectra
from .analysis.command_map import CommandMap
from .analysis.pseudo_spectra import pseudo_spectra
from .analysis.roles import command_map
from .measure.compare import Comparison, compare
from .measure.report.calibration import Calibration
from .measure.restore import Restoration, restore
from .minerals import Factor, Mineral, mineral, minerals, unreadable_minerals
from .model.neuron import Neuron, check_sliders
from .model.posterior import Posterior
from .model.shared import model_folder
from .spectra.given import several
from .spectra.spectrum import Spectrum, SpectrumError, as_floats, interpolate
from .storage.models import ModelError, folder_of
from .vae.checkpoint import Checkpoint
from .vae.checkpoint import load as load_checkpoint
from .vae.header import HEADER, CheckpointError, short
from .vae.network import SpectraVAE

Array = NDArray[np.float64]


class VirtualSpectrometer:
    """A trained model, ready to use. Made by :func:`load`."""

    def __init__(self, checkpoint: Checkpoint, calibration: Calibration | None = None) -> None:
        self._checkpoint = checkpoint
        self.calibration = calibration or Calibration()
        self.config = checkpoint.config
        self.wavenumber: Array = checkpoint.wavenumber
        self.wavenumber.setflags(write=False)
        self.digest: str = checkpoint.digest
        header = checkpoint.header
        try:
            self.neurons: tuple[Neuron, ...] = tuple(Neuron(**n) for n in header["neurons"])
            self.origin: Array = np.array(header["origin"], dtype=np.float64)
            check_sliders(self.neurons, [f.name for f in self.mineral.factors])
            if self.origin.ndim != 1 or not np.isfinite(self.origin).all():
                raise ValueError("an origin that is not finite")
            card = {**header["card"], "versions": header["versions"]}
            card["metrics"] = header.get("metrics")
            card["data"] = {"spectra": self.config.spectra, "instrument": self.config.instrument}
            self.card: Mapping[str, Any] = MappingProxyType(card)
            name = str(self.card["name"])
        except (KeyError, TypeError, ValueError) as wrong:
            raise CheckpointError("error.model_broken", name=HEADER, why=short(wrong)) from None
        latents = self.config.latents
        if [n.index for n in self.neurons] != list(range(latents)) or len(self.origin) != latents:
            raise CheckpointError("error.model_neurons", name=name, latents=latents)

    @property
    def name(self) -> str:
        return str(self.card["name"])

    @property
    def network(self) -> torch.nn.Module:
        """The PyTorch module, in evaluation mode."""
        return self._checkpoint.model

    @property
    def trained(self) -> tuple[str, ...]:
        """Which parts were trained, of "decoder", "encoder" and "intervals" (calibrated)."""
        parts = tuple(self._checkpoint.header.get("trained", ("decoder", "encoder")))
        return (*parts, "intervals") if self.calibration.counts else parts

    @cached_property
    def mineral(self) -> Mineral:
        return self.config.substance

    @cached_property
    def controls(self) -> Mapping[str, int]:
        """Factor → neuron, for the factors that were asked for."""
        return {n.factor: n.index for n in self.neurons if n.factor is not None}

    @property
    def bridges(self) -> bool:
        """Was it told, through two instruments, what the mineral's state is?"""
        return self.config.is_guided and self.config.partner is not None

    # Codes and factors

    def decode(self, z: ArrayLike) -> Array:
        """Codes (..., latents) → spectra (..., N), in units of the reference ν1.

        >>> load("gypsum").decode([[0.0] * 8] * 2).shape
        (2, 1401)
        """
        with torch.inference_mode():
            out = self._checkpoint.model.decoder(torch.from_numpy(self._code(z)))
        return np.asarray(out.numpy(), dtype=np.float64)

    def code(self, /, **factors: float) -> Array:
        """The code (latents,) of named factors, the others at the origin.

        >>> load("gypsum").code(hydration=0.0).round(1).tolist()[3] < -2
        True
        """
        z = self.origin.copy()
        for name, value in factors.items():
            factor = self._controlled(name)
            ends = {"low": factor.low, "high": factor.high}
            try:
                inside = bool(factor.low <= value <= factor.high)
            except (TypeError, ValueError):
                told = " ".join(repr(value).split())[:40]
                raise ModelError("error.factor_number", name=name, value=told, **ends) from None
            if not inside:
                raise ModelError("error.out_of_range", name=name, value=value, **ends)
            z[self.controls[name]] = factor.code(value)
        return z

    def factors(self, z: ArrayLike) -> dict[str, Any]:
        """Codes (..., latents) → factor name → value (...), for the factors asked for.

        >>> vs = load("gypsum")
        >>> float(vs.factors(vs.code(shift=2.5))["shift"].round(2))
        2.5
        """
        code = self._code(z)
        return {
            name: self.mineral.factor(name).value(code[..., j])[()]
            for name, j in self.controls.items()
        }

    def generate(self, /, **factors: float) -> Spectrum:
        """The spectrum of named factors, the others at their reference.

        >>> dry = load("gypsum").generate(hydration=0.0)
        >>> float(dry.wavenumber[dry.intensity.argmax()].round())
        1008.0
        """
        meta = {"model": self.name, "digest": self.digest, **factors}
        return Spectrum(self.wavenumber, self.decode(self.code(**factors)), meta)

    # Measurements

    def encode(self, spectrum: Spectrum | ArrayLike) -> Posterior:
        """A spectrum, or arrays (..., N) on the model's axis with NaN where nothing was measured.

        Nothing is rescaled: intensities are in units of the reference ν1. A
        :class:`~spectra_vae.spectra.spectrum.Spectrum` is interpolated to the model's axis.

        Raises
        ------
        ModelError
            The model has no encoder yet, or nothing was measured on its axis.

        >>> vs = load("gypsum")
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
        >>> restored = load("gypsum").restore(read_spectrum(example("noisy"), "noisy.csv"))
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

        >>> vs = load("gypsum")
        >>> found = vs.compare(vs.generate(hydration=0.2), vs.generate(hydration=1.0))
        """
        return compare(self, *self._restored((a, b)))

    # What the neurons do

    def jacobian(self, z: ArrayLike | None = None) -> tuple[Array, Array]:
        """Spectrum (..., N) and exact ∂ spectrum / ∂ neuron (..., latents, N) at ``z``."""
        code = torch.from_numpy(self._code(self.origin if z is None else z))
        flat = code.reshape(-1, code.shape[-1])
        with torch.inference_mode():
            value, slope = self._checkpoint.model.decoder.jacobian(flat)
        shape = code.shape[:-1]
        return (
            value.double().numpy().reshape(*shape, -1),
            slope.double().numpy().reshape(*shape, code.shape[-1], -1),
        )

    def sensitivity(self, z: ArrayLike | None = None) -> Array:
        """∂ spectrum / ∂ neuron, exact, (..., latents, N) at ``z`` (default: the origin).

        >>> load("gypsum").sensitivity().shape
        (8, 1401)
        """
        return self.jacobian(z)[1]

    def scan(self, neuron: int, values: ArrayLike) -> Array:
        """Spectra (K, N) with one neuron at each of ``values`` (K,), the others at the origin.

        >>> load("gypsum").scan(3, [-3, 0, 3]).shape
        (3, 1401)
        """
        whole = isinstance(neuron, int | np.integer) and not isinstance(neuron, bool)
        if not (whole and 0 <= neuron < len(self.neurons)):
            told = neuron if whole else repr(neuron)[:40]
            raise ModelError("error.no_neuron", neuron=told, latents=len(self.neurons))
        try:
            there = np.atleast_1d(as_floats(values))
        except SpectrumError:
            raise ModelError("error.code_value") from None
        if there.ndim != 1:
            raise ModelError("error.code_value")
        z = np.repeat(self.origin[None], len(there), axis=0)
        z[:, neuron] = there
        return self.decode(z)

    def command_map(self) -> CommandMap:
        """What every neuron does, found by scanning it, in words and numbers.

        >>> len(load("gypsum").command_map().commands)
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

        >>> vs = load("gypsum")
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

    def _controlled(self, name: str) -> Factor:
        if name not in self.controls:
            self.mineral.factor(name)
            known = ", ".join(self.controls) or "–"
            raise ModelError("error.not_controlled", name=name, known=known)
        return self.mineral.factor(name)

    def _code(self, z: ArrayLike) -> NDArray[np.float32]:
        try:
            code = as_floats(z).astype(np.float32)
        except SpectrumError:
            raise ModelError("error.code_value") from None
        if code.shape[-1:] != (len(self.neurons),):
            raise ModelError("error.code_shape", latents=len(self.neurons), shape=str(code.shape))
        if not np.isfinite(code).all():
            raise ModelError("error.code_value")
        return code


def load(name: str | Path) -> VirtualSpectrometer:
    """The model ``name``: a folder, a run's id or name, a shipped model, or a mineral, in this
    order.

    A mineral that nobody has trained a model of gets the shared decoder, its readout solved for
    this mineral's table: no training, a second or two, and kept in the home. It has an encoder and
    calibrated intervals once :func:`~spectra_vae.runs.encoder.train_encoder` trained them.

    Raises
    ------
    ModelError, MineralError
        There is none, or its files or its table can't be read.

    >>> load("calcite").mineral.formula
    'CaCO3'
    """
    folder = _folder(str(name))
    checkpoint = load_checkpoint(folder)
    return VirtualSpectrometer(checkpoint, Calibration.load(folder, checkpoint.digest))


def _folder(name: str) -> Path:
    """The folder of a model or, where there is none, of a mineral's readout."""
    is_mineral = name in {*minerals(), *unreadable_minerals()}
    folder = None
    try:
        folder = folder_of(name)
    except ModelError:
        if not is_mineral:
            raise
    if folder is not None and ((folder / HEADER).is_file() or not is_mineral):
        return folder
    return model_folder(mineral(name))
