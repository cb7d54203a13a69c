"""A home that turns read-only under a running server: the page says so and goes on."""

from __future__ import annotations

import base64
import ctypes
import stat
import sys

import pytest
from trainings import training

from spectra_vae.examples import example
from spectra_vae.library import keeping
from spectra_vae.minerals.store import own_minerals
from spectra_vae.ui.app import create_app
from spectra_vae.ui.offer import Offer

from .persons import called

LINUX_CAPABILITY_VERSION = 0x20080522
OVERRIDES = 1 << 1 | 1 << 2  # root writes and reads what permissions forbid
WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
CANNOT = "can't be written"


@pytest.fixture
def obeys():
    """Permissions hold for this thread, be it root's."""
    if not sys.platform.startswith("linux"):
        pytest.skip("what root may do is taken from a thread on Linux only")
    libc = ctypes.CDLL(None, use_errno=True)
    head = (ctypes.c_uint32 * 2)(LINUX_CAPABILITY_VERSION, 0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; twice 32 bits
    assert libc.capget(head, sets) == 0
    effective = sets[0]
    sets[0] = effective & ~OVERRIDES
    assert libc.capset(head, sets) == 0
    yield
    sets[0] = effective
    assert libc.capset(head, sets) == 0


@pytest.fixture
def read_only(tmp_path, monkeypatch):
    """``read_only(app)``: from now on nobody writes into its home."""
    monkeypatch.setenv("SPECTRA_VAE_HOME", str(tmp_path / "home"))

    def every():
        return (tmp_path / "home", *(tmp_path / "home").rglob("*"))

    def forbid():
        for one in every():
            one.chmod(one.stat().st_mode & ~WRITE)

    yield forbid
    for one in every():
        one.chmod(one.stat().st_mode | stat.S_IWUSR)


def test_what_needs_no_writing_goes_on_and_the_rest_is_said(read_only, obeys, tmp_path):
    offer = Offer.of_this_home()
    offer.trainings.queue.add([training("waits")])
    keeping.add(keeping.export("calcite").replace('name = "calcite"', 'name = "mine"').encode())
    app = create_app(offer, warm=False)
    client = app.server.test_client()
    client.get("/")
    read_only()

    assert client.get("/").status_code == client.get("/_dash-layout").status_code == 200
    file = {"name": "a.csv", "content": base64.b64encode(example("noisy")).decode()}
    asked = {"restore-ask": {"key": "1", "model": "gypsum", **file}}
    told = called(client, app, "restore-answer.data", asked)["response"]["restore-answer"]["data"]
    assert told["state"] == "done"

    jobs = {"training-request": {"jobs": [{"name": "b", **training("b").arguments}]}}
    assert CANNOT in str(called(client, app, "training-request-result.data", jobs))
    draft = {"draft-ask": {"n": 1, "files": [file]}}
    told = called(client, app, "draft-told.data", draft)["response"]["draft-told"]["data"]
    assert told["state"] == "refused" and CANNOT in told["why"]

    for what, new in (("remove", ""), ("rename", "other")):
        act = {"minerals-action": {"what": what, "name": "mine", "new": new}}
        told = called(client, app, "minerals-own-words.children", act)["response"]
        words = told["minerals-own-words"]["children"]
        assert CANNOT in words and str(tmp_path) not in words
        assert told["minerals-undo"]["hidden"]
    assert own_minerals() == ("mine",)
    assert [job.id for job in offer.trainings.queue.waiting()] == ["waits"]
