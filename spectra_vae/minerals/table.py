"""A mineral's table: read into data and refused in a sentence, and written again.

The fields are those of ``data/gypsum.toml``; ``docs/add-a-mineral.md`` explains each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ..text.message import LANGUAGES, Label, Message, say, words
from . import standard
from .axis import Piece
from .checks import Reader, check_bands, check_factors, check_name, refuse
from .effects import effects
from .entries import HYDROUS, KINDS, Band, Group, Lens, Note, Phase, Preset, Window
from .factor import Factor
from .mineral import Mineral
from .reference import Reference
from .scattering import Scattering

MOST_BANDS, MOST_OTHERS, MOST_WINDOWS = 200, 100, 3
HIGHEST = 10_000.0  # cm⁻¹
MOST_FILES = 1_000  # that a table was fitted to
FAINTEST, BRIGHTEST = 1e-6, 1e6  # a mineral's scattering against another's
WITH_FAMILIES = (
    KINDS[1],
    KINDS[3],
)  # each has a hue of its own
HUES = {kind: "other" if kind in WITH_FAMILIES else kind for kind in KINDS}

Table = Mapping[str, Any]


def parse(table: Table) -> Mineral:
    """A mineral from the content of its TOML file, or of a model's header.

    Raises
    ------
    MineralError
        What the table lacks or what can't be meant, and where.
    """
    whole = Reader(table, Message("mineral_place.table"))
    name = whole.text("name")
    check_name(name)
    listed = [_band(one) for one in whole.tables("bands", MOST_BANDS, "band")]
    chosen = whole.maybe_index("strongest", len(listed))
    bands = sorted(listed, key=lambda b: b.position)
    strongest = check_bands(bands, None if chosen is None else bands.index(listed[chosen]))
    told = [asdict(b) for b in bands]
    own = whole.tables("groups", MOST_OTHERS, "group") or whole.wrapped(
        standard.groups(told), "group"
    )
    groups = tuple(_group(one) for one in own)
    raw = [dict(one.table) for one in own]
    main = told[strongest]
    factors = whole.tables("factors", MOST_OTHERS, "factor") or whole.wrapped(
        standard.factors(raw, told, main, HYDROUS), "factor"
    )
    presets = whole.tables("presets", MOST_OTHERS, "preset") or whole.wrapped(
        standard.presets([dict(f.table) for f in factors]), "preset"
    )
    windows = whole.tables("windows", MOST_WINDOWS, "window") or whole.wrapped(
        standard.windows(told), "window"
    )
    lens = whole.table_of("lens", "lens") or whole.wrapped([standard.lens(main)], "lens")[0]
    label = whole.label("label", name)
    mineral = Mineral(
        name=name,
        label=label,
        formula=whole.text("formula"),
        family=whole.text("family", ""),
        hydration_number=whole.number("hydration_number", 0, 100, 0.0),
        resolution=whole.number("resolution", 0.1, 100, 4.0),
        strongest=strongest,
        bands=tuple(bands),
        groups=groups,
        factors=tuple(_factor(one) for one in factors),
        windows=tuple(_window(one, groups, bands) for one in windows),
        lens=Lens(*lens.span("low", "high")),
        pieces=_pieces(whole.tables("axis", MOST_OTHERS, "axis")),
        presets=tuple(_preset(one, label) for one in presets),
        notes=tuple(_note(one) for one in whole.tables("notes", MOST_OTHERS, "note")),
        lookalikes=tuple(_phase(p) for p in whole.tables("lookalikes", MOST_OTHERS, "phase")),
        neighbours=tuple(_phase(p) for p in whole.tables("neighbours", MOST_OTHERS, "phase")),
        minor=_minor(whole.tables("minor", MOST_BANDS, "band")),
        scattering=_scattering(whole.table_of("scattering", "scattering")),
        reference=_reference(whole.table_of("reference", "reference")),
    )
    lens.finish()
    whole.finish()
    check_factors(mineral)
    return mineral


def _band(one: Reader) -> Band:
    band = Band(
        name=one.text("name"),
        position=one.number("position", 1, HIGHEST),
        height=one.number("height", 0, 1),
        width=one.number("width", 0.1, 1000),
        mixing=one.number("mixing", 0, 1),
        group=one.text("group"),
        assignment=one.text("assignment", ""),
        source=one.text("source", ""),
    )
    one.finish()
    return band


def _minor(listed: list[Reader]) -> tuple[Band, ...]:
    return tuple(sorted((_band(one) for one in listed), key=lambda b: b.position))


def _group(one: Reader) -> Group:
    key = one.text("key")
    label, kind = one.label("label", key), one.choice("kind", tuple(HUES), "other")
    named = Message("mineral.bands_of", {"group": label})
    bands = {language: say(named, language) for language in LANGUAGES}
    group = Group(
        key=key,
        label=label,
        bands=one.label("bands", bands),
        kind=kind,
        hue=one.text("hue", HUES[kind]),
        span=one.span("span") if one.has("span") else None,
    )
    one.finish()
    return group


def _factor(one: Reader) -> Factor:
    effect = one.choice("effect", tuple(effects()), None)
    kind = effects()[effect]
    low, high = one.number("low"), one.number("high")
    factor = kind(
        name=one.text("name"),
        effect=effect,
        low=low,
        reference=one.number("reference"),
        high=high,
        unit=one.text("unit", ""),
        group=one.text("group") if kind.grouped else None,
        widest=one.number("widest", 0.01, 100, 1.0),
        label=one.label("label", "") if one.has("label") else None,
    )
    if not low < factor.reference < high:
        refuse("error.mineral_reference", where=one.where, low=low, high=high)
    one.finish()
    return factor


def _window(one: Reader, groups: Sequence[Group], bands: Sequence[Band]) -> Window:
    """Without a label it is called by the groups in it, strongest first."""
    low, high = one.span("low", "high")
    inside = sorted((b for b in bands if low <= b.position <= high), key=lambda b: -b.height)
    keys = list(dict.fromkeys(b.group for b in inside))
    labels = [g.label for key in keys for g in groups if g.key == key]
    fallback = {
        language: ", ".join(label.within(language) for label in labels) for language in LANGUAGES
    }
    if not labels:
        fallback = {LANGUAGES[0]: f"{low:g}–{high:g} cm⁻¹"}
    window = Window(one.label("label", fallback), low, high, one.number("gain", 0.01, 1000, 1.0))
    one.finish()
    return window


def _pieces(given: list[Reader]) -> tuple[Piece, ...]:
    found = []
    for one in given:
        low, high = one.span("low", "high")
        found.append((low, high, one.number("step", 0.1, 1000)))
        one.finish()
        if len(found) > 1 and found[-2][1] != low:
            refuse("error.mineral_axis", where=one.where)
    if sum((high - low) / step for low, high, step in found) > 20_000:
        refuse("error.mineral_axis", where=given[-1].where)
    return tuple(found)


def _preset(one: Reader, label: Label) -> Preset:
    name = one.text("name")
    own = label.texts if name == "reference" else {LANGUAGES[0]: name}
    if f"preset.{name}" in words(LANGUAGES[0]):
        own = {language: say(Message(f"preset.{name}"), language) for language in LANGUAGES}
    preset = Preset(name, one.numbers("factors"), one.label("label", own))
    one.finish()
    return preset


def _note(one: Reader) -> Note:
    note = Note(one.text("factor"), one.number("below"), one.label("text", ""))
    one.finish()
    return note


def _phase(one: Reader) -> Phase:
    name = one.text("name")
    position, label = one.number("position", 1, HIGHEST), one.label("label", name)
    phase = Phase(name, position, label, one.text("mineral", ""))
    one.finish()
    return phase


def _scattering(one: Reader | None) -> Scattering | None:
    if one is None:
        return None
    found = Scattering(
        factor=one.number("factor", FAINTEST, BRIGHTEST),
        error=one.number("error", 0, 1),
        standard=one.text("standard"),
        source=one.text("source"),
    )
    one.finish()
    return found


def _reference(one: Reader | None) -> Reference | None:
    if one is None:
        return None
    low, high = one.span("low", "high")
    found = Reference(
        files=int(one.number("files", 1, MOST_FILES)),
        low=low,
        high=high,
        faintest=one.number("faintest", 0, 1),
    )
    one.finish()
    return found


def to_table(m: Mineral) -> dict[str, Any]:
    """Plain JSON values that :func:`parse` reads back to the same mineral."""
    table = {
        "name": m.name,
        "label": dict(m.label.texts),
        "formula": m.formula,
        "family": m.family,
        "hydration_number": m.hydration_number,
        "resolution": m.resolution,
        "strongest": m.strongest,
        "bands": [asdict(b) for b in m.bands],
        "groups": [_without(_plain(g), {"span": None}) for g in m.groups],
        "factors": [f.to_dict() for f in m.factors],
        "windows": [_plain(w) for w in m.windows],
        "lens": asdict(m.lens),
        "axis": [dict(zip(("low", "high", "step"), p, strict=True)) for p in m.pieces],
        "presets": [{**_plain(p), "factors": dict(p.factors)} for p in m.presets],
        "notes": [_plain(n) for n in m.notes],
        "lookalikes": [_plain(p) for p in m.lookalikes],
        "neighbours": [_plain(p) for p in m.neighbours],
        "minor": [asdict(b) for b in m.minor],
        "scattering": None if m.scattering is None else asdict(m.scattering),
        "reference": None if m.reference is None else asdict(m.reference),
    }
    return _without(table, {"scattering": None, "reference": None})


def _plain(one: Any) -> dict[str, Any]:
    """A dataclass's fields, labels as tables and ranges as lists."""
    found = {}
    for key, value in vars(one).items():
        if isinstance(value, Label):
            value = dict(value.texts)
        found[key] = list(value) if isinstance(value, tuple) else value
    return found


def _without(table: dict[str, Any], absent: Table) -> dict[str, Any]:
    return {k: v for k, v in table.items() if k not in absent or v != absent[k]}
