"""An encoder for a mineral that nobody trained a model of: in the home, once for a table."""

from __future__ import annotations

import json

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.jobs.tasks import task
from spectra_vae.jobs.tasks.encoder import TASK, encoding
from spectra_vae.library import keeping
from spectra_vae.measure.calibrate import NODES
from spectra_vae.minerals import MineralError
from spectra_vae.model import shared_encoder
from spectra_vae.model.shared import encoded_folder
from spectra_vae.runs import encoder as runs
from spectra_vae.runs.encoder import train_encoder
from spectra_vae.storage.models import ModelError
from spectra_vae.text.message import say
from spectra_vae.vae.header import HEADER, WEIGHTS

TABLE = """name = "stone"
formula = "XO"
bands = [
  { name = "a", position = 400.0, height = 1.0, width = 14.0, mixing = 0.5, group = "all" },
  { name = "b", position = 600.0, height = 0.4, width = 20.0, mixing = 0.5, group = "all" },
]
axis = [ { low = 200.0, high = 900.0, step = 3.5 } ]
"""


@pytest.fixture(scope="module")
def own_home(tmp_path_factory):
    """A home with a mineral, and trainings that take a few seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPECTRA_VAE_HOME", str(tmp_path_factory.mktemp("encoders")))
        patch.setattr(shared_encoder, "PARTS", 3)
        patch.setattr(shared_encoder, "STEPS", 200)
        patch.setattr(runs, "CALIBRATED", 40)
        keeping.add(TABLE.encode())
        yield


@pytest.fixture(scope="module")
def before(own_home):
    """The stone before anything was trained."""
    return sv.load("stone")


@pytest.fixture(scope="module")
def stone(before):
    """The stone after the job; what the job told stands in ``told``."""
    told = []
    assert TASK.run(encoding("stone"), told.append) == {"mineral": "stone"}
    vs = sv.load("stone")
    vs.told = told
    return vs


def test_before_it_says_what_it_lacks(before, refused):
    assert before.trained == ("decoder",)
    with refused(ModelError) as caught:
        before.encode(np.zeros(len(before.wavenumber)))
    assert caught.value.message.code == "error.no_encoder"


def test_after_it_says_what_was_trained(stone):
    assert stone.trained == ("decoder", "encoder", "intervals")
    assert stone.card["trained"]["encoder"]["steps"] == shared_encoder.STEPS == 200
    assert stone.card["trained"]["features"] and stone.card["solved"]["readout"]
    assert stone.calibration.counts == NODES


def test_the_decoder_stays_as_it_was(before, stone):
    z = np.random.default_rng(0).normal(size=(20, len(stone.neurons)))
    assert np.array_equal(stone.decode(z), before.decode(z))


def test_the_encoder_reads_codes_and_silent_neurons_say_nothing(stone):
    data = sv.simulate("stone", 300, sv.Instrument(power=300.0), seed=5)
    found = stone.encode(data.dirty)
    for name, j in stone.controls.items():
        truth = stone.mineral.factor(name).code(data.factors[name])
        if np.ptp(truth) > 0.1:
            assert np.corrcoef(found.mean[:, j], truth)[0, 1] > 0.4, name
    silent = [n.index for n in stone.neurons if n.silent]
    assert silent and not found.mean[:, silent].any() and (found.std[:, silent] == 1).all()
    assert all(n.kl > 0.3 for n in stone.neurons if n.factor)


def test_the_job_is_a_kind_that_says_how_far_it_is(stone):
    assert task("encoder") is TASK
    shares = [one["percent"] for one in stone.told]
    assert shares == sorted(shares) and shares[-1] == 100 and len(shares) > 4
    assert say(TASK.how_far(stone.told[0]), "it").endswith("%")


def test_it_is_trained_once_for_a_table(stone, monkeypatch):
    monkeypatch.setattr(runs, "_make", None)
    assert train_encoder(sv.mineral("stone")) == encoded_folder(sv.mineral("stone"))
    changed = TABLE.replace("600.0", "610.0")
    keeping.add(changed.encode(), replace=True)
    assert sv.load("stone").trained == ("decoder",), "another table has no encoder yet"
    keeping.add(TABLE.encode(), replace=True)
    assert sv.load("stone").trained == stone.trained


def test_what_is_stopped_leaves_nothing_behind(own_home):
    keeping.add(TABLE.replace('"stone"', '"other"').encode())

    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_encoder(sv.mineral("other"), stop)
    folder = encoded_folder(sv.mineral("other"))
    assert not folder.exists() and not list(folder.parent.glob(".made-*"))
    assert sv.load("other").trained == ("decoder",)


@pytest.mark.parametrize("file", [HEADER, WEIGHTS])
def test_a_damaged_copy_is_not_believed(stone, file, tmp_path):
    path = encoded_folder(sv.mineral("stone")) / file
    whole = path.read_bytes()
    try:
        if file == HEADER:
            told = json.loads(whole)
            told["neurons"][4]["high"] = 9.0
            path.write_text(json.dumps(told))
        else:
            path.write_bytes(whole[:-8] + b"\0" * 8)
        assert sv.load("stone").trained == ("decoder",)
    finally:
        path.write_bytes(whole)


def test_a_mineral_that_there_is_not_has_no_job(own_home, refused):
    with refused(MineralError):
        encoding("nobody")
