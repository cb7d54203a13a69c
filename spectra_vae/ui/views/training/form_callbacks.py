"""What the training form does as it is filled in: checked, followed, made a ticket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash
from dash import ClientsideFunction, Dash, Input, Output, State

from ....minerals import minerals
from ....storage.models import is_shipped
from ....text.message import Message, say
from ...components.forms import KINDS_OF_TRAINING, NUMBERS, Checked, check, defaults
from ...request import language, palette
from ...services import Services
from ...shell.layout import looked_at, themed
from .form import FIELDS, field_id, kind_words

BROUGHT = (  # what a kind of training brings with it
    *("beta", "schedule", "warmup", "cycles", "capacity", "sigma", "spectra", "steps"),
    "orientation",
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


def register(app: Dash, services: Services) -> None:
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
        kind, before = (k if k in KINDS_OF_TRAINING else "guided" for k in (kind, before))
        known = mineral_name if mineral_name in minerals() else services.default_mineral
        new = brought(kind, before, known, dict(zip(BROUGHT, values, strict=True)))
        fields = [new.get(name, dash.no_update) for name in BROUGHT]
        return *fields, kind_words(kind, language()), kind

    @app.callback(
        *(Output(place, "children") for place in WRONG),
        *(Output(field_id(name), "invalid") for name in NUMBERS),
        Output("wrong-form", "children"),
        Output("estimate-words", "children"),
        Output("start", "children"),
        Output("start", "aria-disabled"),  # a field mended by the same click still counts
        Output("schedule-figure", "figure"),
        looked_at("training"),
        themed("training"),
        Input("training-version", "data"),
        *states(Input),
    )
    def follow(shown: Any, theme: Any, version: Any, *values: Any) -> Any:
        del shown, theme, version
        spoken = language()
        found = checked(values)
        wrong = {name: say(m, spoken) for name, m in found.wrong.items()}
        sentences = [wrong.get(name, "") for name in FIELDS[:-1]]
        figure: Any = dash.no_update
        words = ""
        if found.trainings:
            config = found.trainings[0][1]
            figure = figure.schedule(config.schedule, config.beta, config.steps, palette(), spoken)
            words = say(services.time_of([c for _, c in found.trainings]), spoken)
        return [
            *sentences,
            *(name in wrong for name in NUMBERS),
            wrong.get("form", "") or _to_mend(wrong, spoken),
            words,
            _button(len(found.trainings) or 1, services, spoken),
            str(bool(wrong)).lower(),
            figure,
        ]

    @app.callback(
        Output("ticket", "data"),
        Output("watched", "data", allow_duplicate=True),
        Input("start", "n_clicks"),
        *states(State),
        prevent_initial_call=True,
    )
    def start(clicks: Any, *values: Any) -> Any:
        """A checked form becomes a ticket; the background callback puts it into the queue."""
        found = checked(values)
        if not clicks or found.wrong:
            return dash.no_update, dash.no_update  # what is wrong is said beside the fields already
        services.queue.check_room(len(found.trainings))
        jobs = [{"name": name, "config": c.to_dict()} for name, c in found.trainings]
        return {"jobs": jobs, "n": clicks}, None  # whatever runs now is what one wants to watch


def _to_mend(wrong: Mapping[str, str], spoken: str) -> str:
    """Which fields keep the button off: they may be out of sight."""
    fields = ", ".join(
        say(Message(f"form.label_{name}"), spoken) for name in FIELDS if name in wrong
    )
    return say(Message("form.to_mend", {"fields": fields}), spoken) if fields else ""


def _button(count: int, services: Services, spoken: str) -> str:
    waiting = len(services.queue.waiting())
    busy = waiting or services.queue.running()
    if count > 1:
        return say(Message("form.queue_many", {"count": count}), spoken)
    if busy:
        return say(Message("form.queue_as", {"position": waiting + 1}), spoken)
    return say(Message("form.start"), spoken)
