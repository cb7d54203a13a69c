"""A collection of pure spectra becomes minerals of one's own.

``import_library(folder_or_zip)`` keeps them in the home and tells what it refused and why.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from ..minerals import home, parse
from ..minerals.store import mineral_in, minerals, own_minerals, shipped_minerals
from ..readers import read_spectrum
from ..text.failure import unexpected
from ..text.message import LANGUAGES, Message, SpectraVaeError, say
from . import keeping
from .error import LibraryError
from .fit_mineral import fit_mineral
from .import_names import Named, formula, named, shared_prefix
from .import_source import WHOLE, Entry, Share, opened
from .known_facts import with_facts
from .name import check_name
from .saving import check_free, save

VERSION = 1  # of how files become a table: another one makes other contents
MOST_TOGETHER = 6  # files of one mineral in a fit: more of them say little more
T = TypeVar("T")
MayAdd = Callable[[str], None]

CONTENT = "content"  # where a reference keeps what it was imported from


class Step(NamedTuple):
    """How far an import is: ``done`` of ``total`` files; ``name`` is the mineral, or the file, that
    was done last; ``added`` is the mineral that it made of them, if it did just now.
    """

    done: int
    total: int
    name: str
    added: str = ""


class Made(NamedTuple):
    """A mineral, and whether it had been made before."""

    name: str
    before: bool = False


class Refused(NamedTuple):
    """A file, its path in the collection, and why nothing was made of it."""

    file: str
    why: Message


@dataclass(frozen=True)
class Imported:
    """What became of a collection.

    ``added``: names of the minerals it made; ``known``: those it had made before, of the same
    files; ``refused``: files that no mineral was made of; ``left_out``: files that say what a
    better one of the same mineral says; ``instead``: those of ``added`` that stand in the place of
    a shipped mineral now.
    """

    added: tuple[str, ...]
    refused: tuple[Refused, ...]
    known: tuple[str, ...] = ()
    left_out: tuple[Refused, ...] = ()

    @property
    def instead(self) -> tuple[str, ...]:
        return tuple(name for name in self.added if name in shipped_minerals())

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; reasons in every language."""
        return {
            "added": list(self.added),
            "known": list(self.known),
            "instead": list(self.instead),
            "refused": [_plain(one) for one in self.refused],
            "left_out": [_plain(one) for one in self.left_out],
        }


def _plain(one: Refused) -> dict[str, Any]:
    return {"file": one.file, "why": {language: say(one.why, language) for language in LANGUAGES}}


def import_library(
    source: str | Path,
    on_progress: Callable[[Step], None] | None = None,
    resolution: float | None = None,
    replace: bool = False,
    share: Share = WHOLE,
    may_add: MayAdd = lambda _: None,
) -> Imported:
    """Minerals from a folder or a zip of pure spectra, a table each, kept in the home.

    Files of one mineral get one table. What was made of the same files before stays as it is, so an
    import that was stopped goes on where it was. Tables (``.toml``) in it are taken in, too.

    Parameters
    ----------
    source
        The folder, or the zip: it is read where it lies and never unpacked.
    on_progress
        Called after each file; what it raises stops the import between two minerals.
    resolution
        FWHM [cm⁻¹] of the instrument; None assumes 4.
    replace
        Whether one's own minerals of the same names are replaced; if not, their files are refused.
    share
        The part of the collection that is imported: several processes may work on one. Files that
        name no mineral are in the part of their own name.
    may_add
        Called with a mineral's name before it is made; a
        :class:`~spectra_vae.text.message.SpectraVaeError` refuses it.

    Raises
    ------
    LibraryError
        It is no folder and no zip, or larger than a collection of spectra can be.
    """
    with opened(Path(source)) as entries:
        found, refused = _by_mineral([e for e in entries if not _is_table(e)], share)
        tables = [e for e in entries if _is_table(e) and share.holds(e.name)]
        total = len(tables) + len(refused) + sum(map(len, found.values()))
        tally = _Tally(total, on_progress or (lambda _: None))
        for file, why in refused:
            tally.settle(file, [file], why)
        for entry in tables:
            made = _attempt(entry.name, partial(_take_in, entry, replace, may_add))
            tally.settle(entry.name, [entry.name], made)
        for name, files in found.items():
            chosen = _best(files, tally)
            made = _attempt(name, partial(_make, name, chosen, resolution, replace, may_add))
            tally.settle(name, [one.entry.name for one in chosen], made)
        return tally.imported


@dataclass(frozen=True)
class _File:
    """A file that holds a spectrum: its hash, and what its name and its header say."""

    entry: Entry
    digest: str
    named: Named
    formula: str | None


