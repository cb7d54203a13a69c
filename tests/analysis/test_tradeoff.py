"""What a model spends on unseen spectra, and the bound of a linear one."""

from dataclasses import replace

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.analysis import tradeoff as module
from spectra_vae.analysis.tradeoff import denoising_eigenvalues, examples, through, tradeoff
from spectra_vae.recipes import recipe

TINY = {"spectra": 100, "batch": 16, "encoder": (8,), "decoder": (8,), "steps": 400}


@pytest.fixture(scope="module")
def model():
    return sv.load("gypsum-unsupervised")


def test_the_parts_are_the_rate(model, monkeypatch):
    monkeypatch.setattr(module, "SPECTRA", 300)
    monkeypatch.setattr(module, "DECOMPOSED", 300)
    found = tradeoff(model, model.config)
    parts = found["information"] + found["total_correlation"] + found["dimension_wise"]
    assert parts == pytest.approx(found["rate"], abs=1e-3)
    assert found["rate"] == pytest.approx(sum(found["kl"]), abs=1e-3)
    assert 0 < found["information"] <= np.log(300) + 1e-3
    assert found["distortion"] > 0 and found["collapse"]["code"].startswith("check.")


def test_eigenvalues_of_known_covariances(monkeypatch):
    """x = y + noise: what x tells of a direction of variance λ is λ²/(λ + s²)."""
    variances, noise, n = np.array([4.0, 1.0, 0.25]), 0.5, 40_000

    def drawn(config, n, seed):
        rng = np.random.default_rng(seed)
        y = rng.standard_normal((n, 3)) * np.sqrt(variances)
        return y + noise * rng.standard_normal(y.shape), y

    monkeypatch.setattr(module, "_centred", drawn)
    values, rest = denoising_eigenvalues(recipe("gypsum-unsupervised"), n)
    expected = variances**2 / (variances + noise**2)
    assert values == pytest.approx(expected, rel=0.03)
    assert rest == pytest.approx(variances.sum() - expected.sum(), rel=0.05)


def test_noise_explains_nothing(monkeypatch):
    def drawn(config, n, seed):
        rng = np.random.default_rng(seed)
        return rng.standard_normal((n, 40)), rng.standard_normal((n, 40))

    monkeypatch.setattr(module, "_centred", drawn)
    values, rest = denoising_eigenvalues(recipe("gypsum-unsupervised"), 200)
    assert values.sum() < 0.25 * (values.sum() + rest)


def test_examples_are_the_same_every_time(model):
    one, other = (examples(model.mineral, model.wavenumber) for _ in range(2))
    assert len(one) == 3
    for a, b in zip(one, other, strict=True):
        assert (a.dirty == b.dirty).all()
        truth = model.mineral.spectrum(model.wavenumber, **a.factors)
        assert np.abs(a.clean - truth).max() < 1e-9
    assert through(model, one).shape == (3, len(model.wavenumber))


def test_a_collapsed_run_is_evaluated_too(tmp_path):
    config = replace(recipe("gypsum-unsupervised"), **TINY, beta=1e4, seed=3)
    run = sv.train(config, folder=tmp_path / "run")
    spent = run.metrics["tradeoff"]
    assert spent["collapse"]["code"] == "check.collapsed" and spent["rate"] < 0.08
    assert run.metrics["scores"]["mig"] == 0 and run.metrics["active"] == []


def test_examples_leave_what_stands_still_at_its_reference(model):
    m = model.mineral
    for one in examples(m, np.linspace(900.0, 1100.0, 50), {"hydration": (0.0, 1.5)}):
        still = {name: v for name, v in one.factors.items() if name != "hydration"}
        assert still == pytest.approx({name: m.factor(name).reference for name in still})
