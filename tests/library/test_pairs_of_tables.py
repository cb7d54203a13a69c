"""All pairs of tables at once: the right pair first, and as a slow plain search has it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import nnls

import spectra_vae as sv
from spectra_vae.library.identify import pairs as module
from spectra_vae.library.identify.pairs import pairs
from spectra_vae.library.identify.scanned import coarse, scanned
from spectra_vae.library.identify.templates import BLURS, Templates
from spectra_vae.measure.mixture.part import Part
from spectra_vae.minerals import mineral, minerals

X = np.arange(120.0, 1300.0, 1.3)
TWO = (("gypsum", "calcite"), ("barite", "quartz"), ("mirabilite", "arcanite"))


@pytest.fixture(scope="module")
def templates():
    return Templates.of([Part.of(mineral(name)) for name in minerals()])


def measured(shares, shift=0.0):
    """A made measurement over a bent background."""
    y = sum(share * mineral(n).parts(X - shift, {}).sum(-2) for n, share in shares.items())
    noise = np.random.default_rng(3).normal(0, 0.01, len(X))
    return sv.Spectrum(X, 1000 * (y + 0.4 + 0.3 * np.sin(X / 400) + noise))


@pytest.mark.parametrize("two", TWO)
def test_the_right_pair_comes_first_the_stronger_first(two, templates):
    _, scan = scanned(measured({two[1]: 0.35, two[0]: 0.65}, shift=2.0))
    best = pairs(scan, templates, 1)[0]
    assert tuple(part.name for part in best.parts) == two
    assert best.gains[0] > best.gains[1] > 0
    assert best.shift == pytest.approx(2.0, abs=2.0)


def test_it_is_worth_what_a_slow_search_says(templates):
    few = Templates(templates.parts[:9], templates.curves[:9])
    one, other = few.parts[2].name, few.parts[7].name
    _, scan = scanned(measured({one: 0.5, other: 0.5}))
    found = pairs(scan, few, 1)[0]
    assert {part.name for part in found.parts} == {one, other}
    both, alone = slowly(scan, few, [2, 7]), max(slowly(scan, few, [t]) for t in range(9))
    assert found.worth == pytest.approx(both - alone, rel=1e-3)


def slowly(scan, templates, rows):
    """By how much −2 ln of the likelihood falls with these tables at best, gains not negative."""
    few = coarse(scan)
    weight = module._weight(few)
    prior = np.diag(1 / few.slack)
    found = []
    for shift in module.SHIFTS:
        for blur in BLURS:
            curves = templates.drawn(few.x - shift, blur, np.array(rows)) * weight
            under = (few.basis * weight[:, None]).T
            # a background of either sign, under its prior
            columns = np.vstack([curves, under, -under]).T
            below = np.hstack([np.zeros((len(prior), len(rows))), prior, -prior])
            target = np.concatenate([few.y * weight, np.zeros(len(prior))])
            left = nnls(np.vstack([columns, below]), target, maxiter=10_000)[1] ** 2
            bare = np.linalg.lstsq(np.vstack([under.T, prior]), target, rcond=None)[1][0]
            found.append(bare - left - (shift / module.AXIS) ** 2)
    return max(found)


def test_the_order_of_the_tables_is_nothing(templates):
    _, scan = scanned(measured({"gypsum": 0.6, "calcite": 0.4}))
    back = Templates(templates.parts[::-1], templates.curves[::-1])
    one, other = (pairs(scan, some, 3) for some in (templates, back))
    for a, b in zip(one, other, strict=True):
        assert [p.name for p in a.parts] == [p.name for p in b.parts]
        assert a.worth == pytest.approx(b.worth, rel=1e-4)


def test_of_many_tables_the_promising_are_tried(templates):
    _, scan = scanned(measured({"gypsum": 0.5, "calcite": 0.5}))
    many = Templates(templates.parts * 24, np.tile(templates.curves, (24, 1, 1)))
    assert {p.name for p in pairs(scan, many, 1)[0].parts} == {"gypsum", "calcite"}


def test_nothing_makes_no_pair(templates):
    noise = np.random.default_rng(0).normal(0, 1, len(X))
    _, scan = scanned(sv.Spectrum(X, 100.0 + noise))
    assert all(one.worth > 0 for one in pairs(scan, templates, 4))
    assert pairs(scan, Templates((), templates.curves[:0]), 4) == []
