"""A virtual spectrometer by its name."""

from __future__ import annotations

from pathlib import Path

from ..measure.report.calibration import Calibration
from ..minerals import mineral, minerals, unreadable_minerals
from ..model.shared import model_folder
from ..storage.models import ModelError, folder_of
from ..vae.checkpoint import load as load_checkpoint
from ..vae.header import HEADER
from .virtual import VirtualSpectrometer


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

    >>> sv.load("calcite").mineral.formula
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
