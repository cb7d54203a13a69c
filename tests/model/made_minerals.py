"""Minerals that nobody knows, and their models."""

from __future__ import annotations

from spectra_vae.minerals import parse
from spectra_vae.model.shared import readout_folder
from spectra_vae.spectrometer import load


def band(position, height, width, group="rest", mixing=0.5):
    return {
        "name": f"b{position:g}",
        "position": position,
        "height": height,
        "width": width,
        "mixing": mixing,
        "group": group,
        "source": "invented",
    }


def made(name, *bands, **more):
    return parse({"name": name, "formula": "X", "bands": list(bands), **more})


ONE = made("one", band(1000.0, 1.0, 4.0))


def model_of(mineral):
    return load(readout_folder(mineral))
