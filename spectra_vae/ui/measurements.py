"""Files as the page names them, and what it is told of each: nothing that comes in is believed."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..examples import NAMES, PAIRS, example
from ..identification.wish import Range, Wish
from ..library.baseline import BASELINES
from ..readers import ColumnsError
from ..text.message import Message, SpectraVaeError, say
from .dropped_files import DIGEST, DroppedFiles
from .identifications import PATIENCE, Identifications
from .request import language
from .restorations import FileGoneError, Restorations

if TYPE_CHECKING:
    from ..identification.result import Identification
    from ..identification.row import Row
    from ..measure.report.restoration import Restoration
    from ..measure.report.summary import Summary
    from ..spectrometer import VirtualSpectrometer

MOST_FILES = 40  # at once in the page, which is told so (Restore's strip)
MOST_NAMES = 400  # minerals in a wish
IDENTIFY = "?"  # in a model's place: what it is isn't known yet
UNEXPECTED = Message("error.unexpected")
EXAMPLES = {*NAMES, *(name for pair in PAIRS.values() for name in pair)}


@dataclass(frozen=True)
class Measurement:
    """A file as the page names it: by its content's digest.

    ``model``: by which it is restored, or ``IDENTIFY``; ``column``: the one that was chosen, if
    any; ``resolution``: the instrument's [cm⁻¹], if known; ``wish``: how to identify it.
    """

    name: str
    model: str
    digest: str
    column: str | None = None
    resolution: float | None = None
    wish: Wish = Wish()

    def asked_with(self, model: str, resolution: float | None) -> Measurement:
        """The same file, asked with another model and resolution."""
        return replace(self, model=model, resolution=resolution)


def checked(given: Any, files: DroppedFiles) -> Measurement | None:
    """The file that a page names, or None: what a page sends may be anything.

    Its content, which is kept, comes along once; after that its digest does.
    """
    try:
        digest = _digest(given, files)
        column = given.get("column")
        chosen = column[:200] if isinstance(column, str) else None
        known = given.get("resolution")
        resolution = None if known is None else float(known)
        name, model = str(given["name"])[:200], str(given["model"])[:80]
        return Measurement(name, model, digest, chosen, resolution, _wish(given.get("wish")))
    except (AttributeError, TypeError, KeyError, ValueError, OverflowError):
        return None


def _digest(given: Any, files: DroppedFiles) -> str:
    wanted = given.get("example")
    if isinstance(wanted, str) and wanted in EXAMPLES:
        return files.put(example(wanted))
    if "content" in given:
        return files.put(base64.b64decode(given["content"], validate=True))
    if not DIGEST.fullmatch(given["digest"]):
        raise ValueError("digest")
    return str(given["digest"])


def _wish(given: Any) -> Wish:
    """What a page asks of the phases."""
    if given is None:
        return Wish()
    names = [tuple(str(n)[:80] for n in given[k][:MOST_NAMES]) for k in ("given", "without")]
    baseline = BASELINES[BASELINES.index(given["baseline"])]
    return Wish(names[0], names[1], given["only"] is True, _range(given["crop"]), baseline)


def _range(given: Any) -> Range | None:
    if given is None:
        return None
    low, high = (float(v) for v in given)
    return low, high


def identified(
    identifications: Identifications, one: Measurement, patience: float | None
) -> Identification | None:
    """What a file is; None where that takes longer than ``patience`` [s]."""
    told = (one.digest, one.name, one.column, one.resolution, one.wish)
    return identifications.of(*told, patience)


def restored(restorations: Restorations, one: Measurement) -> Restoration:
    """A measurement restored by its model, or by the default one where that is gone."""
    model = restorations.models.chosen(one.model)
    return restorations.of(model, one.digest, one.name, one.column, one.resolution)


def summarised(
    restorations: Restorations,
    identifications: Identifications,
    key: str,
    one: Measurement | None,
) -> dict[str, Any]:
    """What the page is told of a file: its row and code, a question, why it was refused.

    ``gone``: the server has it no more, and the page sends it again; ``working``: it takes a while,
    and the page asks again.
    """
    if one is None:
        return {"key": key, "state": "refused", "error": reported(UNEXPECTED)}
    about = {"key": key, "digest": one.digest}
    try:
        told = _row(identifications, one) if one.model == IDENTIFY else _code(restorations, one)
    except FileGoneError:
        return {"key": key, "state": "gone"}
    except ColumnsError as which:
        error = reported(which.message)
        return {**about, "state": "asks", "columns": which.columns, "error": error}
    except SpectraVaeError as wrong:
        return {**about, "state": "refused", "error": reported(wrong.message)}
    return {**about, "state": "working"} if told is None else {**about, "state": "done", **told}


def _row(identifications: Identifications, one: Measurement) -> dict[str, Any] | None:
    from ..identification.row import Row

    found = identified(identifications, one, PATIENCE)
    if found is None:
        return None
    return {"model": IDENTIFY, "row": Row.of(found, say(found.sentence, language())).to_dict()}


def _code(restorations: Restorations, one: Measurement) -> dict[str, Any]:
    from ..measure.report.summary import Summary

    r = restored(restorations, one)
    model = restorations.models.chosen(one.model)
    return {
        "model": model,
        "code": known_code(r, restorations.models.model(model)).tolist(),
        "summary": Summary.of(r).to_dict(),
    }


def unknown_factors(r: Restoration, model: VirtualSpectrometer) -> tuple[str, ...]:
    """Factors with a neuron that a file says nothing of; all of them where it isn't the mineral."""
    return tuple(
        name
        for name, one in r.estimates.items()
        if not one.known and name in model.controls and one.note.code != "note.scale"
    )


