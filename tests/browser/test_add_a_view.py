"""docs/add-a-view.md, performed: exactly the files that it names, and the view is there."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from serving import ROOT, free_port

from .conftest import PATIENCE, VISITOR, Guard, start, stop, wait_for

PAGE = ROOT / "docs" / "add-a-view.md"
BLOCK = re.compile(r"^( *)```\w+\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def files() -> dict[str, str]:
    """Path → content of each block of the page; its first line is a comment with the path."""
    found = {}
    for indent, block in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        lines = [line.removeprefix(indent) for line in block.splitlines(keepends=True)]
        found[re.sub(r"^(#|//) ", "", lines[0]).strip()] = "".join(lines[1:])
    return found


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, and beside what it has only the files of the page."""
    root = tmp_path_factory.mktemp("project")
    for part in ("spectra_vae", "assets"):
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", root)
    for path, content in files().items():
        place = root / path
        assert not place.exists(), f"{path} is there already"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content, encoding="utf-8")
    return root


def test_the_page_names_a_folder_a_script_and_two_texts():
    below = {
        "spectra_vae/ui/views/shelf/": r"\w+\.py",
        "assets/views/": r"shelf\.js",
        "spectra_vae/text/": r"(en|it)/shelf\.toml",
    }
    kinds = [re.compile(folder + name) for folder, name in below.items()]
    counts = [sum(bool(kind.fullmatch(path)) for path in files()) for kind in kinds]
    assert sum(counts) == len(files()) and counts[1:] == [1, 2] and counts[0] > 1


@pytest.fixture(scope="module")
def shelf(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where that project is served."""
    home, port = tmp_path_factory.mktemp("home"), free_port()
    address = f"http://localhost:{port}"
    process = start(home, home / "log.txt", tree, PORT=str(port), PYTHONPATH=str(tree))
    try:
        wait_for(f"{address}/health", process)
        yield address
    finally:
        stop(process)


def test_the_view_is_in_the_navigation_and_at_its_address_in_both_languages(browser, shelf):
    context = browser.new_context(**{**VISITOR, "base_url": shelf})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    guard = Guard(page, urlsplit(shelf).netloc)
    page.goto("/")
    page.get_by_role("link", name="Shelf", exact=True).click()
    is_there(page, shelf, "Shelf")
    context.add_cookies([{"name": "language", "value": "it", "url": shelf}])
    page.goto("/shelf")
    expect(page.get_by_role("link", name="Scaffale", exact=True)).to_be_visible()
    is_there(page, shelf, "Scaffale")
    assert not guard.wrong
    context.close()


def is_there(page, shelf, title):
    expect(page).to_have_url(f"{shelf}/shelf")
    expect(page).to_have_title(f"{title} · spectra-vae")
    expect(page.locator("#shelf-count")).to_have_text(re.compile(r"\d+"))
    count = page.locator("#shelf-count").inner_text()
    expect(page.locator("#shelf-words")).to_have_attribute("title", count)  # the script's
