"""What is known of this machine's speed, and what trainings teach about it."""

from __future__ import annotations

import pytest

import spectra_vae as sv
from spectra_vae.jobs import speed
from spectra_vae.jobs.speed import Speed

CONFIG = sv.TrainConfig(spectra=1000, steps=100).to_dict()
ALWAYS = speed.START_SECONDS + speed.EVALUATE_SECONDS


def test_nothing_is_known_or_learnt_before_it_was_measured(home):
    assert speed.known() is None
    home.mkdir()
    speed.learn(CONFIG, 0.5)
    assert speed.known() is None


def test_a_training_teaches_about_its_like_only(home):
    speed.remember(Speed(step=0.1, spectrum=0.01))
    assert speed.known().seconds(CONFIG) == pytest.approx(ALWAYS + 10 + 10)
    speed.learn(CONFIG, 0.5)
    assert speed.known().seconds(CONFIG) == pytest.approx(ALWAYS + 10 + 50)
    wider = {**CONFIG, "encoder": [1024]}
    assert speed.known().seconds(wider) == pytest.approx(ALWAYS + 10 + 10)


@pytest.mark.parametrize("text", ["", "[1]", '{"steps": 1}', '"x"', "\x00"])
def test_a_file_that_says_nonsense_is_no_knowledge(home, text):
    home.mkdir()
    speed.speed_file().write_text(text, encoding="utf-8")
    assert speed.known() is None


def test_a_home_that_cannot_be_written_spoils_no_training(monkeypatch):
    monkeypatch.setenv("SPECTRA_VAE_HOME", "/dev/null/home")
    speed.learn(CONFIG, 0.5)
