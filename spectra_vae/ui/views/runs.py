"""Runs on the page: the table, the queue, the head of the one that is watched, a comparison."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
import numpy as np
from dash import dcc, html

from ...folders import NAME_LENGTH, history_of, read_config, run_folder
from ...jobs.queue import Queue
from ...message import Message, say
from .. import figures
from ..runs import Row
from ..services import duration
from .shell import aria, icon, rich

ICONS = {
    "running": "play-fill",
    "waiting": "hourglass",
    "finished": "check2",
    "shipped": "box-seam",
    "paused": "pause-fill",
    "cancelled": "x-circle",
    "died": "exclamation-circle",
    "failed": "exclamation-circle",
}
COLUMNS = ("name", "state", "supervision", "beta", "seed", "rmse", "active", "mig", "took")
MOST_ROWS = 100
ACTIVE_NATS = 0.01
Rows = Sequence[Mapping[str, Any]]


def state_tag(row: Row, spoken: str) -> html.Span:
    bad = " bad" if row.state in ("died", "failed") else ""
    words = say(Message(f"state.{row.state}", {"position": row.position}), spoken)
    return html.Span([icon(ICONS[row.state]), words], className=f"tag{bad}")


def runs_table(
    rows: Sequence[Row], picked: Sequence[str], search: str, watched: Any, spoken: str
) -> tuple[Any, str]:
    """The table and a sentence on how many there are."""

    def t(key: str, **params: Any) -> str:
        return say(Message(f"training.{key}", params), spoken)

    wanted = search.strip().lower()
    found = [r for r in rows if wanted in f"{r.name} {r.supervision} {r.state}".lower()]
    head = html.Tr(
        [html.Th(html.Span(t("choose"), className="visually-hidden"), scope="col")]
        + [html.Th(rich(t(f"column_{c}")), scope="col", className=c) for c in COLUMNS]
        + [html.Th(html.Span(t("actions"), className="visually-hidden"), scope="col")]
    )
    body = [_table_row(r, r.id in picked, r.id == watched, spoken) for r in found[:MOST_ROWS]]
    words = t("counts", shown=min(len(found), MOST_ROWS), all=len(rows))
    if picked:
        words = t("picked", count=len(picked), all=len(rows))
    if not body:
        return html.P(t("no_match"), className="caption"), words
    return html.Table([html.Thead(head), html.Tbody(body)], className="runs"), words


def _table_row(r: Row, picked: bool, watched: bool, spoken: str) -> html.Tr:
    def t(key: str, **params: Any) -> str:
        return say(Message(f"training.{key}", params), spoken)

    name: Any = r.name
    if r.state not in ("shipped", "waiting"):
        name = html.Button(r.name, id={"type": "watch", "run": r.id}, className="link run-name")
    kind = say(Message(f"supervision.{r.supervision}"), spoken)
    pick: Any = ""
    if r.state not in ("shipped", "waiting"):
        pick = dbc.Checkbox(
            id={"type": "pick", "run": r.id},
            value=picked,
            label=html.Span(t("pick", name=r.name), className="visually-hidden"),
        )
    actions: list[Any] = []
    if r.usable:
        actions.append(_action("open", r, "sliders", t("open_run", name=r.name), kind="open"))
    if r.resumable:
        actions.append(_action("resume", r, "play-fill", t("resume_run", name=r.name)))
    if not r.busy and r.state != "shipped":
        actions.append(_action("delete", r, "trash", t("delete_run", name=r.name)))
    numbers = [
        f"{r.beta:g}" if r.supervision != "plain" else "–",
        str(r.seed),
        "–" if r.rmse is None else f"{r.rmse:.5f}",
        "–" if r.active is None else str(r.active),
        "–" if r.mig is None else f"{r.mig:.2f}",
        "–" if r.seconds is None else say(duration(r.seconds), spoken),
    ]
    return html.Tr(
        [
            html.Td(pick),
            html.Th(name, scope="row"),
            html.Td(state_tag(r, spoken)),
            html.Td(kind),
            *(html.Td(n, className="n") for n in numbers),
            html.Td(actions, className="actions"),
        ],
        className="chosen" if watched else "",
    )


def _action(what: str, r: Row, picture: str, words: str, kind: str = "do") -> html.Button:
    identity = {"type": kind, "run": r.id} if kind != "do" else _do(what, r.id)
    return html.Button(
        icon(picture), id=identity, className="quiet small", title=words, **aria(label=words)
    )


def _do(what: str, run: str) -> dict[str, str]:
    return {"type": "do", "what": what, "run": run}


def queue_card(queue: Queue, undo: Mapping[str, Any] | None, spoken: str) -> list[Any]:
    """Who waits, in order; what died last; what can still be undone."""

    def t(key: str, **params: Any) -> str:
        return say(Message(f"training.{key}", params), spoken)

    waiting = queue.waiting()
    entries = [
        html.Li(
            [
                html.B(str(k), className="place"),
                html.Span(job.name, className="name"),
                html.Button(
                    icon("x-lg"),
                    id=_do("cancel", job.id),
                    className="quiet small",
                    title=t("cancel_run", name=job.name),
                    **aria(label=t("cancel_run", name=job.name)),
                ),
            ]
        )
        for k, job in enumerate(waiting, 1)
    ]
    card: list[Any] = [
        html.Div(
            [
                html.H2(t("queue"), className="card-title"),
                html.Span(t("in_order"), className="caption"),
            ],
            className="card-head",
        ),
        html.Ol(entries, className="waiting")
        if entries
        else html.P(t("queue_empty"), className="caption"),
    ]
    if undo:
        card.append(
            html.Div(
                [
                    html.Span(t("deleted", name=str(undo["name"]))),
                    html.Button(t("undo"), id=_do("undo", str(undo["run"])), className="link"),
                ],
                className="undo",
            )
        )
    last = next(iter(queue.ended(1)), None)
    if last is not None and last.state in ("died", "failed") and last.message:
        why = say(Message(last.message["code"], last.message["params"]), spoken)
        again = html.Button(t("resume"), id=_do("resume", last.id), className="link")
        alarm: list[Any] = [icon("exclamation-circle"), html.B(f"{last.name} "), why, " ", again]
        card.append(html.P(alarm, className="alarm"))
    return card


def running_head(row: Row, live: Mapping[str, Any], rows: Rows, spoken: str) -> list[Any]:
    """Name, state, what can be done; how far it is, in a bar and in numbers."""

    def t(key: str, **params: Any) -> str:
        return say(Message(f"training.{key}", params), spoken)

    step, steps = int(live.get("step", 0)), int(live.get("steps", 0))
    share = 100.0 * step / steps if steps else 0.0
    buttons: list[Any] = []
    if row.state == "running":
        buttons = [
            _button("pause", row, "pause-fill", t("pause")),
            _button("cancel", row, None, t("cancel"), "danger"),
        ]
    elif row.resumable:
        buttons.append(_button("resume", row, "play-fill", t("resume")))
    if row.usable:
        words: list[Any] = [icon("sliders"), t("open")]
        buttons.append(html.Button(words, id={"type": "open", "run": row.id}, className="act"))
    box = dbc.Input(
        value=row.name,
        id={"type": "name", "run": row.id},
        debounce=True,
        maxLength=NAME_LENGTH,
        className="run-title",
    )
    name = html.Label([html.Span(t("name"), className="visually-hidden"), box])
    began = time.strftime("%H:%M", time.localtime(row.created)) if row.created else ""
    head = html.Div(
        [
            html.Div(name, className="run-title-holder"),
            state_tag(row, spoken),
            html.Span(t("since", time=began), className="caption"),
            html.Div(buttons, className="tools"),
        ],
        className="card-head",
    )
    bar = html.Div(
        html.Span(className="fill", style={"width": f"{share:.1f}%"}),
        className="progress-bar-flat",
        role="progressbar",
        **aria(label=t("progress"), valuemin="0", valuemax="100", valuenow=f"{share:.0f}"),
    )
    parts: list[Any] = [head, bar, _statistics(row, live, rows, spoken)]
    if row.message is not None:
        parts.append(
            html.P([icon("exclamation-circle"), say(row.message, spoken)], className="alarm")
        )
    return parts


def _statistics(row: Row, live: Mapping[str, Any], rows: Rows, spoken: str) -> html.Div:
    def t(key: str, **params: Any) -> str:
        return say(Message(f"training.{key}", params), spoken)

    if not live:
        key = "preparing" if row.state == "running" else "no_steps"
        return html.Div(html.P(t(key), className="caption"), className="statistics")
    step, steps = int(live["step"]), int(live["steps"])
    speed = _speed(rows)
    left = (steps - step) / speed if speed else 0.0
    kl = np.median([r["kl"] for r in rows[-5:]], axis=0) if rows else np.zeros(0)
    active = int((kl > ACTIVE_NATS).sum())
    thousands = f"{step:,}".replace(",", "\u202f")
    of = f"{steps:,}".replace(",", "\u202f")
    going = row.state == "running"
    shown = [
        (thousands, t("of_steps", steps=of), t("steps")),
        (
            say(duration(left if going else float(live["seconds"])), spoken),
            "",
            t("left", speed=f"{speed:.0f}") if going else t("spent"),
        ),
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


def _button(what: str, row: Row, picture: str | None, words: str, more: str = "") -> html.Button:
    content: list[Any] = [icon(picture), words] if picture else [words]
    return html.Button(content, id=_do(what, row.id), className=f"act {more}".strip())


def compared(rows: Sequence[Row], palette: Mapping[str, str], spoken: str) -> list[Any]:
    """Curves of several runs over each other, and where their configurations differ."""

    def t(key: str) -> str:
        return say(Message(f"training.{key}"), spoken)

    histories = {r.name: history_of(run_folder(r.id)) for r in rows}
    plots = [
        html.Div(
            [
                html.H3(t(f"compare_{key}"), className="plot-title"),
                dcc.Graph(
                    figure=figures.overlay(histories, key, palette, spoken),
                    config=figures.CONFIG,
                    responsive=True,
                    style={"height": "232px"},
                ),
            ],
            className="live-plot",
        )
        for key in ("loss", "reconstruction", "kl")
    ]
    different = differences([_config(r) for r in rows])
    head = html.Tr(
        [html.Th(t("setting"), scope="col")] + [html.Th(r.name, scope="col") for r in rows]
    )
    body = [
        html.Tr([html.Th(name, scope="row")] + [html.Td(value) for value in values])
        for name, values in different
    ]
    table: Any = html.Table([html.Thead(head), html.Tbody(body)], className="runs")
    if not body:
        table = html.P(t("same_settings"), className="caption")
    return [html.Div(plots, className="live-plots three"), html.Div(table, className="runs-table")]


def _config(row: Row) -> Mapping[str, Any]:
    return read_config(run_folder(row.id)) or row.config


def differences(configs: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[str]]]:
    """Settings in which configurations differ, nested ones by dotted names."""
    flat = [_flat(c) for c in configs]
    names = sorted(set().union(*flat)) if flat else []
    found = []
    for name in names:
        values = [str(f.get(name, "–")) for f in flat]
        if len(set(values)) > 1:
            found.append((name, values))
    return found


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            out |= _flat(value, f"{prefix}{key}.")
        else:
            out[f"{prefix}{key}"] = value
    return out
