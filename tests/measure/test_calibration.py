"""Calibrated intervals cover; a calibration is kept, and only for the weights it was made for."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import pytest

from spectra_vae.measure.calibrate import truths
from spectra_vae.measure.report import unknown_response
from spectra_vae.measure.report.calibration import FILE, Calibration
from spectra_vae.simulation.dirty import simulate_dirty
from spectra_vae.simulation.nuisances import Nuisances
from spectra_vae.simulation.trials import trials
from spectra_vae.spectra.spectrum import Spectrum

ONE = Calibration(
    "abc",
    (1.0, 2.0, 3.0),
    {"shift": {"plain": (1.0, 2.0, 1.0), "oriented": (3.0, 3.0, 3.0)}},
    (0.0, 0.5, 1.0),
    ((0.0, 0.2, 0.4), (0.0, 0.2, 0.4), (0.1, 0.3, 0.5)),
    {"shift": 0.25},
)

# What bands have in common allows that they differ as nature's do: here none does, and it holds.
COMMON = {"shift", "crystallinity"}


@pytest.mark.parametrize(
    ("counts", "scale"), [(0.0, 1.0), (1.0, 1.0), (1.5, 1.5), (2.0, 2.0), (2.75, 1.25), (9.0, 1.0)]
)
def test_scales_are_interpolated_and_held_at_the_ends(counts, scale):
    assert ONE.scale("shift", counts, False) == pytest.approx(scale)
    assert ONE.scale("shift", counts, True) == 3.0 and ONE.scale("other", counts, False) == 1.0


def test_one_without_floors_holds_and_has_none(tmp_path):
    assert ONE.floor("shift") == 0.25 and ONE.floor("other") == 0.0
    told = {k: v for k, v in asdict(ONE).items() if k != "floors"}
    (tmp_path / FILE).write_text(json.dumps(told))
    found = Calibration.load(tmp_path, "abc")
    assert found.scales == ONE.scales and found.floor("shift") == 0.0


def test_no_interval_is_narrower_than_the_models_own_errors(vs):
    x = np.arange(100.0, 4000.0)
    y = vs.mineral.spectrum(x, hydration=0.8, crystallinity=0.6, shift=1.0)
    r = vs.restore(Spectrum(x, np.random.default_rng(0).poisson(1e8 * y) / 1e8))
    for name in ("hydration", "crystallinity", "shift"):
        one = r.estimates[name]
        assert one.high - one.low > 1.4 * vs.calibration.floor(name) > 0


def test_a_percentile_grows_with_the_score():
    found = [ONE.percentile(score, 1.5) for score in (-1.0, 0.1, 0.2, 0.3, 0.9)]
    assert found == pytest.approx([0.0, 0.25, 0.5, 0.75, 0.999])
    assert Calibration().percentile(0.3, 2.0) is None


def test_it_is_kept_beside_the_weights_and_only_for_them(tmp_path):
    ONE.save(tmp_path)
    assert Calibration.load(tmp_path, "abc") == ONE
    assert Calibration.load(tmp_path, "other") == Calibration()
    for broken in ("{", "[]", '{"digest": "abc"}', '{"digest": "abc", "counts": 3}'):
        (tmp_path / FILE).write_text(broken)
        assert Calibration.load(tmp_path, "abc") == Calibration()
    (tmp_path / FILE).unlink()
    assert Calibration.load(tmp_path, "abc") == Calibration()


def test_the_shipped_model_is_calibrated(vs):
    assert vs.calibration.digest == vs.digest and vs.calibration.scales


@pytest.mark.parametrize("orientation", [None, (0.4, 2.5)], ids=["plain", "oriented"])
def test_intervals_cover(vs, orientation, monkeypatch):
    monkeypatch.setattr(unknown_response, "CALIBRATED", 1.0)  # as these simulated instruments are
    data = trials(
        vs.mineral, vs.wavenumber, 200, (100.0, 10_000.0), 21, orientation=orientation, middle=1.0
    )
    hits: dict[str, list[bool]] = {}
    for k, r in enumerate(vs.restore(data.spectra)):
        truth = truths(vs, data, k)
        for name, one in {**r.estimates, **r.quantities}.items():
            if one.known:
                hits.setdefault(name, []).append(one.low <= truth[name] <= one.high)
    assert hits.keys() >= {"hydration", "crystallinity", "shift", "purity", "position", "ratio"}
    for name, inside in hits.items():
        assert 0.82 <= np.mean(inside) <= (1.0 if name in COMMON else 0.97), name


def test_a_strength_allows_for_an_instrument_s_unknown_response(vs):
    tilted = Nuisances(response=0.15)
    truth = {"hydration": np.linspace(0.2, 1.3, 24), "purity": np.full(24, 3.5)}
    data = simulate_dirty(vs.mineral, 24, nuisances=tilted, seed=4, factors=truth)
    found = [r.estimates["hydration"] for r in vs.restore(data.spectra)]
    held = [e.low <= t <= e.high for e, t in zip(found, truth["hydration"], strict=True) if e.known]
    assert len(held) > 20 and np.mean(held) > 0.8