def known_code(r: Restoration, model: VirtualSpectrometer) -> NDArray[np.float64]:
    """(latents,) the fit's mean; what a file says nothing of stays where the mineral has it.

    There, the fit ends anywhere: without the bands that tell a strength, it would come out as none.
    """
    if r.gone:
        return model.origin.copy()
    code = r.code.mean.copy()
    if r.resolution is not None:  # only the estimates know of it
        for name, one in r.estimates.items():
            if one.value is not None and name in model.controls:
                code[model.controls[name]] = model.mineral.factor(name).code([one.value])[0]
    for name in unknown_factors(r, model):
        code[model.controls[name]] = model.origin[model.controls[name]]
    return code


def reported(message: Message) -> dict[str, Any]:
    """A sentence as JSON that can be worded later, in any language."""
    plain = message.to_dict()
    return {"code": plain["code"], "params": plain["params"]}


@dataclass(frozen=True)
class Entry:
    """A file of the strip: ``state`` is waiting, done, asks or refused; ``row`` where it was
    identified, ``summary`` where it was restored by a model of somebody's choice.
    """

    key: str
    name: str
    state: str
    summary: Summary | None = None
    columns: tuple[str, ...] = ()
    error: Message | None = None
    row: Row | None = None

    def reason(self, language: str) -> str:
        """Why it was refused or asks."""
        try:
            return say(self.error or UNEXPECTED, language)
        except (KeyError, IndexError, ValueError, TypeError, AttributeError):
            return say(UNEXPECTED, language)


def entries(results: Any) -> list[Entry]:
    """The files of the page's store; what is none is left out."""
    return list(_entries(results))[:MOST_FILES]


def _entries(results: Any) -> Iterator[Entry]:
    from ..identification.row import Row
    from ..measure.report.summary import Summary

    for one in results if isinstance(results, list) else []:
        try:
            key, name, state = (str(one[k])[:200] for k in ("key", "name", "state"))
            if state == "done" and "row" in one:
                yield Entry(key, name, state, row=Row.from_dict(one["row"]))
            elif state == "done":
                yield Entry(key, name, state, Summary.from_dict(one["summary"]))
            elif state in ("asks", "refused"):
                wrong = one.get("error") or {}
                columns = tuple(str(c)[:200] for c in list(one.get("columns") or ())[:64])
                error = Message(str(wrong.get("code")), dict(wrong.get("params") or {}))
                yield Entry(key, name, state, None, columns, error)
            elif state == "waiting":
                yield Entry(key, name, state)
        except (AttributeError, TypeError, KeyError, ValueError, OverflowError):
            continue
