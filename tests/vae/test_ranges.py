"""What varies in a training and what stands still, in everything that is simulated for it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.analysis.knowledge import knowledge
from spectra_vae.minerals import mineral
from spectra_vae.runs.evaluate import evaluation_set
from spectra_vae.vae.codes import training_codes
from spectra_vae.vae.conditions import conditions
from spectra_vae.vae.config import TrainConfig
from spectra_vae.vae.data import training_set
from spectra_vae.vae.ranges import values

NARROW = {"hydration": (0.5, 1.25), "crystallinity": (0.2, 0.8)}


def test_names_are_whole_ranges_and_nothing_is_all():
    m = mineral("gypsum")
    whole = {f.name: (f.low, f.high) for f in m.factors}
    assert TrainConfig().varying == TrainConfig(vary=[]).varying == whole
    named = TrainConfig(vary=["shift", "hydration"])
    assert named.vary == {"shift": (-8.0, 8.0), "hydration": (0.0, 1.5)} == named.varying
    assert named == TrainConfig(vary=named.vary)


def test_counts_are_the_qualitys_own_range():
    config = TrainConfig(vary=["hydration"], counts=(10.0, 100.0))
    assert "purity" in config.varying
    counts = training_set(replace(config, spectra=100)).counts
    assert counts.min() >= 10 and counts.max() <= 100 and np.ptp(counts) > 50


def test_a_narrowed_range_is_filled_to_its_ends_and_never_left():
    factor = mineral("gypsum").factor("hydration")
    codes = np.linspace(-5, 5, 201)
    found = values(factor, codes, NARROW)
    assert found.min() == pytest.approx(0.5, abs=1e-6) and found.max() == pytest.approx(1.25)
    assert (np.diff(found) >= 0).all()
    assert (values(factor, codes, {"shift": (0.0, 1.0)}) == factor.reference).all()
    whole = {"hydration": (factor.low, factor.high)}
    np.testing.assert_array_equal(values(factor, codes, whole), factor.value(codes))


def test_the_training_set_moves_only_what_varies(small):
    """Its spectra are those of two factors, the others at their reference."""
    config = small("unsupervised", vary=NARROW, spectra=200)
    data, m = training_set(config), mineral(config.mineral)
    assert (data.counts == np.float32(10 ** m.factor("purity").reference)).all()
    drawn = np.random.default_rng(config.seed)
    codes = training_codes(200, len(m.factors), drawn)
    at = [f.name for f in m.factors]
    moved = {k: values(m.factor(k), codes[:, at.index(k)], NARROW) for k in NARROW}
    truth = m.spectrum(data.wavenumber, **moved)
    np.testing.assert_allclose(data.clean, truth, atol=1e-5)


def test_guided_codes_are_those_of_the_narrowed_values(small):
    config = small("guided", vary=NARROW, guided={"hydration": 3}, spectra=100)
    factor = mineral(config.mineral).factor("hydration")
    told = factor.value(training_set(config).codes[:, 3])
    assert told.min() >= 0.5 - 1e-4 and told.max() <= 1.25 + 1e-4


def test_pairs_differ_in_what_varies():
    config = TrainConfig(supervision="ada", vary=["shift", "hydration", "purity"])
    assert config.paired_factors == ("hydration", "shift")


def test_a_simulation_is_told_what_stands_still(small):
    assert conditions(small("guided"), 10) == {}
    told = conditions(small("unsupervised", vary={"hydration": (0.5, 1.0), "shift": (-8, 8)}), 10)
    assert "shift" not in told and told["intensity"] == 1.0 and told["purity"] == 3.0
    assert np.shape(told["hydration"]) == (10,) and np.min(told["hydration"]) >= 0.5
    fixed = sv.Instrument(power=10.0)
    assert "purity" not in conditions(
        small("guided", vary=["shift"], instrument=fixed, guided={"shift": 7}), 10
    )


def test_a_model_is_scored_on_what_varied(small, few, tmp_path):
    config = small("unsupervised", vary=NARROW, steps=5)
    with few():
        run = sv.train(config, folder=tmp_path / "narrow")
    vs = sv.load(run.folder)
    assert vs.config == config
    assert run.metrics["scores"]["factors"] == ["hydration", "crystallinity"]
    seen = evaluation_set(vs, 50).factors
    assert np.ptp(seen["shift"]) == 0 == np.ptp(seen["intensity"])
    assert seen["hydration"].min() >= 0.5 and seen["hydration"].max() <= 1.25
    assert set(knowledge(vs).factors) == {"hydration", "crystallinity"}
