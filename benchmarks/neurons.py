"""The Neurons view as a visitor meets it: from a click on a row to its scan on the screen.

    python -m benchmarks.neurons [CLICKS]

Starts the dashboard, drives the system's Chromium, and times each click from the mouse button to
Plotly's own "drawn" with the new neuron, for three curves and for a family. Then what the server
needs for the cards, once, on one thread.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from typing import Any

import numpy as np

from spectra_vae import load
from spectra_vae.analysis.knowledge import knowledge
from spectra_vae.analysis.roles import command_map
from spectra_vae.analysis.scan import scan
from spectra_vae.analysis.selectivity import selectivity

from .machine import free_port, machine

# Resolves with the milliseconds until the scan's figure has been drawn again.
WATCH = """() => {
    const drawn = document.querySelector('#scan .js-plotly-plot');
    let start = 0;
    window.clicked = new Promise((done) => drawn.on('plotly_afterplot', () =>
        start && done(performance.now() - start)));
    window.addEventListener(  // before any listener of the page
        'click', () => (start = performance.now()), { once: true, capture: true });
}"""


def clicks(port: int, count: int) -> dict[str, list[float]]:
    """Milliseconds of each click, for three curves and for a family."""
    from playwright.sync_api import sync_playwright

    found: dict[str, list[float]] = {}
    with sync_playwright() as running:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = running.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        page: Any = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(f"http://127.0.0.1:{port}/neurons")
        page.wait_for_selector("#information table")
        page.wait_for_selector("#selectivity-guided table")
        for curves in ("ends", "family"):
            page.click(f"#curves-{curves}")
            page.wait_for_timeout(1_000)
            found[curves] = []
            for k in range(count):
                page.evaluate(WATCH)
                page.locator("#command-map .pick").nth((k + 1) % 5).click()
                found[curves].append(page.evaluate("window.clicked"))
                page.wait_for_timeout(400)
        browser.close()
    return found


def served(count: int) -> dict[str, list[float]]:
    port = free_port()
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "SPECTRA_VAE_HOME": home, "PORT": str(port), "HOST": "127.0.0.1"}
        server = subprocess.Popen([sys.executable, "app.py"], env=env, stdout=subprocess.DEVNULL)
        try:
            for _ in range(300):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
                    break
                except (urllib.error.URLError, OSError):
                    time.sleep(0.1)
            return clicks(port, count)
        finally:
            server.terminate()
            server.wait()


def main(arguments: list[str]) -> None:
    print(machine())
    count = int(arguments[0]) if arguments else 20
    for curves, times in served(count).items():
        middle, late = np.percentile(times, [50, 95])
        told = f"median {middle:.0f} ms, 95 % {late:.0f} ms"
        print(f"click to scan, {curves:7} {count} clicks: {told}")
    for name in ("gypsum", "gypsum-unsupervised", "gypsum-robust"):
        vs = load(name)
        parts = []
        for find in (command_map, selectivity, knowledge, lambda model: scan(model, 3)):
            start = time.perf_counter()
            find(vs)
            parts.append(time.perf_counter() - start)
        told = zip(("command map", "selectivity", "information", "one scan"), parts, strict=True)
        print(f"{name:20} " + ", ".join(f"{what} {1000 * s:.0f} ms" for what, s in told))


if __name__ == "__main__":
    main(sys.argv[1:])
