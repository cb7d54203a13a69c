"""What a model is worth: every number with its conditions, beside what could be reached."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from analysis.turned import turned

import spectra_vae as sv
from spectra_vae.runs.evaluate import disentanglement, evaluate
from spectra_vae.runs.report import report, score_lines

CONDITIONS = ("spectra", "counts", "background", "orientation", "factors", "codes")


@pytest.fixture(scope="module")
def told(vs):
    return evaluate(vs)


def test_it_is_json_and_knows_its_conditions(told):
    json.dumps(told, allow_nan=False)
    for part in ("scores", "carried", "kl_parts"):
        assert all(name in told[part] for name in CONDITIONS)
    assert told["supervision"] == "guided" and told["seed"] == 0
    assert told["versions"].keys() >= {"torch", "numpy", "spectra-vae"}


def test_the_parts_of_the_kl_add_up(told):
    k = told["kl_parts"]
    parts = k["information"] + k["total_correlation"] + k["dimension_wise"]
    assert parts == pytest.approx(k["kl"], abs=2e-4)  # of four digits each


def test_each_living_neuron_stands_beside_its_ceilings(vs, told):
    carried = told["carried"]["neurons"]
    assert [c["neuron"] for c in carried] == [n.index for n in vs.neurons if not n.silent]
    for c in carried:
        assert c["information"] <= min(c["ceiling"], c["noise_ceiling"]) + 0.02
    factor = {c["neuron"]: c["factor"] for c in carried}
    assert all(factor[j] == name for name, j in vs.controls.items() if name != "purity")


def test_the_text_says_it_all(told):
    text = report(told)
    for wanted in ("#3 tells", "of hydration", "total correlation", "silent: #0, #1, #2", "seed 0"):
        assert wanted in text
    assert "guided; 2000 spectra at 10000 counts, no background, no orientation" in text
    other = score_lines({**told["scores"], "orientation": True}, "none")[1]
    assert "with orientation" in other and other.startswith("(none; ")


def test_a_plain_autoencoder_has_no_kl_to_speak_of(few):
    with few():
        told = evaluate(sv.load("gypsum-robust"))
    assert not told.keys() & {"carried", "kl_parts", "collapse"}
    assert "off-target" in report(told)


def test_a_collapse_is_named_and_scores_nothing(vs):
    model = turned(vs, np.eye(8))
    model.network.decoder.hidden[0].weight.zero_()
    model.neurons = tuple(replace(n, kl=0.0, active=False, inert=True) for n in model.neurons)
    told = disentanglement(model)
    assert told["collapse"]["code"] == "check.collapsed" and told["carried"]["neurons"] == []
    assert told["scores"]["mig"] == told["scores"]["mcc"] == 0
