"""A table is read whole, written again, and refused in a sentence where it can't be meant."""

from __future__ import annotations

import copy
import json

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.minerals import MineralError, parse, to_table

BAND = {"name": "ν", "position": 900.0, "height": 1.0, "width": 6.0, "mixing": 0.5, "group": "g"}
OTHER = {**BAND, "position": 1200.0, "height": 0.2}
WATER = {**BAND, "position": 3400.0, "height": 0.1, "width": 40.0, "group": "w"}
WIDTH = {"name": "order", "effect": "width", "low": 0.0, "reference": 0.5, "high": 1.0}
LEAST = {"name": "least", "formula": "X", "bands": [BAND]}


def changed(path, value, table):
    """``table`` with one field set, its place told as ``bands.0.width``."""
    found = copy.deepcopy(table)
    *way, last = path.split(".")
    at = found
    for step in way:
        at = at[int(step)] if isinstance(at, list) else at.setdefault(step, {})
    at[int(last) if isinstance(at, list) else last] = value
    return found


def test_the_least_table_has_all_that_a_model_needs():
    m = parse(LEAST)
    assert [f.name for f in m.factors] == ["crystallinity", "shift", "intensity", "purity"]
    assert m.label.within("it") == "least" and m.resolution == 4.0 and m.main.position == 900
    assert m.lens.low < 900 < m.lens.high and m.windows[0].low < 900 < m.windows[-1].high
    assert [p.name for p in m.presets] == ["reference", "crystalline", "amorphous"]
    assert np.isfinite(m.spectrum(m.axis)).all()


def test_water_brings_hydration_and_a_window_of_its_own():
    groups = [{"key": "g", "kind": "anion"}, {"key": "w", "kind": "water"}]
    m = parse({**LEAST, "bands": [BAND, WATER], "groups": groups})
    assert [(f.name, f.group) for f in m.strengths] == [("hydration", "w")]
    assert len(m.windows) == 2 and m.windows[1].low < 3400 < m.windows[1].high
    assert m.hue(m.factor("hydration")) == "water"


def test_bands_come_in_order_and_the_strongest_is_found_wherever_it_stands():
    m = parse({**LEAST, "bands": [OTHER, BAND]})
    assert [b.position for b in m.bands] == [900, 1200] and m.strongest == 0
    assert parse({**LEAST, "bands": [OTHER, BAND], "strongest": 1}).main == m.main


def test_several_strengths_each_move_their_group():
    strengths = [
        {"name": n, "effect": "strength", "group": g, "low": 0.0, "reference": 1.0, "high": 2.0}
        for n, g in (("one", "g"), ("two", "w"))
    ]
    m = parse({**LEAST, "bands": [BAND, WATER], "factors": strengths})
    parts = m.parts([900.0, 3400.0], {"one": 0.5, "two": 2.0})
    np.testing.assert_allclose(np.diag(parts), [0.5, 0.2])
    assert m.free_groups == ("g", "w")


def test_a_table_is_written_as_it_is_read(either):
    assert parse(json.loads(json.dumps(to_table(either), allow_nan=False))) == either


def test_a_reference_is_read_and_written_and_tells_what_it_shows():
    told = {"files": 2, "low": 200.0, "high": 1800.0, "faintest": 0.02}
    m = parse({**LEAST, "reference": told})
    assert m.reference is not None and m.reference.files == 2
    assert parse(json.loads(json.dumps(to_table(m)))) == m
    assert "reference" not in to_table(parse(LEAST))
    places = ((900.0, 0.1), (900.0, 0.01), (150.0, 1.0), (1900.0, 1.0))
    assert [m.reference.shows(*one) for one in places] == [True, False, False, False]


def test_a_derived_axis_resolves_every_band_at_its_narrowest(calcite):
    x = calcite.axis
    assert x[0] == 100 and x[-1] == 4000 and (np.diff(x) > 0).all() and len(x) < 1500
    for shift in np.linspace(-6.6, 6.6, 23):
        narrow = calcite.widths(crystallinity=1.0)
        for b, width in zip(calcite.bands, narrow, strict=True):
            assert (np.abs(x - b.position - shift) <= width / 2).sum() >= 3
        main = calcite.main
        assert (np.abs(x - main.position - shift) <= main.width / 2).sum() >= 5


