"""A training that stops goes on as if it hadn't; its state on disk is whole or the previous one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from spectra_vae.simulation.instrument import PRESETS
from spectra_vae.vae import resume
from spectra_vae.vae.config import TrainConfig
from spectra_vae.vae.data import training_set
from spectra_vae.vae.header import CheckpointError
from spectra_vae.vae.network import SpectraVAE
from spectra_vae.vae.train import TrainingError, steps


def run(config, data, **given):
    """Losses of all steps, and the last step."""
    seen = list(steps(config, data, **given))
    return [s.loss for s in seen], seen[-1]


def reach(config, data, number):
    """The step ``number``, its training still open."""
    return next(s for s in steps(config, data) if s.number == number)


def weights(step):
    return {k: v.clone() for k, v in step.model.state_dict().items()}


def alike(one, two):
    return one.keys() == two.keys() and all(torch.equal(one[k], two[k]) for k in one)


@pytest.mark.parametrize("kind", ["guided", "pairs", "ada", "tcvae", "plain"])
def test_forty_steps_are_twenty_a_file_and_twenty(kind, small, spectra_of, tmp_path):
    config, spectra = small(kind, steps=40), spectra_of(kind)
    whole, end = run(config, spectra)
    through = weights(end)
    resume.save(tmp_path, reach(config, spectra, 20))
    torch.manual_seed(99)  # nothing of this process may matter
    rest, last = run(config, spectra, resume=resume.load(tmp_path))
    assert rest == whole[20:] and alike(weights(last), through)


def test_a_state_stays_what_it_was_while_the_training_moves_on(small, spectra, tmp_path):
    training = steps(small(steps=12), spectra)
    state = [next(training) for _ in range(4)][-1].state()
    rest = [s.loss for s in training]
    resume.save(tmp_path, state)
    assert run(small(steps=12), spectra, resume=resume.load(tmp_path))[0] == rest


def test_asking_for_states_and_pictures_changes_nothing(small, spectra):
    config = small(steps=8)
    quiet = [s.loss for s in steps(config, spectra)]
    asked = []
    for step in steps(config, spectra):
        step.state(), step.sample, step.sensitivity
        asked.append(step.loss)
    assert asked == quiet


def test_seconds_go_on(small, spectra):
    state = replace(reach(small(), spectra, 3).state(), seconds=1000.0)
    step = next(steps(small(), spectra, resume=state))
    assert step.number == 4 and 1000 < step.seconds < 1100


def test_a_finished_training_gives_its_last_step_again(small, spectra, tmp_path):
    last = reach(small(), spectra, 20)
    resume.save(tmp_path, last)
    again = list(steps(small(), spectra, resume=resume.load(tmp_path)))
    assert [s.number for s in again] == [20] and again[0].loss == last.loss
    assert np.array_equal(again[0].kl, last.kl) and alike(weights(again[0]), weights(last))


def test_the_state_of_another_training_is_refused(small, spectra, refused):
    state = reach(small(), spectra, 3).state()
    for change in ({"seed": 1}, {"steps": 21}, {"beta": 3.0}):
        with refused(CheckpointError):
            next(steps(small(**change), spectra, resume=state))


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.pop("model.decoder.out.bias"),
        lambda t: t.pop("adam.decoder.out.bias.exp_avg"),
        lambda t: t.pop("random.cpu"),
        lambda t: t.update({"adam.decoder.out.bias.exp_avg_sq": torch.zeros(3)}),
        lambda t: t.update({"random.cpu": torch.zeros(3, dtype=torch.uint8)}),
    ],
)
def test_a_state_that_does_not_fit_is_refused(change, small, spectra, refused):
    state = reach(small(), spectra, 3).state()
    tensors = dict(state.tensors)
    change(tensors)
    with refused(CheckpointError):
        next(steps(small(), spectra, resume=replace(state, tensors=tensors)))


# --- a loss that is no number ------------------------------------------------------------------


class Poisoned:
    """A training set whose clean spectra are no numbers from the ``after``-th batch on."""

    def __init__(self, data, after, value):
        self._data, self._left, self._value = data, after, value

    def __getattr__(self, name):
        return getattr(self._data, name)

    def batch(self, size, rng):
        self._left -= 1
        batch = self._data.batch(size, rng)
        return replace(batch, clean=batch.clean * self._value) if self._left < 0 else batch


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e19])
def test_the_last_good_state_outlives_a_loss_that_is_no_number(
    value, small, spectra, tmp_path, refused
):
    good = weights(reach(small(), spectra, 5))
    seen = []
    with refused(TrainingError) as caught:
        seen.extend(steps(small(), Poisoned(spectra, 5, value)))
    step = seen[-1]
    assert step.number == 5 and caught.value.message.params == {"step": 6}
    assert alike(weights(step), good)
    resume.save(tmp_path, step)
    assert next(steps(small(), spectra, resume=resume.load(tmp_path))).number == 6


# --- on disk -----------------------------------------------------------------------------------


@pytest.fixture
def saved(small, spectra, tmp_path):
    """A folder with the state after 3 steps."""
    resume.save(tmp_path, reach(small(), spectra, 3))
    return tmp_path


def test_no_state_is_none(tmp_path):
    assert resume.load(tmp_path) is None and resume.load(tmp_path / "nowhere") is None


def test_a_state_is_one_readable_file_of_numbers(saved):
    assert [f.name for f in saved.iterdir()] == [resume.FILE]
    with safe_open(saved / resume.FILE, framework="pt") as file:
        kinds = {name: file.get_tensor(name).dtype for name in file.keys()}  # noqa: SIM118
        facts = json.loads(file.metadata()["state"])
    assert facts["number"] == 3
    for name, kind in kinds.items():
        assert kind == (torch.uint8 if name.startswith("random.") else torch.float32)


@pytest.mark.parametrize("keep", [0, 4, 100, -1, -1000])
def test_a_torn_file_is_refused(keep, saved, refused):
    data = (saved / resume.FILE).read_bytes()
    (saved / resume.FILE).write_bytes(data[:keep])
    with refused(CheckpointError):
        resume.load(saved)


FOREIGN = [
    {},
    {"format": "2", "state": "{}"},
    {"format": "1"},
    {"format": "1", "state": "{"},
    {"format": "1", "state": "[]"},
    {"format": "1", "state": '{"config": {"colour": 1}}'},
    {"format": "1", "state": '{"config": {}, "number": null}'},
]


@pytest.mark.parametrize("header", FOREIGN, ids=str)
def test_a_foreign_file_is_refused(header, tmp_path, refused):
    save_file({"x": torch.zeros(2)}, tmp_path / resume.FILE, metadata=header)
    with refused(CheckpointError):
        resume.load(tmp_path)


def test_a_pickle_is_refused(tmp_path, refused):
    torch.save({"x": torch.zeros(2)}, tmp_path / resume.FILE)
    with refused(CheckpointError):
        resume.load(tmp_path)


def test_a_file_torn_while_it_is_written_leaves_the_previous_state(saved, small, spectra):
    (saved / (resume.FILE + ".partial")).write_bytes(b"half a state")
    assert resume.load(saved).number == 3
    resume.save(saved, reach(small(), spectra, 4))
    assert resume.load(saved).number == 4 and len(list(saved.iterdir())) == 1


KILLED = """
import os, sys
from pathlib import Path
from dataclasses import replace
from spectra_vae.vae import resume
folder = Path(sys.argv[1])
for _ in range(3):
    child = os.fork()  # each is killed; torch is imported once
    if not child:
        state = resume.load(folder)
        print(os.getpid(), flush=True)
        while True:
            state = replace(state, number=state.number + 1)
            resume.save(folder, state)
            print(state.number, flush=True)
    os.waitpid(child, 0)
    print("killed", flush=True)
