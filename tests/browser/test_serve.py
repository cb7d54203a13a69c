"""The server behind the page: its start, its routes, its refusals."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing

import pytest
from serving import ROOT, free_port

from spectra_vae.ui.app import MAX_UPLOAD

from .conftest import start, stop, wait_for

COLD = """
import sys
from spectra_vae.ui.app import create_app

client = create_app(warm=False).server.test_client()
for path in ("/", "/_dash-layout", "/_dash-dependencies", "/style.css", "/model/gypsum.bin"):
    assert client.get(path).status_code == 200, path
assert not {"torch", "scipy.sparse"} & set(sys.modules)
"""


def get(url, **headers):
    """Status, headers and body, refusals too."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.headers, refusal.read()


def is_sentence(text):
    return text.strip().endswith(".") and "<" not in text and "Traceback" not in text


@pytest.fixture
def served(tmp_path):
    """``served(**env)``: a server of its own; its process and what it says."""
    running = []

    def run(**env):
        log = tmp_path / f"{len(running)}.txt"
        process = start(tmp_path / "home", log, **env)
        running.append(process)
        return process, log

    yield run
    for process in running:
        stop(process)


def test_the_first_page_imports_no_torch():
    subprocess.run([sys.executable, "-c", COLD], cwd=ROOT, check=True, timeout=120)


@pytest.mark.alone
def test_a_start_answers_within_three_seconds(served):
    took = []
    for _ in range(3):  # the machine may be busy with other things
        port = free_port()
        begin = time.monotonic()
        process, _ = served(PORT=str(port))
        wait_for(f"http://127.0.0.1:{port}/", process)
        took.append(time.monotonic() - begin)
        stop(process)
        if took[-1] < 3:
            return
    pytest.fail(f"starting took {took} s")


def test_health_and_page(address):
    assert json.loads(get(address + "/health")[2]) == {"status": "ok"}
    status, headers, body = get(address + "/", **{"Accept-Encoding": "gzip"})
    assert status == 200 and headers["Content-Encoding"] == "gzip"
    assert b'<html lang="it"' in get(address + "/", **{"Accept-Language": "it"})[2]
    assert b'data-bs-theme="dark"' in get(address + "/", Cookie="theme=dark; language=xx")[2]


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8050", "127.0.0.1.evil.example"])
def test_another_name_that_leads_here_gets_nothing(address, host):
    """A web page may give its own name our address, and ask in its visitor's browser."""
    for path in ("/", "/_dash-layout", "/model/gypsum.bin"):
        status, _, body = get(address + path, Host=host)
        assert status == 400 and is_sentence(body.decode())
    port = address.rsplit(":", 1)[1]
    assert get(address + "/", Host=f"127.0.0.1:{port}")[0] == 200


def test_a_model_is_sent_once(address):
    status, headers, body = get(address + "/model/gypsum.bin")
    assert status == 200 and body[:4] == b"SVAE"
    again = get(address + "/model/gypsum.bin", **{"If-None-Match": headers["ETag"]})
    assert again[0] == 304 and not again[2]
    assert get(address + "/model/gypsum.bin", **{"If-None-Match": '"old"'})[0] == 200


@pytest.mark.parametrize("name", ["olivine", "..", "<b>"])
def test_an_unknown_model_is_a_sentence(address, name):
    status, headers, body = get(f"{address}/model/{urllib.request.quote(name)}.bin")
    text = body.decode()
    assert status == 404 and headers["Content-Type"].startswith("text/plain")
    assert text.strip().endswith(".") and "gypsum" in text


def test_a_path_is_no_model(address):
    status, _, body = get(f"{address}/model/%2e%2e%2fgypsum.bin")
    assert status == 200 and body.startswith(b"<!DOCTYPE html>")  # as Dash answers any other path


def test_too_large_an_upload_is_a_sentence(address):
    host = address.removeprefix("http://")
    with closing(http.client.HTTPConnection(host, timeout=30)) as line:
        line.putrequest("POST", "/_dash-update-component")
        line.putheader("Content-Type", "application/json")
        line.putheader("Content-Length", str(MAX_UPLOAD + 1))
        line.endheaders()
        answer = line.getresponse()
        assert answer.status == 413
        assert is_sentence(answer.read().decode())
