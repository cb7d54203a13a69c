"""A home of its own for every test, real workers in it, and kinds of jobs that are added."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import spectra_vae
from spectra_vae.jobs import tasks
from spectra_vae.jobs.backends import open_queue

PACKAGE = Path(spectra_vae.__file__).parent


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("SPECTRA_VAE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def queue(home):
    return open_queue()


@pytest.fixture
def start_worker(home):
    """``start_worker(*arguments)``: a worker process; all end with the test, jobs too."""
    started = []

    def start(*arguments):
        command = [sys.executable, "-m", "spectra_vae.cli.main", "worker", *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture(scope="session")
def tree(tmp_path_factory):
    """The folder of a package like ours, of links, so that files can be added to it."""
    root = tmp_path_factory.mktemp("tree")
    shutil.copytree(PACKAGE, root / PACKAGE.name, copy_function=os.symlink)
    return root


@pytest.fixture
def add_kind(tree, tmp_path, monkeypatch):
    """``add_kind(name, code)``: one more file in the package, for children of this process too."""
    kinds, added = tree / PACKAGE.name / "jobs" / "tasks", []
    monkeypatch.chdir(tree)  # what ``python -m`` finds first
    monkeypatch.setattr(tasks, "__path__", [*tasks.__path__])

    def add(name, code):
        added.append(kinds / f"{name}.py")
        added[-1].write_text(code, encoding="utf-8")
        own = tmp_path / "added"
        own.mkdir(exist_ok=True)
        (own / f"{name}.py").write_text(code, encoding="utf-8")
        if str(own) not in tasks.__path__:
            tasks.__path__.append(str(own))
        tasks._tasks.cache_clear()

    yield add
    for file in added:
        file.unlink()
    for name in [n for n in sys.modules if n.startswith(f"{tasks.__name__}.")]:
        if str(tmp_path) in str(sys.modules[name].__file__):
            del sys.modules[name]
