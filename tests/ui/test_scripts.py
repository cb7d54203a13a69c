"""The page's modules: what Python calls of them is there, and the page asks for them at once."""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from spectra_vae.ui import scripts
from spectra_vae.ui.app import create_app

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / "assets"
JS = ROOT / "tests" / "js"
MODULES = sorted(ASSETS.rglob("*.js"))


@pytest.fixture(scope="module")
def app():
    return create_app(warm=False)


@pytest.fixture(scope="module")
def page(app):
    return app.server.test_client().get("/").text


def node() -> str:
    """Node as the development packages bring it, or the system's."""
    own = Path(sys.executable).with_name("node")
    found = str(own) if own.exists() else shutil.which("node")
    if found is None:
        pytest.skip("no node: install the development packages")
    return found


def called(app):
    """(namespace, name) of every clientside function that a callback names."""
    listed = app.server.test_client().get("/_dash-dependencies").json
    return [
        (one["clientside_function"]["namespace"], one["clientside_function"]["function_name"])
        for one in listed
        if one["clientside_function"]
    ]


def test_every_clientside_function_is_exported(app):
    done = subprocess.run([node(), JS / "exported.js"], capture_output=True, text=True, check=True)
    exported = json.loads(done.stdout)
    wanted = called(app)
    assert len(wanted) > 20
    missing = {(space, name) for space, name in wanted if name not in exported.get(space, [])}
    assert not missing
    unused = {(s, name) for s, names in exported.items() for name in names} - set(wanted)
    assert not unused, "exported for Dash, but no callback calls it"


def test_the_first_pages_modules_are_asked_for_at_once(page):
    named = re.findall(r'<link rel="modulepreload" href="/assets/([^"]+)">', page)
    assert named == scripts.imported(ASSETS, ("main.js", "views/spectrometer.js"))
    assert named[0] == "main.js"
    assert len(named) == len(set(named)) < len(MODULES)
    text = "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in named)
    statics = set(re.findall(r'from "[./a-z-]*?([a-z-]+\.js)"', text))
    assert statics <= {Path(name).name for name in named}


def test_dash_starts_after_our_modules(page):
    (started,) = re.findall(r'<script type="module" id="_dash-renderer">(.*?)</script>', page, re.S)
    order = [started.index(part) for part in ('"/assets/main.js"', "await ready", "DashRenderer")]
    assert order == sorted(order)
    assert page.count('<script type="module"') == 1
    own = re.findall(r'<script src="([^"]+)"', page)
    assert [one for one in own if "/assets/" in one] == []
    assert own[0] == scripts.COMBINED


def test_dashs_scripts_are_served_as_one(app, page):
    answer = app.server.test_client().get(scripts.COMBINED)
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"
    for part in ("React", "DashRenderer", "dash_html_components", "dash_bootstrap_components"):
        assert part in answer.text
    again = app.server.test_client().get(
        scripts.COMBINED, headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_script_is_a_module_and_short(path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith("//"), "what it is for, in a sentence"
    assert "use strict" not in text
    assert not re.search(
        r"\bwindow\.(?!dash_clientside|Plotly|fetch|devicePixelRatio)[a-z]+\w* =", text
    )
    assert text.count("\n") <= 300


def test_no_script_knows_its_mineral():
    known = re.compile(r"gypsum|sulfate|sulphate|\bwater\b|hydrat|\bOH\b", re.IGNORECASE)
    wrong = [
        f"{path.relative_to(ASSETS)}: {line.strip()}"
        for path in MODULES
        if "tour" not in path.relative_to(ASSETS).as_posix()
        for line in path.read_text(encoding="utf-8").splitlines()
        if known.search(line)
    ]
    assert not wrong


def test_what_the_scripts_are_compared_with_is_of_today():
    spec = importlib.util.spec_from_file_location("fixture", JS / "fixture.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    stored = json.loads(module.FILE.read_text(encoding="utf-8"))
    fresh = json.loads(json.dumps(module.fixture()))
    assert stored["codes"] == fresh["codes"]
    assert np.allclose(stored["spectra"], fresh["spectra"], atol=1e-6)
    assert module.FILE.stat().st_size < 200_000
