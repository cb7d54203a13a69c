"""No code knows its mineral: names of minerals and groups stand in tables, tour, recipes, texts."""

import ast
import io
import re
import tokenize
import tomllib
from pathlib import Path

import spectra_vae

PACKAGE = Path(spectra_vae.__file__).parent
ROOT = PACKAGE.parent
TABLES = [*(PACKAGE / "minerals" / "data").glob("*.toml"), ROOT / "tests/minerals/calcite.toml"]
FREE = ("minerals/data", "recipes", "examples", "text", "models", "ui/views/tour", "views/tour")
MOST = 3  # what is loaded by default, the kinds of groups, and one to spare
# Shapes, hydrocarbons and the kinds of groups are called so as well.
NOT_THEIRS = {"diamond", "CH", "hydroxyl", "lattice", "other", "main"}
OTHERS = ("anhydrite", "bassanite", "carbonate", "sulphate", "hemihydrate")


def _names() -> re.Pattern[str]:
    """Names of minerals, of their look-alikes and of their groups. (``OH`` is no group's: where
    O–H stretches lie is chemistry, as where C–H ones do.)
    """
    found = set(OTHERS)
    for file in TABLES:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        found |= {table["name"], *(g["key"] for g in table["groups"])}
        found |= {p["name"] for p in table.get("lookalikes", [])}
    words = "|".join(sorted(map(re.escape, found - NOT_THEIRS), key=len, reverse=True))
    return re.compile(rf"(?<![A-Za-z])({words})(?![A-Za-z])")


def _python(source: str) -> dict[int, str]:
    """Its strings and names by line, without docstrings and comments."""
    documented: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            documented |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    found: dict[int, str] = {}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        kind = tokenize.tok_name[token.type]
        if kind.startswith(("STRING", "FSTRING", "NAME")) and token.start[0] not in documented:
            found[token.start[0]] = found.get(token.start[0], "") + " " + token.string
    return found


def _script(source: str) -> dict[int, str]:
    """Its lines without comments."""
    bare = re.sub(r"/\*.*?\*/", lambda m: "\n" * m[0].count("\n"), source, flags=re.DOTALL)
    lines = enumerate(bare.splitlines(), 1)
    return {k: re.sub(r"(^|\s)//.*", "", line) for k, line in lines}


def _naming() -> list[str]:
    names, found = _names(), []
    rooms = [(PACKAGE, "*.py", _python), (ROOT / "assets", "*.js", _script)]
    rooms.append((ROOT / "assets", "*.css", _script))
    for room, files, read in rooms:
        for file in sorted(room.rglob(files)):
            place = file.relative_to(room).as_posix()
            if any(place == f"{free}.js" or place.startswith(f"{free}/") for free in FREE):
                continue
            text = file.read_text(encoding="utf-8")
            lines = read(text).items() if names.search(text) else ()
            found += [f"{place}:{k}: {line.strip()}" for k, line in lines if names.search(line)]
    return found


def test_code_names_no_mineral_and_no_group():
    found = _naming()
    assert len(found) <= MOST, "\n".join(found)


def test_what_names_one_is_seen():
    names = _names()
    assert names.search('x = "gypsum-bridge"') and names.search("f(group.water)")
    assert not names.search("waterproof") and not names.search("platform")
