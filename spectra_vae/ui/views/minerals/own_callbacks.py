"""One's own minerals: renamed, removed and brought back; tables and collections taken in."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import dash
from dash import Dash, Input, Output, State

from ....jobs.record import Job
from ....jobs.standing import standing
from ....jobs.tasks.import_library import TASK, importing
from ....library import keeping
from ....minerals import minerals
from ....text.message import SpectraVaeError, say
from ...components.model_choice import model_options
from ...measurements import UNEXPECTED
from ...models import DEFAULT_MODEL
from ...request import language
from ...shell.view import looked_at
from . import import_card
from .needs import NAME, Needs
from .shelf import everything

TABLE = ".toml"
REMEMBERED_SECONDS = 3600.0  # that an import's outcome is shown
NOTHING = dash.no_update


def register(app: Dash, given: Needs) -> None:
    _register_actions(app, given)
    _register_taken_in(app, given)
    _register_import(app, given)


def _register_actions(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("minerals-known", "data", allow_duplicate=True),
        Output("minerals-chosen", "data", allow_duplicate=True),
        Output("minerals-own-words", "children"),
        Output("model", "options", allow_duplicate=True),
        Input("minerals-action", "data"),
        prevent_initial_call=True,
    )
    def act(asked: Any) -> Any:
        """What a button asks, by a store."""
        spoken = language()
        try:
            what, name = str(asked["what"]), str(asked["name"])
            new = str(asked.get("new") or "")
        except (TypeError, KeyError, AttributeError):
            return [NOTHING] * 4
        try:
            chosen = _done(given, what, name, new)
        except SpectraVaeError as wrong:
            return NOTHING, NOTHING, say(wrong.message, spoken), NOTHING
        if chosen is None:
            return [NOTHING] * 4
        return everything(spoken), chosen, "", model_options(given.models, spoken)


def _done(given: Needs, what: str, name: str, new: str) -> str | None:
    """The mineral that is shown after what was done to ``name``; None: nothing of it changed."""
    if what == "rename":
        return keeping.rename(name, new.strip()).name
    if what == "remove":
        keeping.remove(name)
        return name if name in minerals() else DEFAULT_MODEL
    if what == "undo":
        return keeping.bring_back(name).name
    if what == "cancel":
        given.trainings.queue.cancel(name)
    return None


def _register_taken_in(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("minerals-import", "contents"),
        Output("minerals-job", "data"),
        Output("minerals-known", "data", allow_duplicate=True),
        Output("minerals-chosen", "data", allow_duplicate=True),
        Output("minerals-import-wrong", "children"),
        Input("minerals-import", "contents"),
        State("minerals-import", "filename"),
        prevent_initial_call=True,
    )
    def take_in(contents: Any, names: Any) -> Any:
        """Tables at once; spectra and zips as a job."""
        if not contents:
            return [NOTHING] * 5
        spoken = language()
        files = _files(contents, names)
        try:
            if files and all(name.lower().endswith(TABLE) for name in files):
                found = [keeping.add(content).name for content in files.values()]
                return None, NOTHING, everything(spoken), found[-1], ""
            job = importing(files, PurePath(next(iter(files), "")).stem[:60])
            given.trainings.queue.add([job])
            given.trainings.queue.ensure_worker()
        except SpectraVaeError as wrong:
            return None, NOTHING, everything(spoken), NOTHING, say(wrong.message, spoken)
        return None, job.id, NOTHING, NOTHING, ""


def _files(contents: Any, names: Any) -> Mapping[str, bytes]:
    """Name → content of dropped files; a page may send anything."""
    try:
        pairs = zip(contents, names, strict=True)
        return {
            PurePath(str(name)).name[:100]: base64.b64decode(str(one).partition(",")[2])
            for one, name in pairs
        }
    except (TypeError, ValueError):
        raise SpectraVaeError(UNEXPECTED.code) from None


def _register_import(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("minerals-import-state", "children"),
        Output("minerals-tick", "disabled"),
        Output("minerals-finished", "data"),
        looked_at(NAME),
        Input("minerals-tick", "n_intervals"),
        Input("minerals-job", "data"),
        Input("minerals-dismissed", "data"),
        State("minerals-finished", "data"),
    )
    def watch(shown: Any, tick: Any, asked: Any, dismissed: Any, finished: Any) -> Any:
        """The import that runs, or how the last one ended, whoever started it and from where."""
        del shown, tick, asked
        spoken, queue = language(), given.trainings.queue
        job = _import(given, dismissed)
        if job is None:
            return [], True, NOTHING
        if job.busy:
            given.trainings.keep_working()
            words = say(standing(job, queue), spoken)
            return import_card.running(job, words, queue.progress(job.id), spoken), False, NOTHING
        return (
            import_card.ended(job, say(standing(job, queue), spoken), spoken),
            True,
            NOTHING if finished == job.id else job.id,
        )

    @app.callback(
        Output("minerals-known", "data", allow_duplicate=True),
        Output("model", "options", allow_duplicate=True),
        Input("minerals-finished", "data"),
        prevent_initial_call=True,
    )
    def arrived(finished: Any) -> Any:
        if not finished:
            return NOTHING, NOTHING
        return everything(language()), model_options(given.models, language())


def _import(given: Needs, dismissed: Any) -> Job | None:
    queue = given.trainings.queue
    busy = [job for job in (*queue.running(), *queue.waiting()) if job.kind == TASK.kind]
    if busy:
        return busy[0]
    ended = [job for job in queue.ended(5, TASK.kind) if job.id != dismissed]
    newest = max(ended, key=lambda job: job.ended, default=None)
    recent = newest is not None and time.time() - newest.ended < REMEMBERED_SECONDS
    return newest if recent else None
