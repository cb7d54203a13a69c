"""A measured file dropped on New mineral in Chromium: seconds to its table, and to its sliders.

    python -m benchmarks.new_mineral_page [FILE] [--times N] [--busy N]

FILE (RRUFF's calcite R040070 of SPECTRA_VAE_DATA) is dropped, and kept once its table stands there;
then the seconds from the press of Save until the Spectrometer has drawn it, each time in a fresh
home behind gunicorn. ``--busy``: so many processes compute beside it all the while.
"""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from .fit_mineral import DATA
from .machine import machine
from .server import served

NAME = "of-mine"
DRAWN = f"""() => {{
  const state = window.dash_clientside?.spectrometer?.state;
  return state?.model?.id === "{NAME}" && state.figure?.drawn > 0
    && document.querySelector("#sliders input[type=range]");
}}"""
PATIENCE = 120_000  # ms


@contextmanager
def busy(count: int) -> Iterator[None]:
    """So many processes that compute until the end."""
    others = [multiprocessing.Process(target=_compute, daemon=True) for _ in range(count)]
    for one in others:
        one.start()
    try:
        yield
    finally:
        for one in others:
            one.terminate()


def _compute() -> None:
    while True:
        sum(range(10_000))


def kept(browser: Browser, address: str, file: Path) -> tuple[float, float]:
    """Seconds from the drop to the table, and from Save to the sliders."""
    context = browser.new_context(base_url=address, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto("/new-mineral")
    box = page.locator("#draft-upload input[type=file]")
    box.wait_for(state="attached")
    began = time.monotonic()
    box.set_input_files(str(file))
    page.locator("#draft-table tbody tr").first.wait_for()
    fitted = time.monotonic() - began
    page.locator("#draft-name").fill(NAME)
    page.wait_for_function('() => !document.getElementById("draft-save").disabled')
    page.wait_for_timeout(1000)  # a person looks at the table
    began = time.monotonic()
    page.locator("#draft-save").click()
    page.wait_for_function(DRAWN)
    shown = time.monotonic() - began
    context.close()
    return fitted, shown


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    usual = DATA / "other" / "R040070.rruff.785.txt"
    parser.add_argument("file", nargs="?", type=Path, default=usual)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--busy", type=int, default=0)
    asked = parser.parse_args()
    print(machine())
    found = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright, busy(asked.busy):
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for _ in range(asked.times):
            with tempfile.TemporaryDirectory() as home, served(Path(home)) as server:
                fitted, shown = kept(browser, server.address, asked.file)
            print(f"{asked.file.stem}: table {fitted:.1f} s, sliders {shown:.1f} s after Save")
        browser.close()


if __name__ == "__main__":
    main()
