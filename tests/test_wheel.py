"""The wheel, alone in a folder of its own: it serves the page with all of its files."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile

import pytest
from serving import ROOT, fetch, free_port

HERE = {"HOST": "127.0.0.1", "OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel as it would be uploaded, built with the build backend that is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(folder), str(ROOT)], check=True)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def site(wheel, tmp_path_factory):
    """A folder in which the wheel is installed, alone."""
    folder = tmp_path_factory.mktemp("site")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


def test_the_wheel_holds_every_file_of_the_package_and_the_page(wheel):
    packed = set(zipfile.ZipFile(wheel).namelist())
    listed = ["git", "ls-files", "spectra_vae", "assets"]
    asked = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True)
    wanted = {re.sub("^assets/", "spectra_vae/assets/", name) for name in asked.stdout.split("\n")}
    there = {
        name
        for name in wanted
        if name and (ROOT / name.replace("spectra_vae/assets", "assets")).exists()
    }
    assert there <= packed


def test_the_wheel_serves_from_any_folder(site, tmp_path, monkeypatch):
    port = free_port()
    for name, value in {**HERE, "PORT": str(port), "PYTHONPATH": str(site)}.items():
        monkeypatch.setenv(name, value)
    served = [sys.executable, "-c", "import spectra_vae; print(spectra_vae.__file__, flush=True)\n"
              "from spectra_vae.cli.main import main; main(['serve'])"]  # fmt: skip
    with subprocess.Popen(served, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith(str(site))
            assert str(port) in process.stdout.readline()  # it says when it is ready
            page = fetch(port, "/")
            for address in re.findall(r'(?:src|href)="(/[^"]+)"', page):
                assert fetch(port, address)
            assert "--water" in fetch(port, "/style.css")
        finally:
            process.kill()


def test_the_images_command_serves_the_wheel(site, tmp_path, monkeypatch):
    """As the Dockerfile starts it: the wheel is installed, ``app.py`` lies in a folder alone."""
    last = (ROOT / "Dockerfile").read_text(encoding="utf-8").strip().splitlines()[-1]
    (command,) = re.findall(r"exec (gunicorn [^\"]+)", last)
    shutil.copy(ROOT / "app.py", tmp_path)
    port = free_port()
    for name, value in {**HERE, "PORT": str(port), "PYTHONPATH": str(site)}.items():
        monkeypatch.setenv(name, value)
    served = command.replace("gunicorn", f"{sys.executable} -m gunicorn", 1)
    with subprocess.Popen(
        ["sh", "-c", f"exec {served}"], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr is not None
            assert any("Listening at" in line for line in process.stderr)
            assert fetch(port, "/health") and fetch(port, "/")
        finally:
            process.kill()