@dataclass
class _Tally:
    """What was found so far, and who wants to know how far it is."""

    total: int
    on_progress: Callable[[Step], None]
    added: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    left_out: list[Refused] = field(default_factory=list)
    done: int = 0

    def settle(self, name: str, files: Sequence[str], made: Made | Message) -> None:
        """``files`` are done: a mineral was made of them, or they are refused."""
        if isinstance(made, Message):
            self.refused += [Refused(file, made) for file in files]
            self._tell(name, len(files))
        else:
            (self.known if made.before else self.added).append(made.name)
            self._tell(name, len(files), "" if made.before else made.name)

    def leave_out(self, file: str, why: Message) -> None:
        """``file`` says what a better one says."""
        self.left_out.append(Refused(file, why))
        self._tell(file, 1)

    def _tell(self, name: str, count: int, added: str = "") -> None:
        self.done += count
        self.on_progress(Step(self.done, self.total, name, added))

    @property
    def imported(self) -> Imported:
        return Imported(
            tuple(self.added), tuple(self.refused), tuple(self.known), tuple(self.left_out)
        )


def _attempt(file: str, work: Callable[[], T]) -> T | Message:
    """What ``work`` gives, or why not: one bad file must not stop the others."""
    try:
        return work()
    except SpectraVaeError as wrong:
        return wrong.message
    except Exception as fault:
        return unexpected(file, fault).message


def _is_table(entry: Entry) -> bool:
    return entry.name.lower().endswith(".toml")


def _take_in(entry: Entry, replace: bool, may_add: MayAdd) -> Made:
    content = entry.read()
    name = mineral_in(content, entry.name).name
    may_add(name)
    kept = home() / "minerals" / f"{name}.toml"
    if kept.is_file() and kept.read_bytes() == content:
        return Made(name, before=True)
    return Made(keeping.add(content, replace).name)


def _by_mineral(
    entries: Sequence[Entry], share: Share
) -> tuple[dict[str, list[_File]], list[Refused]]:
    """Mineral → its files, and the refusals of what holds no spectrum, or has no mineral's name."""
    found: dict[str, list[_File]] = {}
    refused: list[Refused] = []
    prefix = shared_prefix([entry.name for entry in entries], minerals())
    for entry in entries:
        one = _attempt(entry.name, partial(_file, entry, prefix))
        if not share.holds(entry.name if isinstance(one, Message) else one.named.mineral):
            continue
        if isinstance(one, Message):
            refused.append(Refused(entry.name, one))
        else:
            found.setdefault(one.named.mineral, []).append(one)
    return found, refused


def _file(entry: Entry, prefix: str) -> _File:
    content = entry.read()
    said = read_spectrum(content, entry.name).meta
    told = named(entry.name, prefix, said)
    if not any(map(str.isalpha, told.mineral)):
        raise LibraryError("error.import_unnamed", name=entry.name)
    check_name(told.mineral)
    return _File(entry, hashlib.sha256(content).hexdigest(), told, formula(said))


def _best(files: Sequence[_File], tally: _Tally) -> list[_File]:
    """One file a measurement, the processed one where there are two; broad scans only where there
    is nothing else; a few of many.
    """
    kept: dict[str, _File] = {}
    detailed = any(not one.named.broad for one in files)
    for one in sorted(files, key=lambda one: one.named.rank):
        name, key = one.entry.name, one.named.measurement
        if one.named.broad and detailed:
            tally.leave_out(name, Message("import.broad"))
        elif key in kept:
            tally.leave_out(name, Message("import.same", {"file": kept[key].entry.name}))
        elif len(kept) == MOST_TOGETHER:
            tally.leave_out(name, Message("import.enough", {"count": MOST_TOGETHER}))
        else:
            kept[key] = one
    return list(kept.values())


def _make(
    name: str, files: Sequence[_File], resolution: float | None, replace: bool, may_add: MayAdd
) -> Made:
    """Fit and keep a mineral, if that wasn't done before."""
    may_add(name)
    content = _content(files, resolution)
    before = keeping.reference(name) if name in own_minerals() else None
    if before is not None and before.get(CONTENT) == content:
        return Made(name, before=True)
    check_free(name, home() / "minerals", replace)
    spectra = [read_spectrum(one.entry.read(), one.entry.name) for one in files]
    draft = fit_mineral(spectra, name, resolution)
    told = next((one.formula for one in files if one.formula), None)
    table = with_facts(draft.table, told)
    parse(table)
    save(table, {**draft.reference, CONTENT: content}, home(), replace)
    return Made(name)


def _content(files: Sequence[_File], resolution: float | None) -> str:
    """What a table hangs on, hashed."""
    told = [str(VERSION), str(resolution), *sorted(one.digest for one in files)]
    return hashlib.sha256(" ".join(told).encode()).hexdigest()
