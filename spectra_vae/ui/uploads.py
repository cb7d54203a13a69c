"""Files as the page sends them, and what it is told of each: nothing that comes in is believed."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..examples import NAMES, example
from ..readers import ColumnsError
from ..text.message import Message, SpectraVaeError, say

if TYPE_CHECKING:
    from ..measure.report.restoration import Restoration
    from ..measure.report.summary import Summary
    from ..spectrometer import VirtualSpectrometer
    from .services import Services

MOST_FILES = 40  # at once in the page; assets/views/restore.js keeps to it, too
UNEXPECTED = Message("error.unexpected")


@dataclass(frozen=True)
class Picked:
    """A file as the page sends it.

    ``column``: the one that was chosen, if any; ``resolution``: the instrument's [cm⁻¹], if told.
    """

    name: str
    model: str
    content: bytes
    column: str | None = None
    resolution: float | None = None


def checked(picked: Any) -> Picked | None:
    """The file of a store, or None: what a page sends may be anything."""
    try:
        wanted = picked.get("example")
        known = isinstance(wanted, str) and wanted in NAMES
        content = example(wanted) if known else base64.b64decode(picked["content"], validate=True)
        column = picked.get("column")
        chosen = column[:200] if isinstance(column, str) else None
        told = picked.get("resolution")
        resolution = None if told is None else float(told)
        name, model = str(picked["name"])[:200], str(picked["model"])[:80]
        return Picked(name, model, content, chosen, resolution)
    except (AttributeError, TypeError, KeyError, ValueError, OverflowError):
        return None


def kept(
    services: Services, model: str, name: str, content: bytes, column: str | None = None
) -> dict[str, Any]:
    """What a page keeps of a file that :func:`checked` will read: itself, or why it was refused.

    With ``columns``, where one of them has to be chosen first.
    """
    own = {"name": name, "model": model, "content": base64.b64encode(content).decode()}
    try:
        services.restored(model, content, name, column)
    except ColumnsError as which:
        return {**own, "columns": which.columns, "error": told(which.message)}
    except SpectraVaeError as wrong:
        return {"name": name, "error": told(wrong.message)}
    return own if column is None else {**own, "column": column}


def answer(services: Services, key: Any, asked: Picked | None) -> dict[str, Any]:
    """What the page is told of a file: its row and code, a question, or why it was refused."""
    if asked is None:
        return {"key": key, "state": "refused", "error": told(UNEXPECTED)}
    model = services.known(asked.model)
    try:
        r = services.restored(model, asked.content, asked.name, asked.column, asked.resolution)
    except ColumnsError as which:
        return {"key": key, "state": "asks", "columns": which.columns, "error": told(which.message)}
    except SpectraVaeError as wrong:
        return {"key": key, "state": "refused", "error": told(wrong.message)}
    from ..measure.report.summary import Summary

    return {
        "key": key,
        "state": "done",
        "model": model,
        "code": known_code(r, services.model(model)).tolist(),
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

    There, the fit ends anywhere: a gypsum without its OH bands would come out as anhydrite.
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


def told(message: Message) -> dict[str, Any]:
    """A sentence as JSON that can be worded later, in any language."""
    plain = message.to_dict()
    return {"code": plain["code"], "params": plain["params"]}


@dataclass(frozen=True)
class Entry:
    """A file of the strip: ``state`` is waiting, done, asks or refused."""

    key: str
    name: str
    state: str
    summary: Summary | None = None
    columns: tuple[str, ...] = ()
    error: Message | None = None

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
    from ..measure.report.summary import Summary

    for one in results if isinstance(results, list) else []:
        try:
            key, name, state = (str(one[k])[:200] for k in ("key", "name", "state"))
            if state == "done":
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
