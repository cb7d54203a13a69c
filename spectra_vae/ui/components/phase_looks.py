"""How a phase looks: its family's hue, and a second sign where two phases share one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ...minerals import Mineral, MineralError, mineral
from ..palette import NO_FAMILY, ink_of, known
from .plotting import Palette

DASHES = ("solid", "8px,3px", "2px,3px")
STROKES = dict(zip(DASHES, ("solid", "dashed", "dotted"), strict=True))
OTHER_SHADE = 0.35  # of white or black in the second and the third of a hue
FILLED = 0.42  # of the hue in a fill


@dataclass(frozen=True)
class Look:
    """``hue``: the palette's token; colours of its line, its words and its fill; its ``dash``."""

    hue: str
    line: str
    words: str
    fill: str
    dash: str

    @property
    def stroke(self) -> str:
        """The dash as a stylesheet calls it."""
        return STROKES[self.dash]

    @property
    def word_style(self) -> dict[str, str]:
        """What tells its words from those of an earlier phase of the same hue: a stroke below."""
        return {} if self.dash == DASHES[0] else {"textDecoration": f"underline {self.stroke}"}


def looks(names: Sequence[str], palette: Palette) -> dict[str, Look]:
    """One for each mineral: no two are alike."""
    seen: Counter[str] = Counter()
    found: dict[str, Look] = {}
    for name in names:
        hue = hue_of(name)
        k = min(seen[hue], len(DASHES) - 1)
        seen[hue] += 1
        other = (palette[hue], palette["surface"], palette["ink"])[k]
        line = mixed(palette[hue], other, OTHER_SHADE)
        fill = mixed(palette["surface"], line, FILLED)
        found[name] = Look(hue, line, ink_of(palette, hue), fill, DASHES[k])
    return found


def hue_of(name: str) -> str:
    """The palette's token of a mineral: that of its strongest band's group."""
    m = there(name)
    return NO_FAMILY if m is None else known(m.main_group.hue)


def label_of(name: str, spoken: str) -> str:
    """A mineral in the reader's language; one that is gone, by its name."""
    m = there(name)
    return name if m is None else m.label.within(spoken)


def there(name: str) -> Mineral | None:
    try:
        return mineral(name)
    except MineralError:
        return None


def mixed(colour: str, other: str, share: float) -> str:
    """``#RRGGBB`` with a share of another in it."""
    pairs = [(int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + share * (b - a)):02X}" for a, b in pairs)
