"""Colours, fonts and icons: one place for the page's stylesheet and for the figures."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from ..minerals import Mineral, Window

Palette = Mapping[str, str]

THEMES: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
LIGHT, DARK = THEMES["light"], THEMES["dark"]
GROUND = ("page", "surface", "sunken", "line", "line-2", "grid", "ink", "ink-2", "ink-3")
HUES = tuple(name for name in LIGHT if name not in GROUND and not name.endswith("-text"))
NO_FAMILY = "other"  # of a mineral's own hue that the page doesn't know


def known(hue: str) -> str:
    """A mineral's word for a hue, as far as there is such a hue."""
    return hue if hue in HUES else NO_FAMILY


def ink_of(palette: Palette, hue: str) -> str:
    """The colour of words in that hue."""
    return palette.get(f"{hue}-text", palette[hue])


def hue_in(m: Mineral, w: Window) -> str:
    """The palette's token for what stands in a window."""
    inside = [b for b in m.bands if w.low <= b.position <= w.high]
    strongest = max(inside, key=lambda b: b.height, default=m.main)
    return known(m.group(strongest.group).hue)


def hue_at(m: Mineral, position: float) -> str:
    """The palette's token at a place of the axis: that of the window there, or of the last
    before the next one.
    """
    starts = parts(m)
    return next(hue for low, hue in reversed(starts) if position >= low or low == starts[0][0])


def parts(m: Mineral) -> list[tuple[float, str]]:
    """Where each window's part of the whole axis begins, halfway between two, and its hue."""
    starts = [m.windows[0].low]
    starts += [(a.high + b.low) / 2 for a, b in zip(m.windows, m.windows[1:], strict=False)]
    return list(zip(starts, [hue_in(m, w) for w in m.windows], strict=True))


LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 24" fill="none" stroke="{ink}"'
    ' stroke-width="2" stroke-linecap="round" stroke-linejoin="round">'
    '<path d="M1 21h4c1 0 1.5-6 2.5-6s1.5 6 2.5 6 1.500-19 3-19 1.700 19 3 19 1.500-10 3-10'
    ' 2 10 3 10h5"/></svg>'
)

ICONS = (
    "arrow-counterclockwise",
    "arrow-90deg-left",
    "check2",
    "box-seam",
    "chevron-down",
    "chevron-right",
    "circle-half",
    "dash-lg",
    "download",
    "exclamation-circle",
    "exclamation-diamond",
    "file-earmark-arrow-up",
    "graph-up",
    "hourglass",
    "info-circle",
    "link-45deg",
    "list-check",
    "lock-fill",
    "pause-fill",
    "play-fill",
    "plus-lg",
    "question-circle",
    "shuffle",
    "sliders",
    "table",
    "trash",
    "unlock",
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
            *(_hue_class(name) for name in HUES),
            f':root {{ --logo: url("{logo()}"); }}',
            "@font-face { font-family: Inter; src: url(/vendor/inter.woff) format('woff');"
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


def _hue_class(name: str) -> str:
    """What carries a hue: ``--hue`` for what its parts draw, ``--words`` for what they say."""
    return f".hue-{name} {{ --hue: var(--{name}); --words: var(--{name}-text); }}"


def _variables(selector: str, palette: Palette) -> str:
    """Every colour, and each hue's for words."""
    texts = {f"{hue}-text": ink_of(palette, hue) for hue in HUES}
    lines = "".join(f" --{name}: {colour};" for name, colour in {**palette, **texts}.items())
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