LABELLED = {**LEAST, "groups": [{"key": "g"}], "factors": [WIDTH]}
WRONG = {
    "negative width": ("bands.0.width", -1.0),
    "negative height": ("bands.0.height", -0.1),
    "mixing below": ("bands.0.mixing", -0.1),
    "mixing beyond": ("bands.0.mixing", 3.0),
    "no finite number": ("bands.0.position", float("nan")),
    "infinite": ("bands.0.width", float("inf")),
    "no number": ("bands.0.width", "wide"),
    "true": ("bands.0.width", True),
    "main height not 1": ("bands.0.height", 0.9),
    "two main bands": ("bands", [BAND, {**OTHER, "height": 1.0}]),
    "another strongest": ("strongest", 7),
    "strongest by name": ("strongest", "ν"),
    "the same band twice": ("bands", [BAND, {**BAND, "height": 0.5}]),
    "no bands": ("bands", []),
    "bands that are none": ("bands", "many"),
    "a band that is none": ("bands", [3]),
    "too many bands": ("bands", [{**OTHER, "position": 10.0 + k} for k in range(201)]),
    "unknown field": ("colour", "white"),
    "unknown field of a band": ("bands.0.colour", "white"),
    "unknown field of a factor": ("factors.0.speed", 1.0),
    "no formula": ("formula", ""),
    "a name that is no word": ("name", "../x"),
    "a name with a space": ("name", "a b"),
    "no name": ("name", 3),
    "two lines": ("formula", "a\nb"),
    "reference outside": ("factors.0.reference", 2.0),
    "reference at its end": ("factors.0.reference", 1.0),
    "ends turned round": ("factors.0.low", 5.0),
    "no range": ("factors", [{**WIDTH, "low": 0.5, "high": 0.5}]),
    "unknown effect": ("factors.0.effect", "magic"),
    "duplicate factors": ("factors", [WIDTH, {**WIDTH, "effect": "scale"}]),
    "an effect twice": ("factors", [WIDTH, {**WIDTH, "name": "again"}]),
    "a strength of no group": ("factors", [WIDTH, {**WIDTH, "name": "s", "effect": "strength"}]),
    "a strength of an unknown group": (
        "factors",
        [WIDTH, {**WIDTH, "name": "s", "effect": "strength", "group": "nobody"}],
    ),
    "nothing moves": ("factors", [{**WIDTH, "effect": "counts"}]),
    "a band of an undeclared group": ("bands.0.group", "nobody"),
    "duplicate groups": ("groups", [{"key": "g"}, {"key": "g"}]),
    "unknown kind": ("groups.0.kind", "plasma"),
    "a span upside down": ("groups.0.span", [900.0, 100.0]),
    "a span of three": ("groups.0.span", [1.0, 2.0, 3.0]),
    "a window upside down": ("windows", [{"low": 900.0, "high": 100.0}]),
    "a reference of no file": ("reference", {"files": 0, "low": 1.0, "high": 2.0, "faintest": 0.1}),
    "a lens upside down": ("lens", {"low": 900.0, "high": 100.0}),
    "an axis with a gap": (
        "axis",
        [{"low": 100.0, "high": 900.0, "step": 1.0}, {"low": 950.0, "high": 999.0, "step": 1.0}],
    ),
    "an endless axis": ("axis", [{"low": 100.0, "high": 10_000.0, "step": 0.1}]),
    "a preset of nothing": ("presets", [{"name": "p", "factors": {"magic": 1.0}}]),
    "a preset beyond": ("presets", [{"name": "p", "factors": {"order": 9.0}}]),
    "a label in no language": ("label", {"xx": "y"}),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_can_not_be_meant_is_refused(case, refused):
    path, value = WRONG[case]
    assert parse(LABELLED)
    with refused(MineralError):
        parse(changed(path, value, LABELLED))


@pytest.mark.parametrize("missing", ["name", "formula"])
def test_what_is_lacking_is_named(missing, refused):
    with refused(MineralError) as caught:
        parse({k: v for k, v in LEAST.items() if k != missing})
    assert missing in str(caught.value)


def test_a_refusal_says_which_band(refused):
    with refused(MineralError) as caught:
        parse({**LEAST, "bands": [BAND, {**OTHER, "width": -2.0}]})
    assert "band 2" in str(caught.value) and "width" in str(caught.value)


@pytest.mark.parametrize("name", sv.minerals())
def test_what_ships_says_where_it_is_from(name):
    m = sv.mineral(name)
    assert all(b.source and b.assignment for b in m.bands)
    assert all({"en", "it"} <= g.label.texts.keys() for g in m.groups)
