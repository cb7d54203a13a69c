"""The page behind the proxy of ``compose.yaml``: a real Caddy with that very file, where it is."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
from contextlib import closing

import pytest
import yaml
from serving import ROOT, free_port
from trainings import until

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
NAME = "lab.example"


def listens(port):
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def proxy(tmp_path_factory):
    """Where the proxy listens; the server behind it has a home of its own."""
    if shutil.which("caddy") is None:
        pytest.skip("caddy is not installed")
    folder, outside, inside = tmp_path_factory.mktemp("proxy"), free_port(), free_port()
    told = COMPOSE["configs"]["caddyfile"]["content"].replace("server:8050", f"127.0.0.1:{inside}")
    told = "{\n\tadmin off\n}\n" + told.replace(":8080", f"http://:{outside}")
    (folder / "Caddyfile").write_text(told, encoding="utf-8")
    ours = {"SPECTRA_VAE_HOSTS": f"{NAME},server", "SPECTRA_VAE_HOME": str(folder / "home")}
    environment = {**os.environ, **ours, "PORT": str(inside), "HOST": "127.0.0.1"}
    server = [sys.executable, "-m", *COMPOSE["services"]["server"]["command"].split()]
    caddy = ["caddy", "run", "--config", folder / "Caddyfile"]
    with (folder / "log.txt").open("wb") as log:
        started = [
            subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
            for command in (server, [*caddy, "--adapter", "caddyfile"])
        ]
    try:
        until(lambda: listens(inside) and listens(outside), 120)
        yield outside
    finally:
        for process in started:
            process.terminate()
            process.wait()


def ask(port, path, method="GET", body=None, **headers):
    """Status and text of an answer through the proxy."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as line:
        line.request(method, path, body, {"Host": NAME, **headers})
        answer = line.getresponse()
        return answer.status, answer.read().decode(errors="replace"), answer.getheaders()


def test_the_page_is_there_under_its_name_and_under_no_other(proxy):
    status, page, headers = ask(proxy, "/")
    assert status == 200 and "spectra-vae" in page and "set-cookie" in str(headers).lower()
    assert ask(proxy, "/health")[0] == 200
    status, said, _ = ask(proxy, "/", Host="evil.example")
    assert status == 400 and "spectra-vae" not in said


def test_numbers_stay_inside(proxy):
    status, said, _ = ask(proxy, "/metrics")
    assert status == 404 and "spectra_vae_" not in said


def test_a_change_needs_the_pages_own_origin(proxy):
    told = {"Content-Type": "application/json"}
    place = "/_dash-update-component"
    assert ask(proxy, place, "POST", b"{}", Origin="http://evil.example", **told)[0] == 403
    assert ask(proxy, place, "POST", b"{}", Origin=f"http://{NAME}:8050", **told)[0] == 400
