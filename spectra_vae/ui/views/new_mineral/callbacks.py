"""What New mineral does on the server: fits, draws what is typed, keeps it."""

from __future__ import annotations

import sqlite3
from typing import Any

import dash
from dash import ClientsideFunction, Dash, Input, Output, State

from ....jobs.record import Job
from ....jobs.standing import standing
from ....library.editing import Edited, edited
from ....library.import_names import named
from ....library.name import check_name
from ....library.saving import check_free
from ....minerals import home, minerals
from ....minerals.store import shipped_minerals
from ....readers import ColumnsError
from ....text.message import Message, SpectraVaeError, say
from ...components.markup import rich
from ...components.model_choice import model_options
from ...drafts import Question, question
from ...guard import minerals as owned
from ...guard.refusals import sentence_of
from ...measurements import UNEXPECTED
from ...request import language, narrow, palette
from ...restorations import FileGoneError
from ...shell.view import themed
from . import cards, figure
from .needs import NAME, Needs
from .teaching import teach

OWN = "my-"  # before the name of a mineral that is there already


def register(app: Dash, given: Needs) -> None:
    _register_scripts(app)
    _register_fit(app, given)
    _register_drawn(app, given)
    _register_kept(app, given)


def _register_scripts(app: Dash) -> None:
    app.clientside_callback(
        ClientsideFunction(NAME, "drop"),
        Output("draft-upload", "contents"),
        Input("draft-upload", "contents"),
        State("draft-upload", "filename"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction(NAME, "take"),
        Output("draft-busy", "title"),
        Input("draft-told", "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction(NAME, "clicked"),
        Output("draft-figure", "title"),
        Input("draft-figure", "clickData"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction(NAME, "kept"),
        Output("draft-save", "title"),
        Input("draft-kept", "data"),
        prevent_initial_call=True,
    )


def _register_fit(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("draft-told", "data"),
        Input("draft-ask", "data"),
        prevent_initial_call=True,
    )
    def fit(asked: Any) -> Any:
        """A draft, how far its job is, a question for a column, or why not."""
        if isinstance(asked, dict) and isinstance(asked.get("instead"), str):
            given.drafts.cancel(asked["instead"])
        one = question(asked, given.files)
        if one is None:
            return {"state": "refused", "why": say(UNEXPECTED, language())}
        if not one.files:
            return dash.no_update
        told = {
            "n": asked.get("n"),
            "look": asked.get("look"),
            "digests": [source.digest for source in one.files],
        }
        return {**told, **_told(given, one, language())}


def _told(given: Needs, one: Question, spoken: str) -> dict[str, Any]:
    try:
        job = given.drafts.asked(one, owned.maker())
        if job is not None:
            return _of_job(given, job, spoken)
        draft = given.drafts.of(one)
    except FileGoneError:
        return {"state": "gone"}
    except ColumnsError as which:
        why = say(which.message, spoken)
        return {"state": "asks", "columns": which.columns, "why": why}
    except (SpectraVaeError, OSError, sqlite3.OperationalError) as wrong:
        return {"state": "refused", "why": say(sentence_of(wrong), spoken)}
    return {
        "state": "done",
        "rows": cards.rows(draft),
        "groups": cards.groups(spoken),
        "name": _free_name(one.files[0].name),
    }


def _of_job(given: Needs, job: Job, spoken: str) -> dict[str, Any]:
    """A fit that goes on, or why there is none."""
    if job.state == "failed":
        return {"state": "refused", "why": say(job.why or UNEXPECTED, spoken)}
    words = say(standing(job, given.drafts.queue), spoken)
    return {"state": "fitting", "job": job.id, "words": words}


def _free_name(file: str) -> str:
    """What a file is of, as its name says; one that there is already is somebody's own."""
    told = named(file, "", {}).mineral or "mineral"
    wanted = f"{OWN}{told}" if told in minerals() else told
    number, free = 2, wanted
    while free in minerals():
        number, free = number + 1, f"{wanted}-{number}"
    return free


def _register_drawn(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("draft-figure", "figure"),
        Output("draft-title", "children"),
        Output("draft-words", "children"),
        Output("draft-doubts", "children"),
        Output("draft-sliders", "children"),
        Output("draft-wrong", "children"),
        Output("draft-save", "disabled"),
        Input("draft-rows", "data"),
        themed(NAME),
        prevent_initial_call=True,
    )
    def draw(told: Any, theme: Any) -> Any:
        del theme
        spoken = language()
        one = _changed(given, told)
        if one is None:
            return [dash.no_update] * 7
        if isinstance(one, SpectraVaeError):
            return [*[dash.no_update] * 5, rich(say(one.message, spoken)), True]
        answered = told.get("answered")
        done = set(answered) if isinstance(answered, list) else set()
        return (
            figure.bands(one, palette(), spoken, narrow()),
            cards.title(len(one.mineral.bands), spoken),
            cards.words(one.draft, spoken),
            cards.doubts(one.draft, done, spoken),
            cards.sliders(one.mineral, spoken),
            [],
            False,
        )


def _changed(given: Needs, told: Any, name: str | None = None) -> Edited | SpectraVaeError | None:
    """The draft with the table as it was typed; what is wrong with it; None: it is no table."""
    try:
        rows = [dict(row) for row in told["rows"]]
        asked = question(told["ask"], given.files)
        formula = str(told.get("formula") or "")
    except (AttributeError, TypeError, KeyError, ValueError):
        return None
    if asked is None or not rows:
        return None
    try:
        return edited(given.drafts.of(asked), rows, name, formula)
    except SpectraVaeError as wrong:
        return wrong


def _register_kept(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("draft-name-wrong", "children"),
        Input("draft-name", "value"),
        prevent_initial_call=True,
    )
    def call_it(name: Any) -> Any:
        """What is wrong with a name, as it is typed."""
        if name is None:  # a new draft has none yet
            return []
        try:
            check_name(name)
            check_free(str(name), home() / "minerals")
            owned.check_new(str(name))
        except SpectraVaeError as wrong:
            return say(wrong.message, language())
        instead = Message("new_mineral.instead", {"name": name})
        return say(instead, language()) if name in shipped_minerals() else []

    @app.callback(
        Output("draft-kept", "data"),
        Output("model", "options", allow_duplicate=True),
        Output("draft-wrong", "children", allow_duplicate=True),
        Input("draft-keep", "data"),
        prevent_initial_call=True,
    )
    def keep(told: Any) -> Any:
        spoken, nothing = language(), dash.no_update
        try:
            name = told.get("name") if isinstance(told, dict) else None
            check_name(name)
            one = _changed(given, told, name)
            if isinstance(one, SpectraVaeError):
                raise one
            if one is None:
                return nothing, nothing, say(UNEXPECTED, spoken)
            owned.check_new(one.mineral.name)
            kept = one.save().name
            owned.kept(kept)
            teach(given, kept)
        except SpectraVaeError as wrong:
            return nothing, nothing, rich(say(wrong.message, spoken))
        return {"name": kept}, model_options(given.models, spoken), []
