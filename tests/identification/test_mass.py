"""Shares of mass: told where every phase's table says how strongly it scatters, and only there."""

from __future__ import annotations

import json

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.cli.identify import report
from spectra_vae.minerals import MineralError, Scattering, parse, to_table
from spectra_vae.text.message import LANGUAGES, say

X = np.arange(120.0, 1300.0, 1.5)
TABLE = """
name = "NAME"
formula = "XO"
bands = [
  { name = "a", position = FIRST, height = 1.0, width = 9.0, mixing = 0.6, group = "lattice" },
  { name = "b", position = SECOND, height = 0.5, width = 12.0, mixing = 0.6, group = "lattice" },
]
"""
MEASURED = 'scattering = { factor = FACTOR, error = 0.1, standard = "bright", source = "made up" }'


def table(name, first, second, factor=None):
    told = TABLE.replace("NAME", name).replace("FIRST", first).replace("SECOND", second)
    return told + ("" if factor is None else MEASURED.replace("FACTOR", factor))


@pytest.fixture
def bright(own):
    with own("bright", table("bright", "450.0", "910.0", "1.0")):
        yield


@pytest.fixture
def mixture():
    y = sv.mineral("bright").spectrum(X) + sv.mineral("dim").spectrum(X)
    noise = np.random.default_rng(0).normal(0, 0.01, len(X))
    return sv.Spectrum(X, 1000 * (y + 0.3 + X / 3000 + noise))


def test_shares_of_mass_stand_beside_those_of_area(own, bright, request):
    with own("dim", table("dim", "620.0", "1100.0", "0.25")):
        found = sv.identify(request.getfixturevalue("mixture"), ["bright", "dim"])
    masses = {p.mineral: p.mass for p in found.phases}
    areas = {p.mineral: p.fraction for p in found.phases}
    assert areas["dim"] == pytest.approx(0.5, abs=0.05)
    assert masses["dim"].low < 0.8 < masses["dim"].high  # 1 ÷ .25 against 1 ÷ 1
    assert masses["dim"].value == pytest.approx(0.8, abs=0.04)
    assert masses["bright"].value + masses["dim"].value == pytest.approx(1.0)
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["phases"][0]["mass"]["value"] == masses[found.phases[0].mineral].value
    assert "fraction of mass 0.7" in found.to_csv() or "fraction of mass 0.8" in found.to_csv()
    assert "of mass" in report("stone.txt", found)
    check = next(c for c in found.checks if c.code == "identify.masses")
    for language in LANGUAGES:
        assert "made up" in say(check, language) and "dim" in say(check, language)


@pytest.mark.parametrize("other", [None, "scattering of another standard"])
def test_no_mass_where_factors_cannot_be_compared(own, bright, other, request):
    text = table("dim", "620.0", "1100.0", other and "0.25").replace('"bright"', '"quartz"')
    with own("dim", text):
        found = sv.identify(request.getfixturevalue("mixture"), ["bright", "dim"])
    assert [p.mass for p in found.phases] == [None, None]
    assert [c.code for c in found.checks] == ["identify.fractions"]
    assert "of mass" not in report("stone.txt", found) and "of mass" not in found.to_csv()


def test_no_shipped_table_has_a_factor():
    assert all(sv.mineral(name).scattering is None for name in sv.minerals())
    assert "scattering" not in to_table(sv.mineral("quartz"))


def test_the_field_is_read_whole_and_written_again(refused):
    given = {"factor": 2.0, "error": 0.1, "standard": "quartz", "source": "made up"}
    band = {"name": "a", "position": 500.0, "height": 1.0, "width": 9.0, "mixing": 0.5}
    least = {"name": "least", "formula": "X", "bands": [{**band, "group": "g"}]}
    m = parse({**least, "scattering": given})
    assert m.scattering == Scattering(**given) and parse(to_table(m)) == m
    wrong = [{k: v for k, v in given.items() if k != missing} for missing in given]
    wrong += [{**given, "factor": 0.0}, {**given, "error": -1.0}, {**given, "laser": 532.0}, 3.0]
    for one in wrong:
        with refused(MineralError) as caught:
            parse({**least, "scattering": one})
        assert "scattering" in str(caught.value)
