"""The minerals there are: shipped ones and a person's own, each file on its own."""

from __future__ import annotations

import os

import pytest

import spectra_vae as sv
from spectra_vae.minerals import MineralError, read_mineral, unreadable_minerals

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


def test_a_shipped_name_means_the_shipped_mineral(own):
    with own("gypsum", OWN.replace("NAME", "gypsum")):
        assert sv.mineral("gypsum").formula == "CaSO4·2H2O" and not unreadable_minerals()


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
