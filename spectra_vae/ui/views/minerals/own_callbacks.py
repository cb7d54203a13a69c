"""One's own minerals: renamed, removed and brought back; tables and collections taken in."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import dash
from dash import Dash, Input, Output, State, html

from ....jobs.queue import Queue, busy
from ....jobs.record import Job
from ....jobs.standing import standing
from ....jobs.task import counted
from ....jobs.tasks.import_library import TASK, how_far, importing, together
from ....library import keeping
from ....minerals import minerals
from ....minerals.store import mineral_in
from ....text.message import Message, SpectraVaeError, say
from ...components.model_choice import model_options
from ...guard import minerals as owned
from ...guard.allowance import check_disk
from ...guard.people import may_change
from ...measurements import UNEXPECTED
from ...models import DEFAULT_MODEL
from ...request import language
from ...shell.view import looked_at
from . import import_card
from .needs import NAME, Needs
from .shelf import everything

TABLE = ".toml"
REMEMBERED_SECONDS = 3600.0  # that an import's outcome is shown
ENDED_LOOKED_AT = 40  # pieces of imports, the newest
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
        Output("minerals-undo", "hidden"),
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
            return [NOTHING] * 5
        try:
            chosen = _done(given, what, name, new)
        except SpectraVaeError as wrong:
            return NOTHING, NOTHING, say(wrong.message, spoken), True, NOTHING
        if chosen is None:
            return [NOTHING] * 5
        return everything(spoken), chosen, "", NOTHING, model_options(given.models, spoken)


def _done(given: Needs, what: str, name: str, new: str) -> str | None:
    """The mineral that is shown after what was done to ``name``; None: nothing of it changed."""
    if what == "cancel":
        given.trainings.cancel_group(name)
        return None
    owned.check_mine(name)
    if what == "rename":
        owned.check_new(new.strip())
        kept = keeping.rename(name, new.strip()).name
        owned.kept(kept, instead_of=name)
        return kept
    if what == "remove":
        keeping.remove(name)
        return name if name in minerals() else DEFAULT_MODEL
    return keeping.bring_back(name).name if what == "undo" else None


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
                found = [_added(content) for content in files.values()]
                return None, NOTHING, everything(spoken), found[-1], ""
            given.trainings.queue.check_room(1, owned.maker())
            check_disk()
            jobs = importing(files, PurePath(next(iter(files), "")).stem[:60], owned.maker())
            given.trainings.queue.add(jobs)
            given.trainings.queue.ensure_worker()
        except SpectraVaeError as wrong:
            return None, NOTHING, everything(spoken), NOTHING, say(wrong.message, spoken)
        return None, jobs[0].group, NOTHING, NOTHING, ""


def _added(content: bytes) -> str:
    """The name of a table that was taken in."""
    owned.check_new(mineral_in(content, "").name)
    name = keeping.add(content).name
    owned.kept(name)
    return name


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
        pieces = _import(given, dismissed)
        if not pieces:
            return [], True, NOTHING
        if any(job.busy for job in pieces):
            given.trainings.keep_working()
            return _running(pieces, queue, spoken), False, NOTHING
        group = pieces[0].group
        unfinished = [
            (say(standing(job, queue), spoken), job.why)
            for job in pieces
            if job.state != "finished"
        ]
        found = together(job.result for job in pieces if job.result is not None)
        card = import_card.ended(group, found, unfinished, spoken)
        return card, True, NOTHING if finished == group else group

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


def _running(pieces: list[Job], queue: Queue, spoken: str) -> html.Div:
    """How far all pieces together are."""
    told = [queue.progress(job.id) for job in pieces]
    progress = how_far(pieces, told)
    first = pieces[0]
    words = (
        Message("job.running", {"name": first.name, "progress": counted(progress)})
        if any(told)
        else standing(first, queue)
    )
    mine = may_change(first.owner)
    return import_card.running(first.group, say(words, spoken), progress, mine, spoken)


def _import(given: Needs, dismissed: Any) -> list[Job]:
    """The pieces of the import that is shown: one's own before others', what runs before what
    ended; others' are shown while they run.
    """
    queue, own = given.trainings.queue, owned.maker()
    current = [job for job in busy(queue) if job.kind == TASK.kind]
    current.sort(key=lambda job: job.owner != own)
    ended = queue.ended(ENDED_LOOKED_AT, TASK.kind)
    since = time.time() - REMEMBERED_SECONDS
    shown = current or [
        job
        for job in sorted(ended, key=lambda job: -job.ended)
        if job.owner == own and job.ended > since and job.group != dismissed
    ]
    pieces = [job for job in (*current, *ended) if shown and job.group == shown[0].group]
    return sorted(pieces, key=lambda job: int(job.arguments.get("piece", 0)))
