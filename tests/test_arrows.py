"""The arrows of DESIGN.md: who may import whom, and what importing costs."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

import spectra_vae as sv

PACKAGE = Path(sv.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

# A room may import the rooms of lower rank, and its own.
RANK = {
    "message": 0,
    "process": 0,
    "posterior": 0,
    "neuron": 0,
    "clipping": 0,
    "catalogue": 1,
    "folders": 2,
    "spectrum": 1,
    "minerals": 2,
    "instrument": 2,
    "readers": 3,
    "bands": 3,
    "simulate": 3,
    "trained": 3,
    "vae": 4,
    "recipes": 5,
    "lab": 3,
    "examples": 4,
    "measure": 5,
    "analysis": 5,
    "virtual": 6,
    "progress": 6,
    "report": 7,
    "report_text": 7,
    "runs": 8,
    "jobs": 9,
    "ui": 10,
    "commands": 11,
    "cli": 12,
    "__main__": 13,
}
ALSO = {("instrument", "minerals")}  # neighbours of one rank, this way only
ONLY = {"readers": {"message", "spectrum"}, "bands": {"message", "spectrum", "minerals"}}
LIGHT = ("message", "spectrum", "bands", "minerals", "instrument", "readers", "catalogue", "lab")
HEAVY = {"torch", "dash", "plotly", "dash_bootstrap_components", "flask"}


def room(file: Path) -> str:
    """The first part of a file's path in the package: its room."""
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(file: Path) -> set[str]:
    """Absolute dotted names of everything a file imports, inside functions too."""
    inside = ["spectra_vae", *file.relative_to(PACKAGE).parts[:-1]]
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = inside[: len(inside) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            found |= {f"{module}.{alias.name}" for alias in node.names}
    return found


def rooms_of(file: Path) -> set[str]:
    """The package's rooms that a file imports, other than its own; public names count as theirs."""
    inner = {name.split(".")[1] for name in imports(file) if name.startswith("spectra_vae.")}
    homes = {sv._HOME.get(name, name).split(".")[0] for name in inner}
    return homes & RANK.keys() - {room(file)}


def outsiders_of(file: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(file)} - {"spectra_vae"}


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def test_every_room_has_its_place():
    assert {room(f) for f in FILES} - {"__init__"} <= RANK.keys()


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(PACKAGE)))
def test_imports_go_down(file):
    here = room(file)
    if here == "__init__":
        return  # lazy: what it names for type checkers is never imported, see below
    assert "spectra_vae" not in imports(file) or here in {"ui", "cli"}, "hides what is used"
    for other in rooms_of(file):
        assert RANK[other] < RANK[here] or (here, other) in ALSO, f"{here} imports {other}"
        assert other in ONLY.get(here, RANK), f"{here} imports {other}"


def test_an_upward_import_would_be_seen(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path)
    file = tmp_path / "vae" / "wrong.py"
    file.parent.mkdir()
    file.write_text(
        "def f():\n    from ..virtual import load\n    import torch\n    from . import x\n"
    )
    assert rooms_of(file) == {"virtual"} and outsiders_of(file) == {"torch"}


@pytest.mark.parametrize("name", LIGHT)
def test_light_rooms_reach_nothing_heavy(name):
    reached, waiting = set(), {name}
    while waiting:
        here = waiting.pop()
        reached.add(here)
        for file in (f for f in FILES if room(f) == here):
            assert not outsiders_of(file) & HEAVY, file
            waiting |= rooms_of(file) - reached


def test_only_the_page_imports_dash():
    page = HEAVY - {"torch"}
    for file in FILES:
        manager = room(file) == "jobs" and file.name == "manager.py"
        if room(file) != "ui" and not manager:
            assert not outsiders_of(file) & page, file


# The default model and recipe, and examples in docstrings, are the mineral's only mentions.
MENTIONS = {
    "__init__.py": {'>>> vs = sv.load("gypsum")'},
    "virtual.py": {'>>> vs = load("gypsum")'},
    "vae/config.py": {'mineral: str = "gypsum"'},
    "cli.py": None,
    **{f"commands/{name}.py": None for name in ("compare", "restore", "train")},  # defaults, help
}


@pytest.mark.parametrize(
    "file",
    [f for f in FILES if room(f) not in {"minerals", "examples", "ui"}],
    ids=lambda f: str(f.relative_to(PACKAGE)),
)
def test_no_code_knows_which_mineral_it_works_on(file):
    name = str(file.relative_to(PACKAGE))
    lines = file.read_text(encoding="utf-8").splitlines()
    mentions = [line.strip() for line in lines if re.search("gypsum", line, re.IGNORECASE)]
    if MENTIONS.get(name, ()) is None:
        assert all('default="gypsum"' in line or "help=" in line for line in mentions)
        return
    for line in mentions:
        assert any(line.startswith(known) for known in MENTIONS.get(name, ())), line


def test_importing_the_package_is_quick():
    def seconds(code: str) -> float:
        start = time.perf_counter()
        run(code)
        return time.perf_counter() - start

    best = min(seconds("import spectra_vae") for _ in range(3))
    assert best - min(seconds("pass") for _ in range(3)) <= 0.3


def test_importing_the_package_imports_nothing_big():
    code = "import sys, spectra_vae; print({'torch', 'numpy', 'scipy', 'dash'} & set(sys.modules))"
    assert run(code).strip() == "set()"


def test_light_rooms_run_without_torch_and_dash():
    names = ", ".join(f"spectra_vae.{name}" for name in LIGHT)
    code = f"import sys, {names}; print({HEAVY!r} & set(sys.modules))"
    assert run(code).strip() == "set()"


def test_the_command_line_helps_without_torch():
    code = (
        "import sys\nfrom spectra_vae.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: print('torch' in sys.modules)"
    )
    assert run(code).splitlines()[-1] == "False"


@pytest.mark.parametrize("name", sv.__all__)
def test_every_public_name_is_there(name):
    assert getattr(sv, name) is not None
    assert name in dir(sv)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = sv.no_such_name


def test_functions_that_share_a_name_with_their_module_stay_callable():
    import spectra_vae.instrument  # imports spectra_vae.minerals
    import spectra_vae.simulate
    import spectra_vae.vae.data  # noqa: F401

    assert "gypsum" in sv.minerals()
    assert len(sv.simulate("gypsum", 2, wavenumber=[100.0, 200.0, 300.0, 400.0])) == 2
