"""The head of the run that is watched: its name, what can be done, how far it is."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
import numpy as np
from dash import html

from ....storage.runs import NAME_LENGTH
from ....text.formatting import thousands
from ....text.message import Message, say
from ....vae.activity import ACTIVE_NATS
from ...components.attributes import aria, data
from ...components.markup import rich
from ...components.parts import icon
from ...components.texts import Texts
from ...run_rows import RunRow
from ...trainings import duration
from .runs_cards import asks, state_tag

Rows = Sequence[Mapping[str, Any]]


def running_head(row: RunRow, spoken: str) -> html.Div:
    """Name, state, what can be done."""

    t = Texts("training", spoken)

    buttons: list[Any] = []
    if row.state == "running" and row.mine:
        buttons = [
            _button("pause", row, "pause-fill", spoken, off=bool(row.ask)),
            _button("cancel", row, None, spoken, "danger", off=row.ask == "cancel"),
        ]
    elif row.resumable and row.mine:
        buttons.append(_button("resume", row, "play-fill", spoken))
    if row.usable:
        words: list[Any] = [icon("sliders"), t("open")]
        buttons.append(html.Button(words, id={"type": "open", "run": row.id}, className="act"))
    box = dbc.Input(
        value=row.name,
        id={"type": "name", "run": row.id},
        debounce=True,
        disabled=not row.mine,
        maxLength=NAME_LENGTH,
        className="run-title",
    )
    name = html.Label([html.Span(t("name"), className="visually-hidden"), box])
    began = time.strftime("%H:%M", time.localtime(row.created)) if row.created else ""
    return html.Div(
        [
            html.Div(name, className="run-title-holder"),
            state_tag(row, spoken),
            html.Span(t("since", time=began), className="caption"),
            html.Div(buttons, className="tools"),
        ],
        className="card-head",
    )


def running_progress(row: RunRow, live: Mapping[str, Any], rows: Rows, spoken: str) -> list[Any]:
    """How far it is, in a bar and in numbers; why it stopped."""
    step, steps = int(live.get("step", 0)), int(live.get("steps", 0))
    share = 100.0 * step / steps if steps else 0.0
    label = say(Message("training.progress"), spoken)
    bar = html.Div(
        html.Span(className="fill", style={"width": f"{share:.1f}%"}),
        className="progress-bar-flat",
        role="progressbar",
        **aria(label=label, valuemin="0", valuemax="100", valuenow=f"{share:.0f}"),
    )
    parts: list[Any] = [bar, _statistics(row, live, rows, spoken)]
    if row.message is not None:
        parts.append(
            html.P([icon("exclamation-circle"), say(row.message, spoken)], className="alarm")
        )
    return parts


def _statistics(row: RunRow, live: Mapping[str, Any], rows: Rows, spoken: str) -> html.Div:
    t = Texts("training", spoken)

    if not live:
        key = {"running": "preparing", "waiting": "in_queue"}.get(row.state, "no_steps")
        return html.Div(html.P(t(key), className="caption"), className="statistics")
    step, steps = int(live["step"]), int(live["steps"])
    speed = _speed(rows)
    left = (steps - step) / speed if speed else 0.0
    kl = np.median([r["kl"] for r in rows[-5:]], axis=0) if rows else np.zeros(0)
    active = int((kl > ACTIVE_NATS).sum())
    going = row.state == "running"
    pace = (say(duration(float(live["seconds"])), spoken), "", t("spent"))
    if going and step >= steps:
        pace = (t("evaluating"), "", t("evaluating_words"))
    elif going:
        pace = (say(duration(left), spoken), "", t("left", speed=f"{speed:.0f}"))
    shown = [
        (thousands(step), t("of_steps", steps=steps), t("steps")),
        pace,
        (f"{live['beta']:.3g}", "", t("beta_now")),
        (f"{live['rmse']:.4f}", "", t("rmse_now")),
        (t("of_neurons", active=active, count=len(kl)), "", t("neurons_active")),
    ]
    return html.Div(
        [
            html.Div(
                [
                    html.Div([html.B(value), html.Span(f" {more}" if more else "")]),
                    html.Div(rich(words), className="caption"),
                ],
                className="statistic",
            )
            for value, more, words in shown
        ],
        className="statistics",
    )


def _speed(rows: Rows) -> float:
    """Steps a second over the last rows."""
    if len(rows) < 2:
        return 0.0
    a, b = rows[max(0, len(rows) - 12)], rows[-1]
    seconds = float(b["seconds"]) - float(a["seconds"])
    return (b["step"] - a["step"]) / seconds if seconds > 0 else 0.0


def _button(
    what: str, row: RunRow, picture: str | None, spoken: str, more: str = "", off: bool = False
) -> html.Button:
    """A button that says at once what was asked by it and until it is done."""
    words, asked = (say(Message(f"training.{key}"), spoken) for key in (what, f"{what}_asked"))
    content: list[Any] = [icon(picture), words] if picture else [words]
    if row.ask == what:
        content = [asked]
    return html.Button(
        content,
        id=asks(what, row.id),
        className=f"act {more}".strip(),
        disabled=off,
        **data(asked=asked),
    )
