"""Any mineral without a training: what it decodes, and its neurons."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from made_minerals import band, made, model_of

import spectra_vae as sv
from spectra_vae.model.shared_features import load_features, shipped_features
from spectra_vae.model.shared_training import Pool, steps, train, untrained
from spectra_vae.spectra.bands import area, peak
from spectra_vae.storage.models import ModelError
from spectra_vae.vae.codes import training_codes

MOST_BYTES = 3 * 1024**2
ENDS = np.linspace(-5, 5, 21)


STRENGTHS = made(
    "strengths",
    band(1000.0, 1.0, 5.0, "anion"),
    band(3400.0, 0.4, 60.0, "water"),
    band(600.0, 0.3, 8.0, "guest"),
    groups=[
        {"key": "anion", "kind": "anion"},
        {"key": "water", "kind": "water"},
        {"key": "guest", "kind": "other"},
    ],
    factors=[
        {
            "name": "hydration",
            "effect": "strength",
            "group": "water",
            "low": 0.0,
            "reference": 1.0,
            "high": 1.5,
        },
        {
            "name": "filling",
            "effect": "strength",
            "group": "guest",
            "low": 0.0,
            "reference": 0.4,
            "high": 1.0,
        },
        {
            "name": "crystallinity",
            "effect": "width",
            "widest": 3.0,
            "low": 0.0,
            "reference": 0.755,
            "high": 1.0,
        },
        {"name": "shift", "effect": "position", "low": -6.0, "reference": 0.0, "high": 6.0},
        {"name": "intensity", "effect": "scale", "low": 0.5, "reference": 1.0, "high": 1.5},
        {"name": "purity", "effect": "counts", "low": 1.5, "reference": 3.0, "high": 4.5},
    ],
)


@pytest.fixture(scope="module")
def calcite(home):
    return sv.load("calcite")


def errors(vs, n=300):
    """Decoded minus true spectra (n, N) at codes that reach to ± 5."""
    z = training_codes(n, len(vs.neurons), np.random.default_rng(4))
    return vs.decode(z) - vs.mineral.spectrum(vs.wavenumber, **vs.factors(z))


# --- what it decodes ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["calcite", "epsomite", "quartz", "barite", "anhydrite"])
def test_a_mineral_is_decoded_as_its_table_says(name):
    error = errors(sv.load(name))
    assert np.sqrt(np.mean(error**2)) < 5e-4
    assert np.quantile(np.abs(error).max(axis=1), 0.95) < 0.02


@pytest.mark.parametrize("width", [2.0, 4.0, 30.0, 120.0])
@pytest.mark.parametrize("mixing", [0.0, 1.0])
def test_a_table_of_one_band_decodes_to_it(width, mixing):
    m = made("one-band", band(1500.0, 1.0, width, mixing=mixing))
    error = errors(model_of(m))
    assert np.quantile(np.abs(error).max(axis=1), 0.95) < 0.02
    assert np.sqrt(np.mean(error**2)) < 2e-3  # every point of the axis belongs to the band


def test_the_origin_is_the_reference(calcite):
    x = calcite.wavenumber
    assert np.abs(calcite.decode(calcite.origin) - calcite.mineral.spectrum(x)).max() < 0.01


def test_every_knob_does_its_own(calcite):
    x, m = calcite.wavenumber, calcite.mineral
    for factor in m.visible:
        curves = calcite.scan(calcite.controls[factor.name], ENDS)
        truth = m.spectrum(x, **{factor.name: factor.value(ENDS)})
        ratio = area(x, curves, x[0], x[-1]) / area(x, truth, x[0], x[-1])
        assert np.abs(ratio - 1).max() < 0.015
    near = m.main.position - 20, m.main.position + 20
    moved = [peak(x, y, *near)[0] for y in calcite.scan(calcite.controls["shift"], ENDS)]
    wanted = m.main.position + m.factor("shift").value(ENDS)
    assert np.abs(moved - wanted).max() < 0.5


def test_what_a_mineral_lacks_is_silent(calcite):
    assert [n.role for n in calcite.neurons] == [
        *["silent"] * 4,
        "intensity",
        "crystallinity",
        "purity",
        "shift",
    ]
    for n in calcite.neurons:
        if n.silent:
            assert np.ptp(calcite.scan(n.index, ENDS), axis=0).max() < 1e-6


def test_several_strengths_have_a_neuron_and_bands_of_their_own():
    vs = model_of(STRENGTHS)
    assert vs.controls["hydration"] == 3 and vs.controls["filling"] == 2
    error = errors(vs)
    assert np.sqrt(np.mean(error**2)) < 5e-4
    x = vs.wavenumber
    for name, own in (("hydration", (3000, 3800)), ("filling", (550, 650))):
        curves = vs.scan(vs.controls[name], [-5.0, 0.0, 5.0])
        outside = (x < own[0]) | (x > own[1])
        assert np.ptp(curves[:, outside], axis=0).max() < 0.01
        left, whole, most = area(x, curves, *own)
        f = vs.mineral.factor(name)
        assert abs(left / whole) < 0.03 and most / whole == pytest.approx(
            f.high / f.reference, rel=0.03
        )


# --- what was trained --------------------------------------------------------------------------


def test_the_card_says_what_was_trained_and_what_was_solved(calcite, vs):
    assert calcite.trained == ("decoder",)
    assert vs.trained == ("decoder", "encoder", "intervals")
    card = calcite.card
    assert card["name"] == card["mineral"] == "calcite"
    assert card["trained"]["features"]["steps"] > 0
    solved = card["solved"]["readout"]
    assert solved["rms"] < 5e-4 and solved["largest"] < 0.02 and solved["spectra"] > 1000
    json.dumps(card["solved"])


def test_an_encoder_that_nobody_trained_says_so(calcite, refused):
    with refused(ModelError) as caught:
        calcite.encode(np.zeros(len(calcite.wavenumber)))
    assert caught.value.message.code == "error.no_encoder"


def test_a_measurement_is_restored_without_an_encoder(calcite):
    given = {"crystallinity": 0.6, "shift": 2.0, "intensity": 1.0}
    device = sv.Instrument(power=100.0)
    data = sv.simulate("calcite", 1, device, seed=3, factors=given)
    found = calcite.restore(sv.Spectrum(data.wavenumber, data.dirty[0]))
    for name in ("crystallinity", "shift"):
        assert found.estimates[name].value == pytest.approx(given[name], abs=0.1)
    assert found.novelty.verdict == "normal" and found.novelty.percentile is None


def test_the_command_map_asks_no_encoder(calcite):
    kinds = [c.kind for c in calcite.command_map().commands]
    assert kinds == [*["silent"] * 4, "scale", "width", "silent", "position"]


# --- the features ------------------------------------------------------------------------------


def test_what_ships_is_small_and_in_float16():
    from importlib import resources

    from safetensors.torch import load_file

    file = resources.files("spectra_vae").joinpath("models", "shared", "features.safetensors")
    assert len(file.read_bytes()) < MOST_BYTES
    assert {v.dtype for v in load_file(str(file)).values()} == {torch.float16}


def test_training_makes_features_better_and_writes_them(tmp_path, capsys):
    features = untrained(0)
    pool = Pool.drawn(1_000, np.random.default_rng(0))
    left = list(steps(features, pool, 6, seed=0))
    assert left[-1] < left[0]
    train(tmp_path, count=2, pool=1_000)
    assert "step 1 of 2" in capsys.readouterr().out
    written = load_features(tmp_path)
    assert written.facts["steps"] == 2 and written.digest != shipped_features().digest
