"""The minerals that ship: read at once, with sources, in series, on axes that resolve them."""

from __future__ import annotations

import re
import time
import tomllib
from collections import defaultdict
from importlib import resources

import numpy as np

import spectra_vae as sv
from spectra_vae.minerals import mineral, parse
from spectra_vae.minerals.store import shipped_minerals

NAMES = shipped_minerals()
LIBRARY = tuple(name for name in NAMES if name != "gypsum")  # its table is its models', too
STANDARDS = {"polystyrene", "silicon"}
HUES = {"water", "lattice", "sulfate", "carbonate", "silicate", "oxide", "phosphate", "other"}
SERIES = {
    "CaSO4·nH2O": {"anhydrite": 0, "anhydrite-iii": 0, "bassanite": 0.5, "gypsum": 2},
    "MgSO4·nH2O": {"kieserite": 1, "starkeyite": 4, "hexahydrite": 6, "epsomite": 7},
    "Na2SO4·nH2O": {"thenardite": 0, "mirabilite": 10},
    "FeSO4·nH2O": {"szomolnokite": 1, "rozenite": 4, "melanterite": 7},
    "CuSO4·nH2O": {"chalcanthite": 5},
    "Na2CO3·nH2O": {"natrite": 0, "thermonatrite": 1, "natron": 10},
    "CaCO3·nH2O": {"monohydrocalcite": 1, "ikaite": 6},
    "CaC2O4·nH2O": {"whewellite": 1, "weddellite": 2},
}


def content(name):
    file = resources.files("spectra_vae.minerals").joinpath("data", f"{name}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def waters(formula):
    """n of MX·nH2O as the formula has it."""
    found = re.search(r"·(½|\d*)H2O$", formula)
    return {"½": 0.5, "": 1.0}.get(found[1]) or float(found[1]) if found else 0.0


def test_there_are_many_and_all_are_listed():
    assert len(NAMES) >= 80 and {*NAMES} <= {*sv.minerals()} and {*NAMES} >= STANDARDS


def test_all_are_read_within_a_second():
    tables = [content(name) for name in NAMES]
    start = time.process_time()
    for table in tables:
        parse(table)
    parsed = time.process_time() - start
    start = time.process_time()
    for name in NAMES:
        content(name)
    assert parsed + time.process_time() - start <= 1.0


def test_a_table_is_whole():
    for name in NAMES:
        m = mineral(name)
        assert m.name == name == name.lower() and m.formula and m.family, name
        assert {"en", "it"} <= m.label.texts.keys(), name
        assert m.main.height == 1.0 and [b.height for b in m.bands].count(1.0) == 1, name
        positions = [b["position"] for b in content(name)["bands"]]
        assert positions == sorted(positions) and min(positions) >= 100, name


def test_every_band_says_how_it_is_known():
    for name in LIBRARY:
        for b in mineral(name).bands:
            published = re.search(r"doi |\d{4}|database|band list", b.source)
            assert "measured: " in b.source or "from memory" in b.source or published, name
            assert not re.search(r"(^|[ .])files? ", b.assignment + b.name), name


def test_hydration_is_there_where_water_is_and_only_there():
    for name in NAMES:
        m = mineral(name)
        wet = [g.key for g in m.groups if g.kind == "water"]
        assert [f.group for f in m.strengths] == wet[:1] and len(wet) <= 1, name
        assert bool(wet) <= (m.hydration_number > 0), f"{name}: OH without water is hydroxyl"
        if m.hydration_number:
            assert waters(m.formula) == m.hydration_number, name


def test_groups_have_hues_of_the_palette_and_spans_apart():
    for name in NAMES:
        m = mineral(name)
        assert {g.hue for g in m.groups} <= HUES, name
        assert {b.group for b in m.bands} == {g.key for g in m.groups}, name
        assert m.main.group in m.spans, name
        ends = sorted(m.spans.values())
        assert all(a[1] <= b[0] for a, b in zip(ends, ends[1:], strict=False)), name


def test_series_are_whole():
    found = defaultdict(dict)
    for name in NAMES:
        m = mineral(name)
        if m.family.endswith("·nH2O"):
            found[m.family][name] = m.hydration_number
            assert m.formula.partition("·")[0] == m.family.removesuffix("·nH2O")
    assert found == SERIES


def test_the_axis_resolves_every_band_at_its_narrowest():
    for name in NAMES:
        m = mineral(name)
        x, narrow, far = m.axis, m.widths(crystallinity=1.0), m.factor("shift").high
        assert (np.diff(x) > 0).all() and len(x) < 1500, name
        for shift in np.linspace(-far, far, 7):
            for b, width in zip(m.bands, narrow, strict=True):
                at = b.position + shift
                inside = np.abs(x - at) <= width / 2
                assert inside.sum() >= 3 or at - width / 2 < x[0], (name, b.position)


def test_the_windows_hold_every_band():
    for name in NAMES:
        m = mineral(name)
        for b in m.bands:
            assert any(w.low <= b.position <= w.high for w in m.windows) or b.height < 0.01, name


def test_lookalikes_are_minerals_of_the_library_where_they_stand():
    for name in LIBRARY:
        m = mineral(name)
        for other in m.lookalikes:
            assert other.position == mineral(other.name).main.position, name
            assert abs(other.position - m.main.position) <= 20, name
            assert other.label == mineral(other.name).label, name


def test_the_shift_follows_the_narrowest_strong_band():
    for name, far in {"barite": 6.6, "magnetite": 20.0, "quartz": 6.6}.items():
        assert mineral(name).factor("shift").high == far
