"""How the house is built: sizes of files and functions, docstrings, rooms, arrows and circles.

python -m benchmarks.house
"""

from __future__ import annotations

import ast
import statistics
from collections.abc import Sequence
from pathlib import Path

import spectra_vae

PACKAGE = Path(spectra_vae.__file__).parent
LONG = 40  # lines
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.AST) -> list[Function]:
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def lines(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def spread(values: Sequence[int]) -> str:
    """Median, 95th percentile and longest."""
    ordered = sorted(values)
    late = ordered[int(0.95 * (len(ordered) - 1))]
    return f"{statistics.median(ordered):g} / {late} / {ordered[-1]}"


def room(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(file: Path, tree: ast.AST) -> set[str]:
    """The rooms that a file imports from."""
    here, found = file.relative_to(PACKAGE).parent.parts, set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = here[: len(here) - node.level + 1]
            path = (*base, *(node.module or "").split(".")) if node.module else base
            found |= {path[0]} if path else {name.name for name in node.names}
    return found - {room(file)}


def circles(arrows: dict[str, set[str]]) -> list[tuple[str, str]]:
    """Pairs of rooms that reach each other."""

    def reached(start: str) -> set[str]:
        seen, left = set[str](), list(arrows.get(start, ()))
        while left:
            if (one := left.pop()) not in seen:
                seen.add(one)
                left += arrows.get(one, ())
        return seen

    reach = {name: reached(name) for name in arrows}
    return [(a, b) for a in reach for b in reach[a] if a < b and a in reach.get(b, ())]


def main() -> None:
    files = sorted(PACKAGE.rglob("*.py"))
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in files}
    every = [node for tree in trees.values() for node in functions(tree)]
    documented = [text for node in every if (text := ast.get_docstring(node))]
    documented += [
        text
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef | ast.Module) and (text := ast.get_docstring(node))
    ]
    arrows: dict[str, set[str]] = {}
    for file, tree in trees.items():
        arrows.setdefault(room(file), set()).update(imported(file, tree))
    rows = {
        "files": len(files),
        "lines a file, median / p95 / longest": spread(
            [file.read_text(encoding="utf-8").count("\n") for file in files]
        ),
        "functions": len(every),
        "lines a function, median / p95 / longest": spread([lines(node) for node in every]),
        f"functions over {LONG} lines": sum(lines(node) > LONG for node in every),
        "docstrings with parameters": sum("Parameters\n" in text for text in documented),
        "docstrings with an example": sum(">>>" in text for text in documented),
        "rooms": len(arrows),
        "arrows between rooms": sum(map(len, arrows.values())),
        "circles": len(circles(arrows)),
    }
    for name, value in rows.items():
        print(f"{name:44}{value}")


if __name__ == "__main__":
    main()
