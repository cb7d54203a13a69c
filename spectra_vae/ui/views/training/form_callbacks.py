"""What the training form does as it is filled in: checked, followed, made a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash
from dash import ClientsideFunction, Dash, Input, Output, State

from ....jobs.queue import Queue
from ....minerals import minerals
from ....storage.models import is_shipped
from ....text.message import Message, SpectraVaeError, say
from ...components.training_form import KINDS_OF_TRAINING, NUMBERS, Checked, check, defaults
from ...guard.people import who
from ...models import DEFAULT_MODEL
from ...request import language, palette
from ...shell.view import looked_at, themed
from . import figure
from .form_layout import FIELDS, factor_choices, field_id, kind_words
from .needs import NAME, Needs

BROUGHT = (  # what a kind of training brings with it
    *("beta", "schedule", "warmup", "cycles", "capacity", "sigma", "spectra", "steps"),
    "orientation",
    "vary",
)


def states(kind: type[Input] | type[State]) -> list[Any]:
    """The form's values as dependencies, in the order of FIELDS."""
    out = [kind(field_id(name), "value") for name in FIELDS[:-1]]
    return [*out, kind("sweeping", "data")]


def raw(values: Any) -> dict[str, Any]:
    """Those values by name."""
    named = dict(zip(FIELDS, values, strict=True))
    return {**named, "sweep": named["sweep"] == "sweep"}


def checked(values: Any) -> Checked:
    """The form, read; a run may not be called like a model that everybody has."""
    form = raw(values)
    found = check(form)
    for name, _ in found.trainings:
        if is_shipped(name):
            return Checked(
                wrong={**found.wrong, "name": Message("error.name_shipped", {"name": name})}
            )
    return found


def brought(
    kind: str, before: str, mineral_name: str, current: Mapping[str, Any]
) -> dict[str, Any]:
    """Another kind's values for the fields that nobody has changed since ``before``."""
    old, new = defaults(before, mineral_name), defaults(kind, mineral_name)
    return {name: new[name] for name in BROUGHT if current.get(name) == old[name]}


WRONG = tuple(f"wrong-{name.replace('_', '-')}" for name in FIELDS[:-1])


def register(app: Dash, given: Needs) -> None:
    _register_scripts(app)
    _register_filling(app, given)
    _register_following(app, given)
    _register_start(app, given)


def _register_scripts(app: Dash) -> None:
    """Which fields are there, as the page itself knows."""
    app.clientside_callback(
        ClientsideFunction("training", "sweep"),
        Output("sweeping", "data"),
        Output("form-one", "hidden"),
        Output("form-sweep", "hidden"),
        Output("kind-words", "hidden"),
        Output("field-beta", "hidden"),
        Output("field-seed", "hidden"),
        Input("sweep-one", "n_clicks"),
        Input("sweep-sweep", "n_clicks"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("training", "schedule"),
        Output("field-warmup", "hidden"),
        Output("field-cycles", "hidden"),
        Output("field-capacity", "hidden"),
        Input(field_id("schedule"), "value"),
    )


def _register_filling(app: Dash, given: Needs) -> None:
    @app.callback(
        *(Output(field_id(name), "value") for name in BROUGHT),
        Output("kind-words", "children"),
        Output("filled-kind", "data"),
        Input(field_id("kind"), "value"),
        State("filled-kind", "data"),
        State(field_id("mineral"), "value"),
        *(State(field_id(name), "value") for name in BROUGHT),
        prevent_initial_call=True,  # the layout has the first kind's own
    )
    def fill(kind: Any, before: Any, mineral_name: Any, *values: Any) -> Any:
        """A kind of training brings its own settings; what was typed stays."""
        kind, before = (k if str(k) in KINDS_OF_TRAINING else "guided" for k in (kind, before))
        known = mineral_name
        if known not in minerals():
            known = given.models.mineral_of(DEFAULT_MODEL).name
        try:
            new = brought(kind, before, known, dict(zip(BROUGHT, values, strict=True)))
        except SpectraVaeError:
            new = {}  # this mineral has no such training: what is checked below the form says why
        fields = [new.get(name, dash.no_update) for name in BROUGHT]
        return *fields, kind_words(kind, language()), kind

    @app.callback(
        Output(field_id("vary"), "options"),
        Output(field_id("vary"), "value", allow_duplicate=True),
        Input(field_id("mineral"), "value"),
        State(field_id("kind"), "value"),
        prevent_initial_call=True,
    )
    def factors(mineral_name: Any, kind: Any) -> Any:
        """Another mineral has factors of its own."""
        if mineral_name not in minerals():
            return dash.no_update, dash.no_update
        try:
            first = defaults(kind if str(kind) in KINDS_OF_TRAINING else "guided", mineral_name)[
                "vary"
            ]
        except SpectraVaeError:
            first = dash.no_update
        return factor_choices(mineral_name, language()), first


def _register_following(app: Dash, given: Needs) -> None:
    @app.callback(
        *(Output(place, "children") for place in WRONG),
        *(Output(field_id(name), "invalid") for name in NUMBERS),
        Output("wrong-form", "children"),
        Output("estimate-words", "children"),
        Output("start", "children"),
        Output("start", "aria-disabled"),  # a field mended by the same click still counts
        Output("schedule-figure", "figure"),
        looked_at(NAME),
        themed(NAME),
        Input("training-version", "data"),
        *states(Input),
    )
    def follow(shown: Any, theme: Any, version: Any, *values: Any) -> Any:
        del shown, theme, version
        spoken = language()
        found = checked(values)
        wrong = {name: say(m, spoken) for name, m in found.wrong.items()}
        drawn: Any = dash.no_update
        words = ""
        if found.trainings:
            c = found.trainings[0][1]
            drawn = figure.schedule(c.schedule, c.beta, c.steps, palette(), spoken)
            words = say(given.trainings.time_of([c for _, c in found.trainings]), spoken)
        return [
            *(wrong.get(name, "") for name in FIELDS[:-1]),
            *(name in wrong for name in NUMBERS),
            wrong.get("form", "") or _to_mend(wrong, spoken),
            words,
            _button(len(found.trainings) or 1, given.trainings.queue, spoken),
            str(bool(wrong)).lower(),
            drawn,
        ]


def _register_start(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("training-request", "data"),
        Output("watched", "data", allow_duplicate=True),
        Input("start", "n_clicks"),
        *states(State),
        prevent_initial_call=True,
    )
    def start(clicks: Any, *values: Any) -> Any:
        """A checked form becomes a request; the background callback puts it into the queue."""
        found = checked(values)
        if not clicks or found.wrong:
            return dash.no_update, dash.no_update  # what is wrong is said beside the fields already
        given.trainings.queue.check_room(len(found.trainings), who().id)
        jobs = [{"name": name, "config": c.to_dict()} for name, c in found.trainings]
        return {"jobs": jobs, "n": clicks}, None  # whatever runs now is what one wants to watch


def _to_mend(wrong: Mapping[str, str], spoken: str) -> str:
    """Which fields keep the button off: they may be out of sight."""
    fields = ", ".join(
        say(Message(f"form.label_{name}"), spoken) for name in FIELDS if name in wrong
    )
    return say(Message("form.to_mend", {"fields": fields}), spoken) if fields else ""


def _button(count: int, queue: Queue, spoken: str) -> str:
    waiting = len(queue.waiting())
    busy = waiting or queue.running()
    if count > 1:
        return say(Message("form.queue_many", {"count": count}), spoken)
    if busy:
        return say(Message("form.queue_as", {"position": waiting + 1}), spoken)
    return say(Message("form.start"), spoken)
