"""Phases fitted together: slopes, gains, fractions, limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spectra_vae.measure.mixture.evidence import evidence, robust_sigma
from spectra_vae.measure.mixture.fit import fit
from spectra_vae.measure.mixture.fitted import Fit, shapes
from spectra_vae.measure.mixture.fractions import fractions, gains
from spectra_vae.measure.mixture.mixture import begin
from spectra_vae.measure.mixture.part import Part
from spectra_vae.measure.mixture.phases import Next, misfit_of, phases, settled, sigma_of
from spectra_vae.measure.mixture.scan import Scan
from spectra_vae.measure.mixture.shaped import MIXING, shaped
from spectra_vae.minerals import mineral
from spectra_vae.minerals.profile import unit_area

X = np.arange(120.0, 1250.0, 1.5)
NOISE = 0.01


def part(name):
    whole = Part.of(mineral(name))
    return whole.take((whole.position > X[0]) & (whole.position < X[-1]))


def scan_of(shares, noise=NOISE, seed=0):
    """A measurement of minerals by their shares, on a sloping background."""
    y = sum(share * mineral(name).spectrum(X) for name, share in shares.items())
    y = y / y.max() + np.random.default_rng(seed).normal(0, noise, len(X))
    basis = np.stack([np.ones_like(X), X / X.max()], axis=1)
    return Scan(
        x=X,
        y=y + 0.02,
        usable=np.ones(len(X), bool),
        noise=noise,
        shared=1.0,
        basis=basis,
        slack=np.full(2, 0.1),
        unit=1.0,
        under=np.zeros(len(X)),
    )


def test_the_step_follows_the_slopes():
    scan = scan_of({"gypsum": 0.6, "calcite": 0.4})
    sigma = sigma_of(scan, 0.05)
    parts = [part("gypsum"), part("calcite")]
    here = fit(scan, begin(scan, parts, 0.5, [0.7, 0.5]), sigma, 0)
    m = here.mixture
    count = len(parts)
    where = {("file", 0): 0, ("file", 1): 1, ("phases", (0, 0)): 3, ("phases", (1, 1)): 6}
    where |= {("bands", (2, 0)): 3 + 3 * count + 2, ("background", 1): len(here.pull) - 1}
    for (name, at), index in where.items():
        moved = getattr(m, name).copy()
        moved[at] += 1e-4
        there = fit(scan, replace(m, **{name: moved}), sigma, 0)
        slope = (there.cost - here.cost) / 1e-4
        assert slope == pytest.approx(-2 * here.pull[index], rel=0.02, abs=0.5)


def test_a_fit_lowers_the_cost_and_leaves_noise():
    scan = scan_of({"gypsum": 1.0})
    start = begin(scan, [part("gypsum")], 1.0, [0.5])
    sigma = sigma_of(scan, 0.01)
    done = fit(scan, start, sigma)
    assert done.cost < fit(scan, start, sigma, 0).cost
    assert done.left.std() < 1.2 * NOISE


def test_two_phases_are_found_and_their_fractions_hold_the_truth():
    shares = {"gypsum": 0.7, "calcite": 0.3}
    scan = scan_of(shares)
    others = [part(name) for name in ("calcite", "barite", "quartz")]

    def search(done):
        taken = {p.name for p in done.mixture.parts}
        return [Next(one, 0.3, 0.0, 1.0) for one in others if one.name not in taken]

    start = settled(scan, begin(scan, [part("gypsum")], 0.0, [1.0]))
    mixed = phases(start, search, lambda before, after: True)
    done = mixed.fit
    assert mixed.tied == {}
    assert [p.name for p in done.mixture.parts] == ["gypsum", "calcite"]
    for found, share in zip(fractions(done), shares.values(), strict=True):
        assert found.low < share < found.high
        assert found.high - found.low < 0.3
    assert sum(one.value for one in fractions(done)) == pytest.approx(1.0)


def test_a_pure_mineral_stays_alone():
    scan = scan_of({"gypsum": 1.0})

    def search(done):
        taken = {p.name for p in done.mixture.parts}
        names = {"anhydrite", "bassanite", "calcite"} - taken
        return [Next(part(name), 0.1, 0.0, 1.0) for name in sorted(names)]

    start = settled(scan, begin(scan, [part("gypsum")], 0.0, [1.0]))
    done = phases(start, search, lambda before, after: True).fit
    assert len(done.mixture.parts) == 1
    assert fractions(done)[0].value == 1.0


def test_gains_do_not_hang_on_the_unit():
    scan = scan_of({"gypsum": 0.5, "calcite": 0.5})
    doubled = replace(scan, y=2 * scan.y, noise=2 * scan.noise, slack=2 * scan.slack)
    parts = [part("gypsum"), part("calcite")]
    one = settled(scan, begin(scan, parts, 0.0, [1.0, 1.0]))
    two = settled(doubled, begin(doubled, parts, 0.0, [2.0, 2.0]))
    difference = gains(two)[0] - gains(one)[0]
    np.testing.assert_allclose(difference, np.log(2), atol=0.05)


def test_what_is_missing_counts_against_a_mineral():
    scan = scan_of({"gypsum": 1.0})
    sigma = robust_sigma(scan)
    true, false = (
        evidence(fit(scan, begin(scan, [part(name)], 0.0, [1.0]), sigma))
        for name in ("gypsum", "anhydrite-iii")
    )
    assert true.explained > false.explained and false.scatter > true.scatter
    assert false.strain > true.strain


def test_a_foreign_line_shape_is_seen_as_misfit():
    scan = scan_of({"gypsum": 1.0}, noise=0.002)
    done = settled(scan, begin(scan, [part("gypsum")], 0.0, [1.0]))
    bent = scan.y + 0.1 * scan.y * np.sign(np.sin(X))
    other = settled(replace(scan, y=bent), done.mixture)
    assert misfit_of(other) > misfit_of(done)


def test_an_areas_error_knows_that_the_shape_is_unsure():
    """As the whole of shapes and all else, inverted, has it."""
    scan = scan_of({"gypsum": 0.7, "calcite": 0.3})
    start = begin(scan, [part("gypsum"), part("calcite")], 0.0, [0.7, 0.3])
    done = shaped(fit(scan, start, sigma_of(scan, 0.01)), 0.003)
    position, height, width, mixing = done.mixture.placed(scan)
    _, gauss, lorentz = shapes(scan.x, position, width)
    by_share = (height[:, None] * (lorentz - gauss) * done.weight).T
    alone = Fit(scan, done.mixture, done.sigma, done.left, done.cost, done.misfit)
    cross, count = alone.pulled(by_share), len(mixing)
    corner = by_share.T @ by_share + np.eye(count) / MIXING**2
    every = np.linalg.inv(np.block([[alone.curvature, cross], [cross.T, corner]]))
    by_size = alone.follow[:count] + alone.follow[2 * count :]
    larger = np.diag((unit_area(1.0) - unit_area(0.0)) / unit_area(mixing))
    rows = np.hstack([by_size, larger])
    wanted = np.sqrt(np.diag(rows @ every @ rows.T))
    np.testing.assert_allclose(done.area_spread, wanted, rtol=1e-6)
    assert (done.area_spread > 0).all()
