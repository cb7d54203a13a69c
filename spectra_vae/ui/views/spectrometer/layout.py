"""The virtual spectrometer: sliders that move a spectrum live.

Figure and sliders live in the page (assets/views/spectrometer.js); the server makes the band table
when a slider is let go.
"""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
import numpy as np
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from ....analysis.role_words import largest
from ....analysis.roles import command_map
from ....spectra.bands import fit_bands, locate
from ....text.message import Message, say
from ...components.band_table import band_table
from ...request import language
from ...services import Services
from ...shell.layout import aria, bottom_bar, icon, opens, save_button, segmented, skeleton

NAME = "spectrometer"
LARGEST = 3  # shares of a mixed neuron: all would be taller than its slider


def layout(spoken: str, services: Services) -> list[Any]:
    def t(key: str) -> str:
        return say(Message(f"spectrometer.{key}"), spoken)

    figure = html.Div(
        [
            html.Div(
                [
                    html.Div(
                        [
                            html.H1(t("title"), id="spectrum-title", className="card-title"),
                            html.Div(id="headline", className="headline"),
                        ]
                    ),
                    html.Div(
                        [
                            segmented(
                                "axis",
                                [("windows", t("two_windows")), ("full", t("full_axis"))],
                                "windows",
                                t("axis"),
                            ),
                            html.Button(
                                [html.Span(className="key dashed"), t("reference")],
                                id="show-reference",
                                className="toggle",
                                **aria(pressed="true"),
                            ),
                            html.Button(
                                [html.Span(className="key noisy"), t("as_measured")],
                                id="show-measured",
                                className="toggle",
                                **aria(pressed="false"),
                            ),
                            save_button("export-csv", "CSV"),
                            save_button("export-picture", t("picture")),
                        ],
                        id="spectrum-tools",
                        className="tools sheet",
                    ),
                ],
                className="card-head",
            ),
            html.Div(id="spectrum", className="figure", role="img", **aria(label=t("figure"))),
            html.Div(
                skeleton(5),
                id="bands",
                className="bands sheet",
                role="region",
                tabIndex=0,  # it scrolls sideways, so the keyboard must reach it
                **aria(live="off", label=t("bands")),
            ),
        ],
        className="card figure-card",
    )
    rail = html.Div(
        [
            html.Div(
                [
                    html.Label(t("model"), htmlFor="model", className="caption"),
                    dbc.Select(
                        options=options(services, spoken), value=services.default_model, id="model"
                    ),
                ],
                className="of-model",
            ),
            html.Div(t("presets"), className="caption presets-title"),
            html.Div(id="presets", className="presets"),
            html.Div(
                [
                    html.Span(t("neurons"), className="caption"),
                    html.Button(
                        [icon("arrow-90deg-left"), t("undo")], id="undo", className="quiet small"
                    ),
                    html.Button(
                        [icon("arrow-counterclockwise"), t("reset")],
                        id="reset",
                        className="quiet small",
                    ),
                ],
                className="rail-head",
            ),
            html.Div(id="sliders", className="sliders"),
            html.Div(id="virtual-note", className="note"),
            html.Details(
                [html.Summary(id="silent-summary"), html.Div(id="silent-sliders")],
                id="silent",
                className="silent",
            ),
        ],
        className="card rail",
    )
    plotly = html.Div(dcc.Graph(), hidden=True)  # Dash brings plotly.js with its first graph
    bar = bottom_bar(
        opens("spectrum-tools", "graph-up", t("figure_tools")), opens("bands", "table", t("bands"))
    )
    stores = [dcc.Store(id=name) for name in ("code", "moved-to", "shares")]
    return [figure, rail, bar, *stores, plotly]


def options(services: Services, spoken: str) -> Any:
    """The models to choose from: name and supervision, shipped first."""
    found = []
    for card in services.cards():
        kind = say(Message(f"supervision.{card['supervision']}"), spoken)
        found.append({"value": card["id"], "label": f"{card['name']} · {kind}"})
    return found


def register(app: Dash, services: Services) -> None:
    app.clientside_callback(
        ClientsideFunction(NAME, "choose"),
        Output("spectrum", "title"),
        Input("model", "value"),
    )
    app.clientside_callback(
        ClientsideFunction(NAME, "moveTo"),
        Output("sliders", "title"),
        Input("moved-to", "data"),
    )

    app.clientside_callback(
        ClientsideFunction(NAME, "tellShares"),
        Output("silent-sliders", "title"),
        Input("shares", "data"),
    )

    @app.callback(Output("shares", "data"), Input("model", "value"), prevent_initial_call=True)
    def shares(model: Any) -> Any:
        """What each neuron moves that has no factor of its own, in words, by number."""
        name, spoken = services.known(model), language()
        mixed = [n for n in services.model(name).neurons if n.factor is None and not n.inert]
        if not mixed:
            return None
        found, m = services.found(name, command_map), services.mineral_of(name)
        moved = {n.index: largest(m, found[n.index].shares, LARGEST) for n in mixed}
        told = {
            j: say(Message("spectrometer.moves", {"shares": s}), spoken) for j, s in moved.items()
        }
        return {"model": name, "of": told}

    @app.callback(
        Output("model", "options"),
        Input("runs-version", "data"),
        prevent_initial_call=True,
    )
    def known(version: Any) -> Any:
        """A finished run can be chosen without a reload."""
        del version
        return options(services, language())

    @app.callback(
        Output("bands", "children"),
        Input("code", "data"),
        State("model", "value"),
        running=[(Output("bands", "className"), "bands sheet stale", "bands sheet")],
        prevent_initial_call=True,
    )
    def table(code: Any, model: Any) -> Any:
        vs = services.model(services.known(model))
        z = checked_code(code, len(vs.neurons), vs.origin)
        x, m = vs.wavenumber, vs.mineral
        both = vs.decode(np.stack([z, vs.origin]))
        now = fit_bands(m, x, both[0], *locate(m, x, both[0]))
        reference = fit_bands(m, x, both[1], *locate(m, x, both[1]))
        return band_table(now, reference, language())


def checked_code(code: Any, latents: int, origin: Any) -> Any:
    """A code from a page, (latents,): finite, within ±8, or the origin."""
    if not isinstance(code, list) or len(code) != latents:
        return np.array(origin, float)
    try:
        z = np.array([float(v) for v in code])
    except (TypeError, ValueError, OverflowError):
        return np.array(origin, float)
    return np.clip(z, -8, 8) if np.isfinite(z).all() else np.array(origin, float)
