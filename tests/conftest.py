"""What the tests share: a home of their own, the shipped model, the shape of a refusal."""

from __future__ import annotations

import functools
import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

CALCITE = Path(__file__).parent / "minerals" / "calcite.toml"

# Small networks gain nothing from threads, and lose a lot when the cores are busy.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Bytecode is kept, whatever the environment says: or each of the hundreds of processes that are
# started here would compile the package again before it does anything.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# A job that steps back would wait for the other tests, and somebody for it.
os.environ["SPECTRA_VAE_NICE"] = "0"

import spectra_vae as sv  # noqa: E402
from spectra_vae.analysis import tradeoff  # noqa: E402
from spectra_vae.analysis.reenactment import reenact  # noqa: E402
from spectra_vae.storage.models import shipped  # noqa: E402
from spectra_vae.text.message import LANGUAGES, SpectraVaeError, say  # noqa: E402

tradeoff.FEWEST = 200  # a tiny model is examined on as few spectra as a score allows


def pytest_collection_modifyitems(items):
    """The long files first: two processes then end together."""
    items.sort(key=lambda item: "browser" not in item.path.parts)


@pytest.fixture(autouse=True, scope="session")
def home(tmp_path_factory):
    """SPECTRA_VAE_HOME of the whole session: no test writes into the user's own."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPECTRA_VAE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="session")
def vs():
    """The shipped guided model."""
    return sv.load("gypsum")


@pytest.fixture(scope="session")
def reenacted():
    """``reenacted(name)``: the study's pictures of a shipped model, looked for once."""
    return functools.cache(lambda name: reenact(sv.load(name)))


@pytest.fixture(scope="session")
def unexamined():
    """``with unexamined(): sv.train(…)``: where nobody reads the numbers, another model's do."""
    told = json.loads((shipped() / "gypsum" / "metrics.json").read_text(encoding="utf-8"))

    @contextmanager
    def train():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("spectra_vae.runs.train.evaluate", lambda vs: told)
            yield

    return train


@pytest.fixture(scope="session")
def few():
    """``with few(): sv.train(…)``: a model is examined on the fewest spectra that a score takes."""

    @contextmanager
    def examined():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("spectra_vae.runs.evaluate.SPECTRA", 200)
            yield

    return examined


@pytest.fixture
def refused():
    """``with refused(SomeError) as caught:`` a call that must fail with one readable sentence."""

    @contextmanager
    def expect(error=SpectraVaeError):
        with pytest.raises(error) as caught:
            yield caught
        assert isinstance(caught.value, SpectraVaeError), "a raw error, not a sentence"
        for language in LANGUAGES:
            text = say(caught.value.message, language)
            assert text.endswith(".") and "\n" not in text and "!" not in text
            assert 10 < len(text) < 400

    return expect


@pytest.fixture
def own(home):
    """``with own(NAME, text):`` a person's own mineral, its table in the home."""

    @contextmanager
    def keep(name, text):
        file = home / "minerals" / f"{name}.toml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        try:
            yield file
        finally:
            file.unlink(missing_ok=True)

    return keep


@pytest.fixture
def calcite(own):
    """A second mineral, which leaves out of its table what can be left out."""
    with own("calcite", CALCITE.read_text(encoding="utf-8")):
        yield sv.mineral("calcite")


@pytest.fixture(params=["gypsum", "calcite"])
def either(request, calcite):
    """One mineral after the other: what holds for one holds for the other."""
    return sv.mineral(request.param)
