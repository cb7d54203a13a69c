"""Colours, fonts and icons: one place for the page's stylesheet and for the figures."""

from __future__ import annotations

import functools
import re
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

HUES = {"strength": "water", "width": "structure"}  # of the factors' effects


def hue_of(effect: str) -> str:
    """The hue of what a factor does to a spectrum."""
    return HUES.get(effect, "instrument")


LIGHT = {
    "page": "#F5F6F8",
    "surface": "#FFFFFF",
    "sunken": "#F0F2F5",
    "line": "#E1E5EA",
    "line-2": "#C6CDD5",
    "grid": "#EEF1F4",
    "ink": "#14181D",
    "ink-2": "#47505B",
    "ink-3": "#636D78",
    "water": "#0A5BC4",
    "sulfate": "#AE5500",
    "lattice": "#AE5500",
    "structure": "#006B52",
    "unexplained": "#C2188F",
    "instrument": "#5B6672",
    "raw": "#8C96A0",
    "model": "#5B3FA0",
    "danger": "#B3261E",
    "negative": "#5B3FA0",
    "positive": "#8A5A00",
}
DARK = {
    "page": "#0F1216",
    "surface": "#171B21",
    "sunken": "#1F242B",
    "line": "#2A3139",
    "line-2": "#424C57",
    "grid": "#222830",
    "ink": "#EDF1F5",
    "ink-2": "#B7C0CA",
    "ink-3": "#8D97A3",
    "water": "#6AAEFF",
    "sulfate": "#E8963A",
    "lattice": "#E8963A",
    "structure": "#4FE0B0",
    "unexplained": "#FF9ADB",
    "instrument": "#9AA5B1",
    "raw": "#77828E",
    "model": "#B9A3FF",
    "danger": "#FF8F85",
    "negative": "#B9A3FF",
    "positive": "#E3B341",
}
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 24" fill="none" stroke="{ink}"'
    ' stroke-width="2" stroke-linecap="round" stroke-linejoin="round">'
    '<path d="M1 21h4c1 0 1.5-6 2.5-6s1.5 6 2.5 6 1.500-19 3-19 1.700 19 3 19 1.500-10 3-10'
    ' 2 10 3 10h5"/></svg>'
)
THEMES = {"light": LIGHT, "dark": DARK}

ICONS = (
    "arrow-counterclockwise",
    "arrow-90deg-left",
    "check2",
    "box-seam",
    "chevron-down",
    "chevron-right",
    "circle-half",
    "download",
    "exclamation-circle",
    "exclamation-diamond",
    "file-earmark-arrow-up",
    "graph-up",
    "hourglass",
    "info-circle",
    "link-45deg",
    "list-check",
    "pause-fill",
    "play-fill",
    "plus-lg",
    "question-circle",
    "shuffle",
    "sliders",
    "table",
    "trash",
    "x-circle",
    "x-lg",
)


def vendor_files() -> dict[str, Path]:
    """Third-party files that the page needs, from installed packages: name → path."""
    bootstrap = _package("flask_bootstrap") / "static" / "bootstrap5"
    inter = next((_package("fontpkg_inter") / "files").glob("Inter[[]*.ttf"))
    return {"bootstrap.min.css": bootstrap / "css" / "bootstrap.min.css", "inter.ttf": inter}


@functools.cache
def stylesheet() -> str:
    """Custom properties of both themes, the font, and an icon class each."""
    return "\n".join(
        [
            _variables(":root, [data-bs-theme=light]", LIGHT),
            _variables("[data-bs-theme=dark]", DARK),
            f':root {{ --logo: url("{logo()}"); }}',
            "@font-face { font-family: Inter; src: url(/vendor/inter.ttf) format('truetype');"
            " font-weight: 100 900; font-display: swap; }",
            *(_icon_class(name, svg) for name, svg in _icons().items()),
        ]
    )


def logo() -> str:
    """The logo as an address that holds it: a picture of its own would be one more request."""
    return f"data:image/svg+xml,{quote(LOGO.format(ink=LIGHT['raw']))}"


def rgba(colour: str, alpha: float) -> str:
    """``#RRGGBB`` with an opacity, as Plotly reads it."""
    r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({r},{g},{b},{alpha:g})"


def _variables(selector: str, palette: dict[str, str]) -> str:
    lines = "".join(f" --{name}: {colour};" for name, colour in palette.items())
    return f"{selector} {{{lines} }}"


def _icons() -> dict[str, str]:
    """The icons we use, as SVG documents, out of Bootstrap's sprite."""
    sprite = _package("flask_bootstrap") / "static" / "bootstrap5" / "icons" / "bootstrap-icons.svg"
    text = sprite.read_text(encoding="utf-8")
    found = {}
    for name in ICONS:
        match = re.search(rf'<symbol[^>]*id="{name}"[^>]*>(.*?)</symbol>', text, re.DOTALL)
        if match:
            head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
            found[name] = f"{head}{match.group(1)}</svg>"
    return found


def _icon_class(name: str, svg: str) -> str:
    url = f'url("data:image/svg+xml,{quote(svg)}")'
    return f".icon-{name} {{ -webkit-mask-image: {url}; mask-image: {url}; }}"


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(f"the package {name} is not installed")
    return Path(spec.submodule_search_locations[0])