"""


def test_a_process_killed_while_it_saves_leaves_a_good_state(saved):
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(saved)], stdout=subprocess.PIPE, text=True
    ) as process:
        for wait in (0.0, 0.003, 0.01):
            child, said = (int(process.stdout.readline()) for _ in range(2))
            end = time.perf_counter() + wait
            while time.perf_counter() < end:
                pass
            os.kill(child, signal.SIGKILL)
            said = max([said, *map(int, iter(process.stdout.readline, "killed\n"))])
            assert resume.load(saved).number in (said, said + 1)


def test_saving_the_shipped_size_takes_less_than_three_tenths_of_a_second(tmp_path):
    config = TrainConfig(spectra=64, batch=2, steps=2)
    step = next(steps(config, training_set(config)))
    assert isinstance(step.model, SpectraVAE)
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        resume.save(tmp_path, step)
        taken.append(time.perf_counter() - start)
    assert min(taken) < 0.3


# --- what a live view shows --------------------------------------------------------------------


def test_the_same_spectrum_is_shown_throughout_a_training(small, spectra):
    shown = [s.sample for s in steps(small(), spectra) if s.number in (1, 20)]
    first, last = shown
    for name in ("dirty", "mask", "target"):
        assert np.array_equal(getattr(first, name), getattr(last, name))
    assert not np.array_equal(first.reconstruction, last.reconstruction)
    later = next(steps(small(), spectra, resume=reach(small(), spectra, 7).state())).sample
    assert np.array_equal(later.dirty, first.dirty)


def test_the_shown_spectrum_is_the_mineral_at_its_reference(small, spectra):
    from spectra_vae.minerals import mineral

    device = replace(small().instrument, ranges=(((100.0, 1300.0),),))
    config = small(instrument=device, spectra=64)
    sample = next(steps(config)).sample
    x = spectra.wavenumber
    np.testing.assert_allclose(sample.target, mineral("gypsum").spectrum(x), atol=1e-6)
    assert np.array_equal(sample.mask, x <= 1300) and (sample.dirty[~sample.mask] == 0).all()
    assert np.isfinite(sample.dirty).all() and sample.reconstruction.shape == x.shape


@pytest.mark.parametrize("name", PRESETS)
def test_a_spectrum_is_shown_through_every_known_instrument(small, name):
    """Some have a laser power, which sets the counts itself."""
    sample = next(steps(small(instrument=PRESETS[name], spectra=64))).sample
    assert np.isfinite(sample.dirty).all() and sample.mask.any()


def test_the_sensitivity_is_the_slope_of_the_decoder_at_the_origin(small, spectra):
    step = reach(small(), spectra, 20)
    slopes, h = step.sensitivity, 1e-2
    assert slopes.shape == (8, len(spectra.wavenumber))
    with torch.no_grad():
        for j in range(8):
            move = torch.zeros(8)
            move[j] = h
            central = (step.model.decoder(move) - step.model.decoder(-move)) / (2 * h)
            np.testing.assert_allclose(slopes[j], central.numpy(), atol=2e-3 * abs(slopes).max())
