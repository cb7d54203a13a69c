"""Runs on the page: the table and the queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from ....jobs.queue import Queue
from ....jobs.record import Job
from ....text.message import Message, say
from ...components.attributes import aria, data
from ...components.markup import rich
from ...components.naming import factor_called
from ...components.parts import icon
from ...components.texts import Texts
from ...guard.people import called, may_change
from ...run_rows import RunRow
from ...trainings import duration

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
EXPLAINED = ("rmse", "active", "mig")
MOST_ROWS = 100


def state_tag(row: RunRow, spoken: str) -> html.Span:
    bad = " bad" if row.state in ("died", "failed") else ""
    words = say(Message(f"state.{row.state}", {"position": row.position}), spoken)
    return html.Span([icon(ICONS[row.state]), words], className=f"tag{bad}")


def runs_table(
    rows: Sequence[RunRow], picked: Sequence[str], search: str, watched: Any, spoken: str
) -> tuple[Any, str]:
    """The table and a sentence on how many there are."""

    t = Texts("training", spoken)

    wanted = search.strip().lower()
    found = [r for r in rows if wanted in f"{r.name} {r.supervision} {r.state}".lower()]
    about = {c: t(f"about_{c}") for c in EXPLAINED}
    head = html.Tr(
        [html.Th(html.Span(t("choose"), className="visually-hidden"), scope="col")]
        + [
            html.Th(rich(t(f"column_{c}")), scope="col", className=c, title=about.get(c, ""))
            for c in COLUMNS
        ]
        + [html.Th(html.Span(t("actions"), className="visually-hidden"), scope="col")]
    )
    body = [_table_row(r, r.id in picked, r.id == watched, spoken) for r in found[:MOST_ROWS]]
    words = t("counts", shown=min(len(found), MOST_ROWS), all=len(rows))
    if picked:
        words = t("picked", count=len(picked), all=len(rows))
    if not body:
        return html.P(t("no_match"), className="caption"), words
    return html.Table([html.Thead(head), html.Tbody(body)], className="runs"), words


def _table_row(r: RunRow, picked: bool, watched: bool, spoken: str) -> html.Tr:
    t = Texts("training", spoken)

    name: Any = r.name
    if r.state not in ("shipped", "waiting"):
        name = html.Button(r.name, id={"type": "watch", "run": r.id}, className="link run-name")
    kind = say(Message(f"supervision.{r.supervision}"), spoken)
    pick: Any = ""
    if r.state != "waiting":
        pick = dbc.Checkbox(
            id={"type": "pick", "run": r.id},
            value=picked,
            label=html.Span(t("pick", name=r.name), className="visually-hidden"),
        )
    actions: list[Any] = []
    if r.usable:
        actions.append(_action("open", r, "sliders", t("open_run", name=r.name), kind="open"))
    if r.resumable and r.mine:
        actions.append(_action("resume", r, "play-fill", t("resume_run", name=r.name)))
    if not r.busy and r.mine and r.state != "shipped":
        actions.append(_action("delete", r, "trash", t("delete_run", name=r.name)))
    unknown = "" if r.busy else t("not_evaluated")
    numbers = [
        (f"{r.beta:g}", "") if r.supervision != "plain" else ("–", t("no_beta")),
        (str(r.seed), ""),
        ("–", t("no_rmse") if r.usable else unknown) if r.rmse is None else (f"{r.rmse:.5f}", ""),
        ("–", unknown) if r.active is None else (str(r.active), ""),
        ("–", unknown) if r.mig is None else (f"{r.mig:.2f}", ""),
        ("–", "") if r.seconds is None else (say(duration(r.seconds), spoken), ""),
    ]
    return html.Tr(
        [
            html.Td(pick),
            html.Th([name, *whose(r.owner)], scope="row"),
            html.Td(state_tag(r, spoken)),
            html.Td([kind, *varies(r, spoken)]),
            *(
                html.Td(n, className=f"n {c}", title=why, **data(label=t(f"column_{c}")))
                for c, (n, why) in zip(COLUMNS[3:], numbers, strict=True)
            ),
            html.Td(actions, className="actions"),
        ],
        className="chosen" if watched else "",
    )


def varies(r: RunRow, spoken: str) -> list[Any]:
    """What varied in the run's spectra, where it wasn't everything."""
    told = r.config.get("vary")
    names = [str(name) for name in told] if isinstance(told, Mapping | list | tuple) else []
    if not names:
        return []
    listed = ", ".join(factor_called(name, spoken) for name in names)
    said = say(Message("training.varies", {"factors": listed}), spoken)
    return [html.Div(rich(said), className="caption")]


def whose(owner: str) -> list[Any]:
    """Beside what belongs to somebody else: who that is."""
    name = called(owner)
    return [html.Span(name, className="caption")] if name else []


def _action(what: str, r: RunRow, picture: str, words: str, kind: str = "do") -> html.Button:
    identity = {"type": kind, "run": r.id} if kind != "do" else asks(what, r.id)
    return html.Button(
        icon(picture), id=identity, className="quiet small", title=words, **aria(label=words)
    )


def asks(what: str, run: str) -> dict[str, str]:
    """Name of a button that asks something of a run; the page's script hears it."""
    return {"type": "do", "what": what, "run": run}


def _cancel(job: Job, t: Texts) -> html.Button:
    words = t("cancel_run", name=job.name)
    return html.Button(
        icon("x-lg"),
        id=asks("cancel", job.id),
        className="quiet small",
        title=words,
        **aria(label=words),
    )


def queue_card(queue: Queue, deleted: Sequence[Mapping[str, Any]], spoken: str) -> list[Any]:
    """Who waits, in order; what died last; what can still be undone."""

    t = Texts("training", spoken)

    waiting = queue.waiting()
    entries = [
        html.Li(
            [
                html.B(str(k), className="place"),
                html.Span([job.name, *whose(job.owner)], className="name"),
                *([_cancel(job, t)] if may_change(job.owner) else []),
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
        else html.P(t("queue_next" if queue.running() else "queue_empty"), className="caption"),
    ]
    card += [
        html.Div(
            [
                html.Span(t("deleted", name=entry["name"])),
                html.Button(t("undo"), id=asks("undo", entry["run"]), className="link"),
            ],
            className="undo",
        )
        for entry in deleted
    ]
    last = next(iter(queue.ended(1)), None)
    if last is not None and last.state in ("died", "failed") and last.why:
        why = say(last.why, spoken)
        alarm: list[Any] = [icon("exclamation-circle"), html.B(f"{last.name} "), why, " "]
        if may_change(last.owner):
            alarm.append(html.Button(t("resume"), id=asks("resume", last.id), className="link"))
        card.append(html.P(alarm, className="alarm"))
    return card
