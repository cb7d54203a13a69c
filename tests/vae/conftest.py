"""A training small enough for tests, and its simulated spectra, made once."""

from __future__ import annotations

import pytest

from spectra_vae.vae.config import TrainConfig
from spectra_vae.vae.data import training_set

GUIDED = {"hydration": 3, "crystallinity": 5, "intensity": 4, "purity": 6, "shift": 7}
SMALL = {
    "spectra": 600,
    "encoder": (32,),
    "decoder": (16, 32),
    "steps": 20,
    "batch": 32,
    "sigma": 0.005,
    "beta": 60.0,
}
KINDS = {
    "guided": {"supervision": "guided", "guided": GUIDED},
    "pairs": {"supervision": "pairs", "guided": {k: GUIDED[k] for k in GUIDED if k != "purity"}},
    "ada": {"supervision": "ada"},
    "tcvae": {"supervision": "none", "total_correlation": True},
    "unsupervised": {"supervision": "none"},
    "plain": {"supervision": "none", "variational": False},
}


@pytest.fixture(scope="session")
def small():
    """small(kind, **changes): a configuration."""

    def make(kind: str = "guided", **changes) -> TrainConfig:
        return TrainConfig(**{**SMALL, **KINDS[kind], **changes})

    return make


@pytest.fixture(scope="session")
def spectra(small):
    """The training set of every small configuration; the codes are the guided ones."""
    return training_set(small())


@pytest.fixture(scope="session")
def couples(small):
    """The training set of every small configuration in pairs, with a known index."""
    return training_set(small("pairs"))


@pytest.fixture(scope="session")
def spectra_of(small, spectra, couples):
    """spectra_of(kind): the training set of a small configuration of that kind."""
    known = {"pairs": couples, "ada": training_set(small("ada"))}
    return lambda kind: known.get(kind, spectra)
