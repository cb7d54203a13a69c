"""Runs beside each other: their curves, and where their configurations differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dash import dcc, html

from ....storage.runs import history_of, read_config, run_folder
from ....text.message import Message, SpectraVaeError, say
from ....vae.config import TrainConfig
from ...components import plotting
from ...run_rows import ListedRun
from . import figure


def compared(rows: Sequence[ListedRun], palette: Mapping[str, str], spoken: str) -> list[Any]:
    """Curves of several runs over each other, and where their configurations differ."""

    def t(key: str) -> str:
        return say(Message(f"training.{key}"), spoken)

    called = _told_apart([r.name for r in rows])
    histories = {name: history_of(run_folder(r.id)) for name, r in zip(called, rows, strict=True)}
    plots = [
        html.Div(
            [
                html.H3(t(f"compare_{key}"), className="plot-title"),
                dcc.Graph(
                    figure=figure.overlay(histories, key, palette, spoken),
                    config=plotting.CONFIG,
                    responsive=True,
                    style={"height": "14.5rem"},
                ),
            ],
            className="live-plot",
        )
        for key in ("loss", "reconstruction", "kl")
    ]
    without = [name for name, history in histories.items() if not history]
    different = _results(rows, t) + differences([_config(r) for r in rows])
    head = html.Tr(
        [html.Th(t("setting"), scope="col")] + [html.Th(name, scope="col") for name in called]
    )
    body = [
        html.Tr([html.Th(name, scope="row")] + [html.Td(value) for value in values])
        for name, values in different
    ]
    table: Any = html.Table([html.Thead(head), html.Tbody(body)], className="runs")
    if not body:
        table = html.P(t("same_settings"), className="caption")
    words = say(Message("training.no_history", {"names": ", ".join(without)}), spoken)
    drawn = [html.Div(plots, className="live-plots three")] if len(without) < len(rows) else []
    return [
        *drawn,
        *([html.P(words, className="caption")] if without else []),
        html.Div(table, className="runs-table settings"),
    ]


def _results(rows: Sequence[ListedRun], t: Callable[[str], str]) -> list[tuple[str, list[str]]]:
    """What the evaluations found, where they differ, in the words of the runs' table."""
    found = []
    for key, form in (("rmse", ".5f"), ("active", "g"), ("mig", ".2f")):
        values = [getattr(r, key) for r in rows]
        if any(value != values[0] for value in values):
            told = ["–" if value is None else f"{value:{form}}" for value in values]
            found.append((t(f"column_{key}"), told))
    return found


def _told_apart(names: Sequence[str]) -> list[str]:
    """Names of which none is another's: a repeated one is counted."""
    out: list[str] = []
    for name in names:
        new, k = name, 2
        while new in out:
            new, k = f"{name} ({k})", k + 1
        out.append(new)
    return out


def _config(row: ListedRun) -> Mapping[str, Any]:
    return read_config(run_folder(row.id)) or row.config


def differences(configs: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[str]]]:
    """Settings in which configurations differ, nested ones by dotted names."""
    flat = [_flat(_whole(c)) for c in configs]
    names = sorted(set().union(*flat)) if flat else []
    found = []
    for name in names:
        values = [f.get(name) for f in flat]
        if any(value != values[0] for value in values):
            found.append((name, [_shown(value) for value in values]))
    return found


def _whole(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """With what an older version didn't write down; what can't be read, as it stands."""
    try:
        return TrainConfig.from_dict(config).to_dict()
    except SpectraVaeError:
        return config


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    if isinstance(value, float):
        return f"{value:.10g}"
    return "–" if value is None else str(value)


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            out |= _flat(value, f"{prefix}{key}.")
        else:
            out[f"{prefix}{key}"] = value
    return out
