"""A trained model: its axis, its factors and its codes, and the spectra of these."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from ..minerals import Factor, Mineral
from ..model.neuron import Neuron, check_sliders
from ..spectra.spectrum import Spectrum, SpectrumError, as_floats
from ..storage.models import ModelError
from ..vae.checkpoint import Checkpoint
from ..vae.header import HEADER, CheckpointError, short

Array = NDArray[np.float64]


class TrainedModel:
    """What a model knows without a measurement: spectra of codes, and codes of factors."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        self._checkpoint = checkpoint
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

        >>> sv.load("gypsum").decode([[0.0] * 8] * 2).shape
        (2, 1401)
        """
        with torch.inference_mode():
            out = self._checkpoint.model.decoder(torch.from_numpy(self._code(z)))
        return np.asarray(out.numpy(), dtype=np.float64)

    def code(self, /, **factors: float) -> Array:
        """The code (latents,) of named factors, the others at the origin.

        >>> sv.load("gypsum").code(hydration=0.0).round(1).tolist()[3] < -2
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

        >>> vs = sv.load("gypsum")
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

        >>> dry = sv.load("gypsum").generate(hydration=0.0)
        >>> float(dry.wavenumber[dry.intensity.argmax()].round())
        1008.0
        """
        meta = {"model": self.name, "digest": self.digest, **factors}
        return Spectrum(self.wavenumber, self.decode(self.code(**factors)), meta)

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

        >>> sv.load("gypsum").sensitivity().shape
        (8, 1401)
        """
        return self.jacobian(z)[1]

    def scan(self, neuron: int, values: ArrayLike) -> Array:
        """Spectra (K, N) with one neuron at each of ``values`` (K,), the others at the origin.

        >>> sv.load("gypsum").scan(3, [-3, 0, 3]).shape
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

    # What is refused

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
