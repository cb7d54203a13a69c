"""``docs/add-an-effect.md``, performed: one file, and the engine does the rest."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.minerals import effects as package
from spectra_vae.minerals.effects import effects
from spectra_vae.recipes import recipe

PAGE = (Path(__file__).parents[2] / "docs" / "add-an-effect.md").read_text(encoding="utf-8")
TABLE = """
[[factors]]
name = "crystallinity"
effect = "width"
widest = 3.0
low = 0.0
reference = 0.755
high = 1.0

[[factors]]
name = "shift"
effect = "position"
low = -6.0
reference = 0.0
high = 6.0

[[factors]]
name = "purity"
effect = "counts"
low = 1.5
reference = 3.0
high = 4.5

"""
SHORT = {"spectra": 500, "steps": 60, "batch": 64, "encoder": (64,), "decoder": (32, 96)}


def block(language):
    """What the page shows in a language."""
    return re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[1]


@pytest.fixture
def softening(tmp_path, monkeypatch):
    """The page's file, in a folder of effects."""
    (tmp_path / "softening.py").write_text(block("python"), encoding="utf-8")
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    effects.cache_clear()
    yield effects()["softening"]
    effects.cache_clear()


def test_the_effects_that_ship():
    assert set(effects()) == {"strength", "width", "position", "scale", "counts"}
    assert all(kind.__doc__ for kind in effects().values())


def test_an_effect_is_one_file(softening, calcite, own, tmp_path):
    text = (Path(__file__).parent / "calcite.toml").read_text(encoding="utf-8")
    text = text.replace('name = "calcite"', 'name = "warm"') + TABLE + block("toml")
    with own("warm", text):
        m = sv.mineral("warm")
        assert isinstance(m.factor("warmth"), softening)
        moved = m.placed({"warmth": 5.0}).position - m.table["position"]
        assert moved.tolist() == [5.0 * (b.group == "lattice") for b in m.bands]
        assert set(sv.simulate("warm", 3).factors) >= {"warmth"}

        config = replace(recipe("warm"), **SHORT)
        assert config.guided["warmth"] == 2
        vs = sv.load(sv.train(config, folder=tmp_path / "warm").folder)
        assert np.isfinite(vs.decode(vs.code(warmth=3.0))).all()
        data = sv.simulate(m, 1, seed=1, factors={"purity": 4.0, "warmth": 2.0})
        found = vs.restore(sv.Spectrum(data.wavenumber, data.dirty[0])).estimates["warmth"]
        assert found.note.code in ("note.own", "note.another", "note.no_information")
        assert len(vs.command_map().commands) == 8
