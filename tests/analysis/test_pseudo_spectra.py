"""Pseudo-spectra: clusters of codes, what stands for each, and how new ones are scored."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

import spectra_vae as sv
from spectra_vae.analysis.pseudo_spectra import pseudo_spectra, used
from spectra_vae.model.posterior import Posterior
from spectra_vae.storage.models import ModelError
from spectra_vae.text.message import LANGUAGES, say

from .turned import turned

STATES = ({"hydration": 1, "crystallinity": 0.85}, {"hydration": 1, "crystallinity": 0.25})
STATES += ({"hydration": 0, "crystallinity": 0.7},)
EACH = 20
INSTRUMENT = sv.Instrument(fluorescence=(0, 0), spikes=0).at(1000)


def measured(state, seed, n=EACH):
    fixed = {"shift": 0, "intensity": 1, **state}
    return sv.simulate("gypsum", n, INSTRUMENT, seed=seed, factors=fixed).dirty


@pytest.fixture(scope="module")
def truth():
    return np.repeat(np.arange(len(STATES)), EACH)


@pytest.fixture(scope="module")
def refined(vs):
    return vs.refined(np.concatenate([measured(s, k) for k, s in enumerate(STATES)]))


@pytest.fixture(scope="module")
def found(vs, refined):
    return pseudo_spectra(vs, refined, len(STATES))


def codes_at(vs, rows, std=0.05):
    """A posterior of codes given neuron → value, a row each."""
    z = np.zeros((len(rows), 8))
    for k, row in enumerate(rows):
        for neuron, value in row.items():
            z[k, neuron] = value
    return Posterior(z, np.full_like(z, std))


# --- simulated samples ---------------------------------------------------------------------------


def test_noise_apart_the_states_are_found(found, truth):
    assert adjusted_rand_score(truth, found.labels) >= 0.95


def test_centroids_are_the_states(vs, found, truth):
    for k, state in enumerate(STATES):
        cluster = found.clusters[np.bincount(found.labels[truth == k]).argmax()]
        wanted = vs.mineral.spectrum(vs.wavenumber, **state)
        off = np.linalg.norm(cluster.spectrum - wanted) / np.linalg.norm(wanted)
        assert off <= 0.03
        for name, value in state.items():
            assert cluster.estimates[name] == pytest.approx(value, abs=0.05)
            assert f"{name} {cluster.estimates[name]:.2f}" in say(cluster.message)


def test_the_unit_of_the_file_does_not_matter(vs, refined):
    rows = measured(STATES[0], 0, 3)
    other = vs.refined([sv.Spectrum(vs.wavenumber, 5e3 * y + 200) for y in rows])
    inner = list(used(vs))
    np.testing.assert_allclose(other.mean[:, inner], vs.refined(rows).mean[:, inner], atol=0.02)


def test_restorations_are_taken_as_they_are(vs):
    restored = vs.restore([sv.Spectrum(vs.wavenumber, y) for y in measured(STATES[1], 7, 3)])
    refined = vs.refined(restored)
    assert np.array_equal(refined.mean, [r.code.mean for r in restored])
    assert len(vs.pseudo_spectra(restored, 1).labels) == 3


def test_unmeasured_points_are_left_out(vs):
    rows = measured(STATES[1], 8, 2)
    rows[:, vs.wavenumber > 1300] = np.nan
    assert np.isfinite(vs.refined(rows).mean).all()


def test_new_spectra_are_scored_against_the_centroids(vs, found, truth):
    for k, state in enumerate(STATES):
        new = found.score(vs.refined(measured(state, 50 + k, 3)))
        home = np.bincount(found.labels[truth == k]).argmax()
        assert (new.label == home).all() and new.distance.shape == (3, 3)
        assert (new.distance.min(axis=1) <= 4 * found.clusters[home].radius).all()


# --- what clustering promises --------------------------------------------------------------------


def test_distances_are_the_plain_ones(found):
    score = found.score(found.codes)
    for i in (0, 25, 59):
        for c, cluster in enumerate(found.clusters):
            squares = [
                ((found.codes[i, j] - cluster.code[j]) / s) ** 2
                for j, s in zip(found.neurons, found.scale, strict=True)
            ]
            assert score.distance[i, c] == pytest.approx(np.sqrt(np.mean(squares)))
    assert np.array_equal(score.label, found.labels)


def test_the_spread_is_the_members(vs, found):
    for c, cluster in enumerate(found.clusters):
        members = vs.decode(found.codes[found.labels == c])
        assert cluster.size == len(members)
        np.testing.assert_allclose(cluster.lower, np.percentile(members, 10, axis=0))
        np.testing.assert_allclose(cluster.upper, np.percentile(members, 90, axis=0))
        np.testing.assert_allclose(cluster.code, found.codes[found.labels == c].mean(axis=0))


def test_it_repeats_itself(vs, refined, found):
    again = pseudo_spectra(vs, refined, 3)
    assert again.to_dict() == found.to_dict()


def test_a_direction_of_noise_does_not_drive(vs):
    """Neuron 3 scatters by 1 and is known to 1; neuron 5 differs by 0.5 and is known to 0.05."""
    rng = np.random.default_rng(0)
    truth = np.repeat([0, 1], 40)
    z, std = np.zeros((80, 8)), np.full((80, 8), 0.05)
    z[:, 3], std[:, 3] = rng.normal(0, 1, 80), 1.0
    z[:, 5] = 0.5 * truth + rng.normal(0, 0.05, 80)
    labels = pseudo_spectra(vs, Posterior(z, std), 2).labels
    assert adjusted_rand_score(truth, labels) == 1.0


def test_only_neurons_that_tell_samples_apart_are_used(vs):
    assert used(vs) == (3, 5, 7)  # not the scale, not the signal quality, no silent one
    rows = codes_at(vs, [{3: 1.0}, {3: 1.0, 4: 2.0, 6: -2.0, 0: 3.0}])
    with pytest.raises(ModelError):
        pseudo_spectra(vs, rows, 2)


def test_the_largest_cluster_comes_first(vs):
    rows = [{5: -2.0}] * 2 + [{5: 2.0}] * 5 + [{5: 0.0}] * 3
    rows = [{5: r[5] + 0.01 * k} for k, r in enumerate(rows)]
    found = pseudo_spectra(vs, codes_at(vs, rows), 3)
    assert [c.size for c in found.clusters] == [5, 3, 2]
    assert found.labels.tolist() == [2] * 2 + [0] * 5 + [1] * 3


def test_one_spectrum_is_its_own_cluster(vs):
    found = pseudo_spectra(vs, codes_at(vs, [{3: -1.0}]), 1)
    (only,) = found.clusters
    np.testing.assert_allclose(only.spectrum, vs.decode(found.codes[0]))
    assert only.radius == 0 and np.isfinite(found.coordinates(found.codes)).all()


def test_points_are_two_neurons_or_principal_components(found):
    assert np.array_equal(found.coordinates(found.codes, (3, 5)), found.codes[:, [3, 5]])
    points = found.coordinates(found.codes)
    scaled = found.codes[:, list(found.neurons)] / found.scale
    spread = np.linalg.svd(scaled - scaled.mean(axis=0), compute_uv=False)
    np.testing.assert_allclose(np.linalg.norm(points, axis=0), spread[:2], rtol=1e-6)
    np.testing.assert_allclose(points.T @ points, np.diag(spread[:2] ** 2), atol=1e-6 * spread[0])


def test_a_plain_autoencoder_has_clusters_and_names_too():
    model = sv.load("gypsum-robust")
    z = np.random.default_rng(0).normal(size=(12, 8)) * 0.1 + model.origin
    z[6:] += 1.0
    found = pseudo_spectra(model, Posterior(z, None), 2)
    assert sorted(np.bincount(found.labels)) == [6, 6]
    for language in LANGUAGES:
        assert all("×" in say(c.message, language) for c in found.clusters)
        assert all("ν1" in say(c.message, language) for c in found.clusters)


# --- exports and refusals ------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_exported_whole(found, language):
    json.dumps(found.to_dict(language), allow_nan=False)
    lines = found.to_csv(language).splitlines()
    rows = list(csv.DictReader(lines[len(found.clusters) :]))
    assert len(rows) == len(found.wavenumber)
    column = [float(r["spectrum_2"]) for r in rows]
    np.testing.assert_allclose(column, found.clusters[1].spectrum, rtol=1e-8)


@pytest.mark.parametrize("k", [0, -1, 4, 2.0])
def test_numbers_of_clusters_that_cannot_be_are_refused(vs, k, refused):
    with refused(ModelError):
        pseudo_spectra(vs, codes_at(vs, [{3: 0.0}, {3: 1.0}, {3: 2.0}]), k)


def test_no_spectra_are_refused(vs, refused):
    with refused(ModelError):
        vs.pseudo_spectra([], 1)


@pytest.mark.parametrize("shape", [(5,), (2, 5), (1, 2, 3)])
def test_arrays_of_another_shape_are_refused(vs, shape, refused):
    with refused(ModelError):
        vs.refined(np.zeros(shape))


def test_codes_that_are_no_numbers_are_refused(vs, refused):
    with refused(ModelError):
        pseudo_spectra(vs, codes_at(vs, [{3: np.nan}, {3: 1.0}]), 1)


def test_a_model_without_active_neurons_is_refused(vs, refused):
    model = turned(vs, np.eye(8))
    model.neurons = tuple(replace(n, active=False) for n in model.neurons)
    with refused(ModelError):
        pseudo_spectra(model, codes_at(vs, [{3: 0.0}, {3: 1.0}]), 1)


def test_a_mineral_without_a_scale_uses_every_mover(vs):
    factors = tuple(f for f in vs.mineral.factors if f.effect != "scale")
    model = SimpleNamespace(
        mineral=replace(vs.mineral, factors=factors), neurons=vs.neurons, controls=vs.controls
    )
    assert used(model) == (3, 4, 5, 7)
