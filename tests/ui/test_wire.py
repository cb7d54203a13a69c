"""What of a mineral the page's figure is told."""

import pytest

from spectra_vae.minerals import mineral, parse, to_table
from spectra_vae.text.message import LANGUAGES
from spectra_vae.ui.model_payload import shown


def test_gypsum_has_two_windows_and_a_lens_on_its_main_band():
    told = shown(mineral("gypsum"))
    ends = [(w["low"], w["high"], w["from"], w["magnify"]) for w in told["windows"]]
    assert ends == [(100, 1300, 100, 1), (3000, 3800, 2150, 6)]
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
    table = to_table(mineral("gypsum"))
    dry = [b for b in table["bands"] if b["group"] != "water"]
    moved = [{**dry[0], "position": position, "height": 0.1}, *dry[1:]]
    own = {"bands": moved, "groups": table["groups"][:2], "windows": [], "factors": [], "notes": []}
    strongest = next(k for k, b in enumerate(moved) if b["height"] == 1)
    (window,) = shown(parse({**table, **own, "presets": [], "strongest": strongest}))["windows"]
    assert window["low"] == 100
    assert window["high"] >= max(b["position"] for b in moved) + 60
