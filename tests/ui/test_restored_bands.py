"""The table of a restoration's bands: all of them, along the axis, each with its interval."""

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.examples import example
from spectra_vae.text.message import LANGUAGES
from spectra_vae.ui.views.restore.bands_card import bands


def texts(part):
    """Every text of a component, in order."""
    if isinstance(part, str | int | float):
        return [str(part)]
    children = part if isinstance(part, list | tuple) else getattr(part, "children", None)
    if children is None:
        return []
    return [
        t
        for c in (children if isinstance(children, list | tuple) else [children])
        for t in texts(c)
    ]


def rows(card):
    return card[1].children[1].children


@pytest.fixture(scope="module")
def read():
    return sv.read_spectrum(example("foreign"), "foreign.csv")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_band_stands_in_the_order_of_the_axis(vs, read, language):
    r = vs.restore(read)
    found = rows(bands(r, language))
    assert len(found) == len(r.bands) + len(r.unexplained)
    positions = [float(texts(row.children[1])[0]) for row in found]
    assert positions == sorted(positions)
    foreign = [row for row in found if getattr(row, "className", None) == "unexplained"]
    assert len(foreign) == len(r.unexplained) == 1
    assert f"{r.unexplained[0].position:.1f}" in texts(foreign[0])
    for row in found:
        if row not in foreign:
            assert len(texts(row.children[1])) == len(texts(row.children[2])) == 2


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
def test_heights_are_told_in_any_unit(vs, read, unit):
    r = vs.restore(sv.Spectrum(read.wavenumber, read.intensity * unit))
    main = max(r.bands, key=lambda b: b.height)
    row = next(row for row in rows(bands(r, "en")) if f"{main.position:.1f}" in texts(row))
    shown = float(texts(row.children[2])[0].replace("\u202f", ""))
    assert shown == pytest.approx(main.height, rel=0.01)
    assert np.isfinite(shown) and shown > 0
