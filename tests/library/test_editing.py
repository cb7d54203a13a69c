"""A draft whose table somebody changed."""

from __future__ import annotations

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.library.editing import CELLS, edited
from spectra_vae.minerals import MineralError


@pytest.fixture(scope="module")
def draft():
    x = np.arange(120.0, 1300.0, 1.5)
    y = sv.mineral("calcite").spectrum(x) + np.random.default_rng(5).normal(0, 0.004, len(x))
    return sv.fit_mineral(sv.Spectrum(x, 500 * y), "draft", 4.0)


def rows(draft):
    return [{key: getattr(band, key) for key in CELLS} for band in draft.bands]


def test_the_fits_own_table_is_the_drafts_mineral(draft):
    same = edited(draft, rows(draft))
    assert [b.position for b in same.mineral.bands] == pytest.approx(
        [b.position for b in draft.mineral.bands], abs=0.01
    )
    assert same.components == pytest.approx(draft.components, abs=0.02 * draft.components.max())
    assert np.std(same.residual) < 3 * draft.noise * draft.files[0].gain


def test_numbers_as_people_type_them(draft):
    typed = rows(draft)
    typed[0] |= {"position": " 154,6 ", "height": "0,2"}
    changed = edited(draft, typed, "mine", "CaCO3")
    assert changed.mineral.name == "mine" and changed.mineral.formula == "CaCO3"
    assert changed.mineral.bands[0].position == 154.6
    assert max(b.height for b in changed.mineral.bands) == 1


def test_the_strongest_of_any_unit_becomes_one(draft):
    scaled = [{**row, "height": 300 * row["height"]} for row in rows(draft)]
    heights = [b.height for b in edited(draft, scaled).mineral.bands]
    assert heights == pytest.approx([b.height for b in edited(draft, rows(draft)).mineral.bands])


@pytest.mark.parametrize(
    ("cell", "value", "words"),
    [
        ("position", "abc", "position of band 1 is abc"),
        ("width", "-2", "width of band 1 is -2"),
        ("height", "nan", "height of band 1 is nan"),
        ("mixing", "2", "mixing of band 1 is 2"),
        ("group", "none", "none"),
    ],
)
def test_a_mistake_gets_its_sentence(draft, refused, cell, value, words):
    typed = rows(draft)
    typed[0][cell] = value
    with refused(MineralError) as caught:
        edited(draft, typed)
    assert words in str(caught.value)


def test_what_is_kept_says_what_was_changed(draft, home):
    changed = edited(draft, rows(draft)[1:], "shorter")
    try:
        assert changed.save().name == "shorter"
        assert len(sv.mineral("shorter").bands) == len(draft.bands) - 1
    finally:
        for file in (home / "minerals").glob("shorter.*"):
            file.unlink()
