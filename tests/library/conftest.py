"""A draft that many tests look at, fitted once."""

from __future__ import annotations

import pytest
from made_spectra import measured

import spectra_vae as sv
from spectra_vae.library.draft import Draft


@pytest.fixture(scope="session")
def draft() -> Draft:
    return sv.fit_mineral(measured(), "made")
