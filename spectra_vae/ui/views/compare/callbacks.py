"""Compare's files, its result and its exports.

The page keeps the files and names them by their digests; the server remembers the last few
restorations by content.
"""

from __future__ import annotations

import base64
import time
from typing import Any

import dash
from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx

from ....examples import PAIRS
from ....minerals import mineral
from ....readers import ColumnsError
from ....text.message import SpectraVaeError
from ...components.buttons import FORMATS
from ...components.exports import exported
from ...components.texts import Texts
from ...measurements import IDENTIFY, checked, identified, reported, restored
from ...request import language, narrow, palette
from ...shell.view import looked_at, themed
from . import cards, figure
from .layout import SIDES, bridge, offered
from .needs import NAME, Needs
from .shared import PATIENCE
from .shared_card import shared_card
from .together import together
from .two_files import chosen_model, compared, shared_pair


def register(app: Dash, given: Needs) -> None:
    _register_models(app, given)
    _register_files(app, given)
    _register_sending(app)
    _register_result(app, given)
    _register_saved(app, given)


def _register_models(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("compare-model", "options"),
        looked_at(NAME),
        prevent_initial_call=True,
    )
    def known(shown: Any) -> Any:
        """Runs may have finished since."""
        del shown
        return offered(given, language())

    @app.callback(
        Output("compare-phase", "data"),
        Input({"type": "shared-phase", "name": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def choose_phase(clicks: Any) -> Any:
        """Whose state is compared, where both hold several minerals."""
        asked = ctx.triggered_id
        return str(asked["name"]) if any(clicks) and isinstance(asked, dict) else dash.no_update

    app.clientside_callback(
        ClientsideFunction(NAME, "model"),
        Output("compare-told", "data"),
        Input("compare-model", "value"),
        prevent_initial_call=True,
    )


def _register_files(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("compare-files", "data"),
        Input("compare-dropped", "data"),
        State("compare-model", "value"),
        running=[(Output("compare-busy", "hidden"), False, True)],
        prevent_initial_call=True,
    )
    def take(dropped: Any, model: Any) -> Any:
        """Restore what was dropped; the other side stays."""
        return _taken(given, _dropped(given, dropped), model)

    @app.callback(
        Output("compare-files", "data", allow_duplicate=True),
        Output("compare-model", "value"),
        Input({"type": "pair", "name": ALL}, "n_clicks"),
        State("compare-model", "value"),
        running=[(Output("compare-busy", "hidden"), False, True)],
        prevent_initial_call=True,
    )
    def take_pair(clicks: Any, model: Any) -> Any:
        """Restore an example pair, which has a model of its own: nobody chose one before."""
        asked = ctx.triggered_id
        if not any(clicks) or not isinstance(asked, dict):
            return dash.no_update, dash.no_update
        chosen = bridge(given) if model == IDENTIFY else model
        names = PAIRS.get(str(asked.get("name")), ())
        files = [{"name": f"{name}.csv", "example": name} for name in names]
        taken = _taken(given, dict(zip(SIDES, files, strict=False)), chosen)
        return taken, dash.no_update if chosen == model else chosen

    @app.callback(
        Output("compare-files", "data", allow_duplicate=True),
        Input({"type": "compare-column", "side": ALL, "number": ALL}, "n_clicks"),
        State("compare-files", "data"),
        State("compare-model", "value"),
        running=[(Output("compare-busy", "hidden"), False, True)],
        prevent_initial_call=True,
    )
    def choose(clicks: Any, files: Any, model: Any) -> Any:
        """The column of a file that has several."""
        asked = ctx.triggered_id
        if not any(clicks) or not isinstance(asked, dict):
            return dash.no_update
        side = str(asked["side"])
        one = files.get(side) if isinstance(files, dict) else None
        if one is None or checked(one, given.files) is None:
            return dash.no_update
        column, patch = str(one["columns"][asked["number"]]), dash.Patch()
        file = {key: one[key] for key in ("name", "digest", "example") if key in one}
        patch[side] = _tried(given, {**file, "model": chosen_model(given, model), "column": column})
        return patch


def _register_sending(app: Dash) -> None:
    """What the page keeps of the files: the server forgets them one day."""
    app.clientside_callback(
        ClientsideFunction(NAME, "hold"),
        Output("compare-told", "data", allow_duplicate=True),
        Input("compare-files", "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction(NAME, "drop"),
        *(Output(f"compare-{side}", "contents") for side in SIDES),
        Output("compare-dropped", "data"),
        *(Input(f"compare-{side}", "contents") for side in SIDES),
        *(State(f"compare-{side}", "filename") for side in SIDES),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction(NAME, "sendAgain"),
        Output("compare-told", "data", allow_duplicate=True),
        Input("compare-gone", "data"),
        State("compare-files", "data"),
        prevent_initial_call=True,
    )


def _dropped(given: Needs, dropped: Any) -> dict[str, dict[str, str]]:
    """Side → how a page names the file that was dropped there."""
    found = {}
    for side in SIDES:
        one = dropped.get(side) if isinstance(dropped, dict) else None
        if isinstance(one, dict):
            try:
                content = base64.b64decode(str(one.get("contents")).partition(",")[2])
            except ValueError:
                content = b""
            name = str(one.get("filename"))[:200]
            if isinstance(one.get("example"), str):
                found[side] = {"name": name, "example": one["example"]}
            else:
                found[side] = {"name": name, "digest": given.files.put(content)}
    return found


def _taken(given: Needs, files: dict[str, dict[str, str]], model: Any) -> Any:
    """The store of files with these on their sides."""
    chosen, patch = chosen_model(given, model), dash.Patch()
    for side, file in files.items():
        patch[side] = _tried(given, {**file, "model": chosen}) | {"sent": time.time()}
    return patch if files else dash.no_update


def _tried(given: Needs, file: dict[str, str]) -> dict[str, Any]:
    """What a page keeps of a file: how :func:`checked` reads it; or why it was refused.

    With ``columns``, where one of them has to be chosen first.
    """
    one = checked(file, given.files)
    try:
        if one is not None and one.model == IDENTIFY:
            identified(given.identifications, one, PATIENCE)
        elif one is not None:
            restored(given.restorations, one)
    except ColumnsError as which:
        return {**file, "columns": which.columns, "error": reported(which.message)}
    except SpectraVaeError as wrong:
        return {"name": file["name"], "error": reported(wrong.message)}
    return file


def _register_result(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("compared", "figure"),
        Output("compare-verdict", "children"),
        Output("compare-checks", "children"),
        Output("compare-title", "children"),
        Output("compare-curves", "children"),
        Output("compare-file-a", "children"),
        Output("compare-file-b", "children"),
        Output("compare-empty", "hidden"),
        Output("compare-result", "hidden"),
        *(Output(f"compare-resolution-field-{side}", "hidden") for side in SIDES),
        *(Output(f"compare-{kind.lower()}", "disabled") for kind in FORMATS),
        Input("compare-files", "data"),
        Input("compare-model", "value"),
        *(Input(f"compare-resolution-{side}", "value") for side in SIDES),
        Input("compare-phase", "data"),
        themed(NAME),
        running=[(Output("compare-busy", "hidden"), False, True)],
        prevent_initial_call=True,
    )
    def show(files: Any, model: Any, a: Any, b: Any, phase: Any, theme: Any) -> Any:
        del theme  # the cookie has it; the input only says that it changed
        spoken = language()
        kept = files if isinstance(files, dict) else {}
        chips = [cards.file(kept.get(side), side, spoken) for side in SIDES]
        empty = (*[dash.no_update] * 5, *chips, False, True, True, True, True, True)
        if model == IDENTIFY:
            shown = _shared(given, files, (a, b), phase, spoken)
            if shown is None:
                return empty
            words = _words("figure_shared", "curves_shared", spoken)
            nothing = not shown[2]  # no phase is in both, so there is nothing to save
            return (*shown, *words, *chips, True, False, False, False, nothing, nothing)
        c = compared(given, files, model, (a, b))
        if c is None:
            return empty
        vs = given.models.model(given.models.chosen(model))
        knows = vs.bridges  # both instruments, by itself
        return (
            figure.comparison(c, vs.mineral, palette(), spoken, narrow()),
            cards.verdict(c, vs.mineral, spoken),
            cards.checks(c, vs.mineral, spoken),
            *_words("figure", "curves", spoken),
            *chips,
            True,
            False,
            knows,
            knows,
            False,
            False,
        )


def _register_saved(app: Dash, given: Needs) -> None:
    @app.callback(
        Output("compare-download", "data"),
        Input("compare-csv", "n_clicks"),
        Input("compare-json", "n_clicks"),
        State("compare-files", "data"),
        State("compare-model", "value"),
        *(State(f"compare-resolution-{side}", "value") for side in SIDES),
        State("compare-phase", "data"),
        prevent_initial_call=True,
    )
    def save(csv: Any, as_json: Any, files: Any, model: Any, a: Any, b: Any, phase: Any) -> Any:
        del csv, as_json
        c = compared(given, files, model, (a, b), phase)
        return dash.no_update if c is None else exported("comparison", c.to_csv, c.to_dict)


def _words(title: str, curves: str, spoken: str) -> tuple[str, str]:
    t = Texts("comparison", spoken)
    return t(title), t(curves)


def _shared(
    given: Needs, files: Any, resolutions: tuple[Any, Any], phase: Any, spoken: str
) -> tuple[Any, Any, Any] | None:
    """Figure, verdict and checks of two files through what both hold."""
    pair = shared_pair(given, files, resolutions, phase)
    if pair is None:
        return None
    c = pair.compared(given)
    colours = palette()
    return (
        together(pair, colours, spoken, narrow()),
        shared_card(pair, c, colours, spoken),
        [] if c is None or pair.phase is None else cards.checks(c, mineral(pair.phase), spoken),
    )
