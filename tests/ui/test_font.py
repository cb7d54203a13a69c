"""The page's font: cut to what is shown, once a home."""

from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

import spectra_vae
from spectra_vae.ui import font
from spectra_vae.ui.palette import vendor_files

PACKAGE = Path(spectra_vae.__file__).parent
WRITTEN = (*PACKAGE.rglob("*.toml"), *PACKAGE.parent.glob("assets/**/*.js"))


@pytest.fixture(scope="module")
def cut():
    return font.inter()


def test_it_is_a_sixth_and_keeps_its_weights_and_sizes(cut):
    assert len(cut) < 150_000
    with TTFont(BytesIO(cut)) as small:
        assert {axis.axisTag for axis in small["fvar"].axes} == {"wght", "opsz"}


def test_every_character_that_is_written_somewhere_is_in_it(cut):
    with TTFont(BytesIO(cut)) as small, TTFont(vendor_files()["inter.ttf"], lazy=True) as whole:
        has, could = set(small.getBestCmap()), set(whole.getBestCmap())
    used = {ord(c) for file in WRITTEN for c in file.read_text(encoding="utf-8")}
    assert not {chr(c) for c in (used & could) - has}


def test_it_is_cut_once(cut, home, monkeypatch):
    monkeypatch.setattr(font, "_cut", lambda whole: pytest.fail("cut again"))
    assert font.inter() == cut
    assert len(list((home / "cache").glob("inter-*.woff"))) == 1


def test_a_home_that_keeps_nothing_has_a_font_all_the_same(cut, tmp_path, monkeypatch):
    (tmp_path / "cache").write_text("no folder")
    monkeypatch.setenv("SPECTRA_VAE_HOME", str(tmp_path))
    monkeypatch.setattr(font, "_cut", lambda whole: cut)
    assert font.inter() == cut
