"""A zip of a hundred spectra imported in Chromium, from the drop to the list of what was refused.

    python -m benchmarks.import_page [FOLDER] [--shots FOLDER]

97 of the measured files of FOLDER (as in :mod:`benchmarks.fit_mineral`) and three that hold no
spectrum, into a fresh home behind gunicorn. Told: what the page says and when, over a reload in the
middle, to the end; then whether each refused file is listed with its reason, and the minerals in
the list. ``--shots``: pictures of the page at each stage.
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
import tempfile
import time
import zipfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from .fit_mineral import DATA, SUFFIXES
from .machine import machine
from .server import served

SPECTRA = 97
NO_SPECTRA = {
    "notes.txt": b"Measured on a Tuesday.",
    "short.csv": b"100,1\n101,2\n102,1\n",
    "photo.png": b"\x89PNG\r\n\x1a\n" + bytes(64),
}
FAR = re.compile(r"(\d+) of (\d+)")
LOOK, PATIENCE = 0.5, 1500.0  # s
SIZE = {"width": 1440, "height": 900}


def zipped(folder: Path) -> bytes:
    files = [f for f in sorted(folder.glob("*")) if f.suffix in SUFFIXES][:SPECTRA]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
        for name, held in NO_SPECTRA.items():
            archive.writestr(name, held)
    return content.getvalue()


class Watch:
    """What the page says of the import, with seconds since the drop; pictures of it."""

    def __init__(self, page: Page, shots: Path | None) -> None:
        self.page, self.shots, self.began = page, shots, time.monotonic()
        self.done = -1

    @property
    def state(self) -> str:
        return " ".join(self.page.locator("#minerals-import-state").inner_text().split())

    def tell(self, words: str) -> None:
        print(f"{time.monotonic() - self.began:6.1f} s  {words}", flush=True)

    def shot(self, name: str) -> None:
        if self.shots:
            self.page.screenshot(path=self.shots / f"import-{name}.png")

    def until(self, share: float) -> bool:
        """Until that share of the files is done; False once it is over, or takes too long."""
        while time.monotonic() - self.began < PATIENCE:
            found = FAR.search(self.state)
            if found:
                done, total = map(int, found.groups())
                if done != self.done:
                    self.tell(self.state)
                if done < self.done:
                    self.tell("it told more before")
                self.done = done
                if done >= share * total:
                    return True
            elif self.done >= 0 and self.state:
                return False
            time.sleep(LOOK)
        self.tell("not waited for any longer")
        return False


def watched(page: Page, content: bytes, shots: Path | None) -> None:
    page.goto("/minerals")
    names = page.locator("#minerals-rows .name")
    names.first.wait_for()
    before = names.count()
    archive = {"name": "hundred.zip", "mimeType": "application/zip", "buffer": content}
    watch = Watch(page, shots)
    page.locator("#minerals-import input[type=file]").set_input_files([archive])
    watch.until(0.01)
    watch.shot("begun")
    watch.until(0.4)
    watch.shot("before-reload")
    page.reload()
    watch.tell("reloaded")
    names.first.wait_for()
    watch.until(0.5)
    watch.shot("after-reload")
    watch.until(2.0)
    watch.tell(watch.state)
    page.locator("#minerals-import-state summary").click()
    page.locator("#minerals-import-state").scroll_into_view_if_needed()
    watch.shot("end")
    told = page.locator("#minerals-import-state li").all_inner_texts()
    missing = [name for name in NO_SPECTRA if not any(name in one for one in told)]
    print("\n".join(["", *told, "", f"refused without a word: {missing or 'none'}"]))
    print(f"minerals in the list: {before} before, {names.count()} after")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=DATA / "library")
    parser.add_argument("--shots", type=Path)
    asked = parser.parse_args()
    if asked.shots:
        asked.shots.mkdir(parents=True, exist_ok=True)
    print(machine())
    found = shutil.which("chromium") or shutil.which("google-chrome")
    with (
        tempfile.TemporaryDirectory() as home,
        served(Path(home)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        context = browser.new_context(viewport=SIZE, base_url=server.address, locale="en-GB")
        page = context.new_page()
        page.set_default_timeout(60_000)
        watched(page, zipped(asked.folder), asked.shots)
        browser.close()


if __name__ == "__main__":
    main()
