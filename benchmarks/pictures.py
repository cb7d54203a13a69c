"""The README's pictures, taken of the dashboard as it is: ``python -m benchmarks.pictures``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

from .machine import free_port

ROOT = Path(__file__).resolve().parents[1]
SIZE = {"width": 1440, "height": 900}
PICTURES = {  # name: address, what must be there before
    "spectrometer": ("/?z=0,0,0,-3,0,0,0,0", "#bands td.differs"),
    "restore": ("/restore?as=gypsum&example=foreign", "#checks li"),
    "neurons": ("/neurons?neuron=3", "#information table"),
    "beta-lab": ("/beta-lab", "#lab-correlated .js-line"),
}


def main() -> None:
    """Start the dashboard on a free port, look at each view, write ``docs/*.png``."""
    port = free_port()
    with tempfile.TemporaryDirectory() as home:
        settings = {**os.environ, "SPECTRA_VAE_HOME": home, "PORT": str(port)}
        server = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=settings)
        try:
            _take(f"http://localhost:{port}")
        finally:
            server.terminate()
            server.wait()


def _take(address: str) -> None:
    while not _answers(address):
        time.sleep(0.1)
    found = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        context = browser.new_context(viewport=SIZE, base_url=address, locale="en-GB")
        for name, (path, there) in PICTURES.items():
            page = context.new_page()
            page.goto(path)
            page.locator(there).first.wait_for(state="attached")
            page.wait_for_load_state("networkidle")
            page.screenshot(path=ROOT / "docs" / f"{name}.png")
            page.close()
        browser.close()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address + "/health", timeout=5):
            return True
    except OSError:
        return False


if __name__ == "__main__":
    main()
