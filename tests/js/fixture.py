"""What the scripts' tests compare with: ``python tests/js/fixture.py`` writes decoder.json.

The header that the page reads of the shipped gypsum model, a few codes with the spectra that
torch decodes from them, and factors at codes as Python computes them.
"""

from __future__ import annotations

import json
import struct
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


def fixture() -> dict[str, Any]:
    data, _ = pack(MODEL, MODEL.name)
    (length,) = struct.unpack_from("<I", data, 4)
    header = json.loads(data[8 : 8 + length])
    codes = np.vstack([header["origin"], CODES])
    spectra = spectra_vae.load("gypsum").decode(codes)
    at = np.linspace(-4.95, 4.95, 34)
    return {
        "header": header,
        "codes": codes.tolist(),
        "every": EVERY,
        "spectra": [[float(f"{v:.8g}") for v in row] for row in spectra[:, ::EVERY]],
        "factors": {
            "codes": at.round(6).tolist(),
            "values": {f.name: f.value(at).tolist() for f in mineral("gypsum").factors},
        },
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(fixture(), ensure_ascii=False, indent=None) + "\n", encoding="utf-8")
