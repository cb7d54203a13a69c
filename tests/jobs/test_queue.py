"""What holds for a queue before any backend is asked."""

from __future__ import annotations

import sys

import pytest

from spectra_vae.jobs.backends import open_queue
from spectra_vae.jobs.queue import STEP_BACK, jobs_at_once, niceness
from spectra_vae.text.message import SpectraVaeError


@pytest.mark.parametrize(
    ("address", "said"),
    [("somewhere", "no address of a Redis"), ("redis://127.0.0.1:1/0", "Redis is away")],
)
def test_a_redis_that_is_none_or_away_is_one_sentence(home, monkeypatch, address, said):
    pytest.importorskip("redis", reason="the extra cluster is not installed")
    monkeypatch.setenv("SPECTRA_VAE_REDIS", address)
    with pytest.raises(SpectraVaeError, match=said):
        open_queue()


def test_without_the_extra_a_queue_on_redis_says_what_to_install(home, monkeypatch):
    monkeypatch.setenv("SPECTRA_VAE_REDIS", "redis://somewhere")
    for name in [n for n in sys.modules if n.startswith("spectra_vae.jobs.celery.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(SpectraVaeError, match=r"Install spectra-vae\[cluster\]"):
        open_queue()


@pytest.mark.parametrize("given", ["abc", "0", "65", "1.5"])
def test_a_number_of_jobs_that_is_none_is_one_sentence(monkeypatch, given):
    monkeypatch.setenv("SPECTRA_VAE_JOBS", given)
    with pytest.raises(SpectraVaeError, match="1 to 64"):
        jobs_at_once()


def test_one_at_once_unless_told(monkeypatch):
    monkeypatch.delenv("SPECTRA_VAE_JOBS", raising=False)
    assert jobs_at_once() == 1
    monkeypatch.setenv("SPECTRA_VAE_JOBS", "3")
    assert jobs_at_once() == 3


@pytest.mark.parametrize("given", ["abc", "20", "-1", "1.5"])
def test_a_step_back_that_is_none_is_one_sentence(monkeypatch, given):
    monkeypatch.setenv("SPECTRA_VAE_NICE", given)
    with pytest.raises(SpectraVaeError, match="to 19"):
        niceness()


def test_jobs_step_back_unless_told(monkeypatch):
    monkeypatch.delenv("SPECTRA_VAE_NICE", raising=False)
    assert niceness() == STEP_BACK
    monkeypatch.setenv("SPECTRA_VAE_NICE", "0")
    assert niceness() == 0


def test_a_home_that_cannot_be_written_is_one_sentence(monkeypatch):
    monkeypatch.setenv("SPECTRA_VAE_HOME", "/dev/null/home")
    with pytest.raises(SpectraVaeError, match="can't be written"):
        open_queue()


def test_a_damaged_queue_is_one_sentence(home):
    (home / "jobs").mkdir(parents=True)
    (home / "jobs" / "cache.db").write_bytes(bytes(range(256)) * 20)
    with pytest.raises(SpectraVaeError, match="damaged"):
        open_queue()
