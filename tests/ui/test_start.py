"""What a server says that can't start: one sentence, whatever the environment holds."""

from __future__ import annotations

import runpy
import socket
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from spectra_vae.ui.serve import serve

APP = Path(__file__).resolve().parents[2] / "app.py"


def one_sentence(said):
    assert len(said.strip().splitlines()) == 1
    assert said.strip().endswith(".") and "<" not in said and "Traceback" not in said
    return said


@pytest.fixture
def refused(monkeypatch, capsys):
    """``refused(**env)``: what is said there, and nothing is served."""

    def begin(**env):
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        assert serve(Flask(__name__)) == 1
        return one_sentence(capsys.readouterr().err)

    return begin


@pytest.fixture
def listener():
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        yield listening


@pytest.mark.parametrize("port", ["http", "0", "70000", "-1", "8.5", "", "８０５０"])
def test_a_bad_port(refused, port):
    assert "between 1 and 65535" in refused(PORT=port)


def test_a_taken_port(refused, listener):
    said = refused(PORT=str(listener.getsockname()[1]))
    assert said.startswith("Port ") and "is taken" in said


def test_an_impossible_host(refused):
    assert "203.0.113.7" in refused(HOST="203.0.113.7", PORT="8051")


@pytest.fixture
def a_file(tmp_path):
    file = tmp_path / "file"
    file.touch()
    return file


def test_a_program_in_a_wrong_environment(monkeypatch, a_file):
    for name, value, said in (
        ("SPECTRA_VAE_JOBS", "abc", "abc"),
        ("SPECTRA_VAE_HOME", str(a_file / "home"), "can't be written"),
    ):
        with monkeypatch.context() as wrong, pytest.raises(SystemExit) as ended:
            wrong.setenv(name, value)
            runpy.run_path(str(APP), run_name="__main__")
        assert said in one_sentence(ended.value.code)  # a text: it is told, and the code is 1
