"""A shared server, browsers that have opened its page, and the models of the tour."""

import pytest

from spectra_vae import load
from spectra_vae.ui.app import create_app
from spectra_vae.ui.offer import Offer
from spectra_vae.ui.views.tour.steps import GUIDED, STUDY, STUDY_PLAIN, UNTOLD

from .persons import TOKEN


@pytest.fixture
def offer(tmp_path, monkeypatch):
    monkeypatch.setenv("SPECTRA_VAE_HOME", str(tmp_path))
    monkeypatch.setenv("SPECTRA_VAE_HOSTS", "lab.example")
    monkeypatch.setenv("SPECTRA_VAE_ADMIN", TOKEN)
    monkeypatch.setenv("SPECTRA_VAE_PROXY", "10.0.0.0/24")
    return Offer.of_this_home()


@pytest.fixture
def app(offer):
    return create_app(offer, warm=False)


@pytest.fixture
def somebody(app):
    """``somebody()``: a browser that has opened the page."""

    def make():
        client = app.server.test_client()
        assert client.get("/").status_code == 200
        return client

    return make


@pytest.fixture(scope="session")
def models():
    """The models the tour speaks of, by name."""
    return {name: load(name) for name in (GUIDED, UNTOLD, STUDY, STUDY_PLAIN)}
