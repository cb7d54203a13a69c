"""Whether the chosen mineral's encoder is trained, and the job that trains it."""

from __future__ import annotations

from typing import Any

import dash
from dash import Dash, Input, Output, State, ctx, html

from ....jobs.queue import busy
from ....jobs.record import Job
from ....jobs.standing import standing
from ....jobs.tasks.encoder import TASK, encoding
from ....minerals import mineral, minerals
from ....storage.models import models
from ....text.message import SpectraVaeError, say
from ...components.parts import icon
from ...components.texts import Texts
from ...guard import minerals as owned
from ...request import language
from ...shell.view import looked_at
from .needs import NAME, Needs


def register(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("minerals-encoder", "children"),
        Output("minerals-train-encoder", "hidden"),
        Output("minerals-encoder-tick", "disabled"),
        looked_at(NAME),
        Input("minerals-chosen", "data"),
        Input("minerals-encoder-tick", "n_intervals"),
        Input("minerals-train-encoder", "n_clicks"),
        State("minerals-chosen", "data"),
    )
    def show(shown: Any, chosen: Any, tick: Any, wanted: Any, name: Any) -> Any:
        """How its encoder stands; a press of the button starts its training."""
        del shown, chosen, tick
        if not isinstance(name, str) or name not in minerals():
            return dash.no_update, True, True
        spoken, pressed = language(), ctx.triggered_id == "minerals-train-encoder" and wanted
        try:
            job = _busy(given, name) or (_started(given, name) if pressed else None)
        except SpectraVaeError as wrong:
            return say(wrong.message, spoken), False, True
        if job is not None:
            given.trainings.keep_working()
            return _told("encoder_busy", job, given, spoken), True, False
        state = _state(name)
        words = Texts("minerals", spoken)(state)
        symbol = "check2" if state == "encoder_trained" else "info-circle"
        return [icon(symbol), words], state != "encoder_untrained", True


def _busy(given: Needs, name: str) -> Job | None:
    """The job that trains, or will train, this mineral's encoder."""
    jobs = [job for job in busy(given.trainings.queue) if job.kind == TASK.kind]
    return next((job for job in jobs if job.arguments.get("mineral") == name), None)


def _started(given: Needs, name: str) -> Job:
    queue, job = given.trainings.queue, encoding(name, owner=owned.maker())
    queue.add([job])
    queue.ensure_worker()
    return queue.get(job.id) or job


def _told(key: str, job: Job, given: Needs, spoken: str) -> list[Any]:
    words = say(standing(job, given.trainings.queue), spoken)
    return [icon("info-circle"), Texts("minerals", spoken)(key), html.Span(f" {words}")]


def _state(name: str) -> str:
    from ....model.shared import encoded_folder, intact

    if name in models():
        return "encoder_shipped"
    return "encoder_trained" if intact(encoded_folder(mineral(name))) else "encoder_untrained"
