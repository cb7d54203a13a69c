"""What the scripts' tests compare with: ``python tests/js/fixture.py`` writes decoder.json.

A few codes with the spectra that torch decodes from them with the shipped gypsum model, and
factors at codes as Python computes them. ``python tests/js/fixture.py packed`` prints that model
as the server packs it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

import spectra_vae
from spectra_vae.minerals import mineral
from spectra_vae.ui.model_payload import pack

FILE = Path(__file__).with_name("decoder.json")
MODEL = Path(spectra_vae.__file__).parent / "models" / "gypsum"
EVERY = 5  # of the axis: a fifth of the points shows a wrong layer as well as all
CODES = np.random.default_rng(0).uniform(-3, 3, (6, 8)).round(3)
EDGES = np.array([[5.0, -5.0] * 4, [-5.0, 5.0] * 4])  # as far as the page lets a code go


def fixture() -> dict[str, Any]:
    codes = np.vstack([np.zeros(CODES.shape[1]), CODES, EDGES])
    spectra = spectra_vae.load("gypsum").decode(codes)
    at = np.linspace(-4.95, 4.95, 34)
    return {
        "codes": codes.tolist(),
        "every": EVERY,
        "spectra": [[float(f"{v:.8g}") for v in row] for row in spectra[:, ::EVERY]],
        "factors": {
            "codes": at.round(6).tolist(),
            "values": {f.name: f.value(at).tolist() for f in mineral("gypsum").factors},
        },
    }


if __name__ == "__main__":
    if sys.argv[1:] == ["packed"]:
        sys.stdout.buffer.write(pack(MODEL, MODEL.name)[0])
        sys.exit()
    FILE.write_text(json.dumps(fixture(), ensure_ascii=False, indent=None) + "\n", encoding="utf-8")
