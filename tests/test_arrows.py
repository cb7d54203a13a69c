"""The arrows of the house: who may import whom, and what importing costs."""

from __future__ import annotations

import ast
import functools
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

import spectra_vae as sv

PACKAGE = Path(sv.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

# From the lowest floor up: a room may import the rooms before it, and its own.
ROOMS = (
    "text",
    "minerals",
    "spectra",
    "readers",
    "simulation",
    "examples",
    "vae",
    "recipes",
    "model",
    "storage",
    "measure",
    "library",
    "analysis",
    "spectrometer",
    "identification",
    "runs",
    "jobs",
    "ui",
    "cli",
    "__main__",
)
# Within these rooms, too, from the lowest floor up; what has no name here stands on top.
FLOORS = {
    "measure": ("fitting", "detection", "bands", "report"),
    "readers": ("file", "shift", "selection", "sandbox", "to_spectrum", "text", "formats"),
    "ui": (
        *("palette", "output_layer", "request", "guard", "model_payload", "run_rows", "models"),
        "dropped_files",
        *(
            "restorations",
            "identifications",
            "drafts",
            "measurements",
            "trainings",
            "background",
            "metrics",
            "offer",
            "components",
            "shell",
            "views",
        ),
    ),
}
# Which of the lower rooms the narrow ones need.
ONLY = {"readers": {"text", "spectra"}, "spectra": {"text", "minerals"}, "minerals": {"text"}}
LIGHT = ("text", "minerals", "spectra", "readers", "simulation")
HEAVY = {"torch", "dash", "plotly", "dash_bootstrap_components", "flask"}
DATA = (".toml", ".json", ".csv", ".safetensors")


def module(file: Path) -> str:
    """Dotted name in the package, ``""`` for the package itself."""
    parts = file.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(file: Path) -> str:
    """The first part of a file's path in the package: its room."""
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


@functools.cache
def imports(file: Path) -> set[str]:
    """Absolute dotted names of everything a file imports, inside functions too."""
    inside = ["spectra_vae", *file.relative_to(PACKAGE).parts[:-1]]
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = inside[: len(inside) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            found |= {f"{name}.{alias.name}" for alias in node.names}
    return found


def targets(file: Path, known: set[str]) -> set[str]:
    """The package's modules that a file imports; public names count as their homes."""
    found = set()
    for name in imports(file):
        inner = name.removeprefix("spectra_vae.") if name.startswith("spectra_vae.") else ""
        inner = sv._HOME.get(inner, inner)
        while inner and inner not in known:
            inner = inner.rpartition(".")[0]
        found |= {inner} if inner else set()
    return found - {module(file)}


@functools.cache
def arrows() -> Mapping[str, set[str]]:
    """Module → modules it imports. The package's own file is lazy: it imports none."""
    known = {module(file) for file in FILES}
    return {module(f): targets(f, known) for f in FILES if room(f) != "__init__"}


def outsiders_of(file: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(file)} - {"spectra_vae"}


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def test_every_room_has_its_place():
    assert {room(f) for f in FILES} - {"__init__"} <= set(ROOMS)


def test_imports_go_down():
    wrong = []
    for here, others in arrows().items():
        floor = ROOMS.index(here.split(".")[0])
        for other in others:
            below = ROOMS.index(other.split(".")[0])
            allowed = ONLY.get(ROOMS[floor], set(ROOMS)) | {ROOMS[floor]}
            if below > floor or ROOMS[below] not in allowed:
                wrong.append(f"{here} imports {other}")
    assert not wrong


def test_imports_go_down_inside_the_large_rooms():
    wrong = []
    for here, others in arrows().items():
        name, _, inner = here.partition(".")
        floors = FLOORS.get(name, ())

        def floor(inner: str, floors: tuple[str, ...] = floors) -> int:
            first = inner.split(".")[0]
            return floors.index(first) if first in floors else len(floors)

        for other in (o for o in others if o.startswith(f"{name}.")):
            if floor(other.partition(".")[2]) > floor(inner):
                wrong.append(f"{here} imports {other}")
    assert not wrong


def test_no_imports_go_in_circles():
    left = dict(arrows())
    while free := [here for here, others in left.items() if not others & left.keys()]:
        left = {here: others for here, others in left.items() if here not in free}
    assert not left


def test_a_view_imports_no_other_view():
    wrong = [
        f"{here} imports {other}"
        for here, others in arrows().items()
        for other in others
        if here.startswith("ui.views.")
        and other.startswith("ui.views.")
        and here.split(".")[2] != other.split(".")[2]
    ]
    assert not wrong


def test_data_is_read_by_its_own_room_only():
    """A file of data is an arrow, too: from whoever names it to the room where it lies."""
    wrong = []
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        for named in re.findall(r'resources\.files\("spectra_vae"\)\.joinpath\("(\w+)"', text):
            lies, reads = ROOMS.index(named) if named in ROOMS else 0, ROOMS.index(room(file))
            if lies > reads:
                wrong.append(f"{module(file)} reads {named}")
    assert not wrong
    lying = {p.relative_to(PACKAGE).parts[0] for p in PACKAGE.rglob("*") if p.suffix in DATA}
    assert lying <= {*ROOMS, "models"}


def test_an_upward_import_would_be_seen(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path)
    file = tmp_path / "vae" / "wrong.py"
    file.parent.mkdir()
    file.write_text(
        "def f():\n    from ..spectrometer import load\n    import torch\n    from . import x\n"
    )
    assert targets(file, {"spectrometer", "vae.x"}) == {"spectrometer", "vae.x"}
    assert outsiders_of(file) == {"torch"}


def test_light_rooms_reach_nothing_heavy():
    for file in (f for f in FILES if room(f) in LIGHT):
        assert not outsiders_of(file) & HEAVY, file
    for here, others in arrows().items():
        if here.split(".")[0] in LIGHT:
            assert {other.split(".")[0] for other in others} <= set(LIGHT), here


def test_only_the_page_imports_dash():
    page = HEAVY - {"torch"}
    wrong = [module(f) for f in FILES if room(f) != "ui" and outsiders_of(f) & page]
    assert not wrong


def test_importing_the_package_is_quick():
    """Processor time: the machine may be shared."""

    def seconds(code: str) -> float:
        return float(run(f"{code}\nimport time; print(time.process_time())"))

    best = min(seconds("import spectra_vae") for _ in range(3))
    assert best - min(seconds("pass") for _ in range(3)) <= 0.3


def test_importing_the_package_imports_nothing_big():
    code = "import sys, spectra_vae; print({'torch', 'numpy', 'scipy', 'dash'} & set(sys.modules))"
    assert run(code).strip() == "set()"


def test_light_rooms_run_without_torch_and_dash():
    names = ", ".join(f"spectra_vae.{module(f)}" for f in FILES if room(f) in LIGHT)
    code = f"import sys, {names}; print({HEAVY!r} & set(sys.modules))"
    assert run(code).strip() == "set()"


def test_the_list_of_models_needs_no_torch():
    code = "import sys, spectra_vae as sv; sv.models(); print('torch' in sys.modules)"
    assert run(code).strip() == "False"


def test_the_command_line_helps_without_torch():
    code = (
        "import sys\nfrom spectra_vae.cli.main import main\n"
        "try: main(['--help'])\nexcept SystemExit: print('torch' in sys.modules)"
    )
    assert run(code).splitlines()[-1] == "False"


def test_every_public_name_is_there():
    for name in sv.__all__:
        assert getattr(sv, name) is not None
        assert name in dir(sv)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = sv.no_such_name


def test_functions_that_share_a_name_with_their_module_stay_callable():
    import spectra_vae.minerals
    import spectra_vae.simulation.simulate
    import spectra_vae.vae.data  # noqa: F401

    assert "gypsum" in sv.minerals()
    assert len(sv.simulate("gypsum", 2, wavenumber=[100.0, 200.0, 300.0, 400.0])) == 2
