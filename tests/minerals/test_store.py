"""The minerals there are: shipped ones and a person's own, each file on its own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import spectra_vae as sv
from spectra_vae.minerals import MineralError, read_mineral, unreadable_minerals
from spectra_vae.minerals.store import own_minerals

OWN = """
name = "NAME"
formula = "XO"
[[bands]]
name = "F"
position = 505.0
height = 1.0
width = 12.0
mixing = 0.6
group = "lattice"
"""


@pytest.mark.parametrize("name", ["own", "Mine-2", "perché"])
def test_a_mineral_of_ones_own_is_there_at_once(own, name):
    with own(name, OWN.replace("NAME", name)):
        assert name in sv.minerals()
        assert len(sv.simulate(name, 2)) == 2
    assert name not in sv.minerals()


def test_a_file_that_changed_is_read_again(own):
    with own("own", OWN.replace("NAME", "own")) as file:
        first = sv.mineral("own")
        assert sv.mineral("own") is first
        file.write_text(OWN.replace("NAME", "own").replace("505.0", "606.0"), encoding="utf-8")
        os.utime(file, ns=(1, 1))
        assert sv.mineral("own").main.position == 606


def test_a_broken_file_gets_its_sentence_and_the_others_go_on(own, refused):
    with own("own", OWN.replace("NAME", "own")), own("broken", "name = ["):
        assert "own" in sv.minerals() and "broken" not in sv.minerals()
        assert set(unreadable_minerals()) == {"broken"}
        with refused(MineralError) as caught:
            sv.mineral("broken")
        assert "broken.toml" in str(caught.value)


def test_a_name_that_models_ship_for_means_the_shipped_mineral(own):
    with own("gypsum", OWN.replace("NAME", "gypsum")):
        assert sv.mineral("gypsum").formula == "CaSO4·2H2O" and not unreadable_minerals()


def test_ones_own_takes_the_place_of_a_shipped_one(own):
    shipped, names = sv.mineral("quartz"), sv.minerals()
    with own("quartz", OWN.replace("NAME", "quartz")):
        assert sv.mineral("quartz").formula == "XO" and sv.minerals() == names
        assert own_minerals() == ("quartz",)
    assert sv.mineral("quartz") is shipped and own_minerals() == ()


def test_a_shipped_one_stands_while_ones_own_can_not_be_read(own):
    with own("quartz", "name = ["):
        assert sv.mineral("quartz").formula == "SiO2" and "quartz" in sv.minerals()
        assert set(unreadable_minerals()) == {"quartz"}


def test_an_unknown_name_is_told_those_that_are_like_it(refused):
    with refused(MineralError) as caught:
        sv.mineral("Calcit")
    assert "calcite" in str(caught.value)


def test_names_are_listed_without_reading_a_table():
    code = (
        "import spectra_vae as sv\nfrom spectra_vae.minerals import store\n"
        "assert len(sv.minerals()) > 50\nprint(store.shipped_mineral.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"


@pytest.mark.parametrize(
    "content",
    [
        OWN.replace("NAME", "another").encode(),
        b"\xff\xfe\x00",
        b"= 3",
        b"#" * 300_000,
        b"a = " + b"[" * 50_000,
        b"",
    ],
    ids=["another name", "no text", "no toml", "too large", "too deep", "empty"],
)
def test_a_file_that_is_no_mineral_is_refused(tmp_path, content, refused):
    file = tmp_path / "own.toml"
    file.write_bytes(content)
    with refused(MineralError):
        read_mineral(file)


@pytest.mark.parametrize("name", ["../gypsum", "", "a/b", "x" * 300, "a\0b"])
def test_what_is_no_name_is_unknown(name, refused):
    with refused(MineralError):
        sv.mineral(name)
