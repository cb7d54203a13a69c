"""What of a mineral the page's figure is told."""

from dataclasses import replace

import pytest

from spectra_vae.minerals import mineral
from spectra_vae.text.message import LANGUAGES
from spectra_vae.ui.model_payload import shown


def test_gypsum_has_two_windows_and_a_lens_on_its_main_band():
    told = shown(mineral("gypsum"))
    ends = [(w["low"], w["high"], w["from"], w["magnify"]) for w in told["windows"]]
    assert ends == [(100, 1300, 100, 1), (3000, 3800, 2500, 6)]
    assert told["lens"] == [984, 1032]
    assert [w["hue"] for w in told["windows"]] == ["sulfate", "water"]
    assert {g["key"] for g in told["groups"]} == {"sulfate", "water", "lattice"}


def test_words_come_in_every_language():
    told = shown(mineral("gypsum"))
    for label in (one["label"] for one in (*told["windows"], *told["groups"])):
        assert set(label) == set(LANGUAGES)
        assert all(label.values())


@pytest.mark.parametrize("position", [300.0, 1436.0, 1749.0])
def test_what_has_no_band_above_has_one_window_that_holds_all(position):
    gypsum = mineral("gypsum")
    dry = tuple(b for b in gypsum.bands if b.group != "water")
    moved = (replace(dry[0], position=position, height=0.1), *dry[1:])
    (window,) = shown(replace(gypsum, bands=moved))["windows"]
    assert window["low"] == 100
    assert window["high"] >= max(1300, position + 60)
