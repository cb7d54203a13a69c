"""The page's font: of Inter, which has 2 900 glyphs, those that the page can show.

Cut once a home out of the installed package and kept there as WOFF, .14 MB for .9: WOFF2 would
save a fifth of that and take twice as long, and the first page waits for it. What somebody writes
in other letters is shown in the system's own font.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
from io import BytesIO
from pathlib import Path

from ..minerals.store import home
from .palette import vendor_files

CHARACTERS = (  # first and last of a range
    *((0x20, 0x7E), (0xA0, 0x17F), (0x2C6, 0x2DD)),  # Latin
    *((0x370, 0x3FF), (0x2000, 0x209F)),  # Greek, punctuation, exponents and indices
    *((0x20AC, 0x20AC), (0x2100, 0x214F), (0x2190, 0x22FF)),  # units, arrows, mathematics
    (0x25A0, 0x27BF),  # shapes and marks
)
FEATURES = ("kern", "tnum", "calt", "ccmp", "locl", "mark", "mkmk")
_cutting = threading.Lock()


def inter() -> bytes:
    """The font's file, WOFF; a home that can't keep it costs some seconds a process."""
    whole = vendor_files()["inter.ttf"]
    with _cutting:  # once, however many ask
        kept = home() / "cache" / f"inter-{_key(whole)}.woff"
        with contextlib.suppress(OSError):
            return kept.read_bytes()
        cut = _cut(whole)
        with contextlib.suppress(OSError):
            kept.parent.mkdir(parents=True, exist_ok=True)
            partial = kept.with_suffix(".partial")
            partial.write_bytes(cut)
            partial.replace(kept)
        return cut


def _key(whole: Path) -> str:
    """Of this font and these characters: another release is cut again."""
    told = repr((whole.stat().st_size, whole.parts[-3:], CHARACTERS, FEATURES))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _cut(whole: Path) -> bytes:
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont, newTable

    keep = Options(hinting=False, layout_features=list(FEATURES))
    keep.drop_tables += ["name"]  # half a second to prune
    subsetter = Subsetter(keep)
    subsetter.populate(unicodes=[c for first, last in CHARACTERS for c in range(first, last + 1)])
    file = BytesIO()
    with TTFont(whole, lazy=True) as font:
        subsetter.subset(font)
        font["name"] = newTable("name")
        font["name"].names = []  # no page asks for them, but browsers want a table
        font.flavor = "woff"
        font.save(file)
    return file.getvalue()
