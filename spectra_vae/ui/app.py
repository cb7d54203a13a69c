"""The Dash app: shell, routes and views, each given what it needs; none is known by name."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import dash
import flask
from dash import Dash, Input, Output, dcc, html

from ..jobs.queue import jobs_at_once, niceness
from ..text.message import SpectraVaeError, say, words
from . import metrics, palette, scripts
from .components.attributes import aria, data
from .font import inter
from .guard import headers, me, memory, refusals, shapes
from .guard.access import Access
from .guard.allowance import Uploads
from .guard.door import Door
from .guard.people import People
from .model_payload import pack
from .offer import Offer
from .request import language, theme
from .shell import layout as shell
from .shell.view import View
from .views import discovered

# In the order in which a browser reads them: small windows after what they change.
STYLES = (
    *("base", "shell", "cards", "figure", "sliders", "restore", "estimates", "neurons"),
    *("identified", "compare", "beta-lab", "training", "runs", "narrow", "tour", "minerals"),
    "new-mineral",
)
PACKED = Path(__file__).resolve().parents[1] / "assets"  # in a wheel; beside the package elsewhere
ASSETS = os.environ.get("SPECTRA_VAE_ASSETS") or (
    PACKED if PACKED.is_dir() else PACKED.parents[1] / "assets"
)
MAX_UPLOAD = 56 * 1024**2  # two 20 MB files in base64, as Compare sends them

INDEX = """<!DOCTYPE html>
<html lang="{language}" data-bs-theme="{theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>spectra-vae</title>
<link rel="icon" href="{icon}">
<link rel="stylesheet" href="/style.css">
{modules}
<script id="texts" type="application/json">{texts}</script>
<script id="known-views" type="application/json">{views}</script>
</head>
<body>{app_entry}<footer hidden>{config}{scripts}
<script type="module" id="_dash-renderer">{start}</script></footer></body>
</html>"""
START = """
import {{ ready }} from "/assets/main.js";
await ready;
{renderer}
"""


class SpectraDash(Dash):
    """Dash with a page of our own: language, theme, texts and views are there before any script.

    Dash, which calls functions of ours, is started when the first view's script is there.
    """

    views: Sequence[View[Any]] = ()
    dash_scripts: str = ""  # as Dash would write them into the page

    def interpolate_index(self, **parts: Any) -> str:  # type: ignore[override]
        spoken = language()
        texts = {k[3:]: v for k, v in words(spoken).items() if k.startswith("js.")}
        self.dash_scripts = parts["scripts"]
        return INDEX.format(
            language=spoken,
            theme=theme(),
            icon=palette.logo(),
            modules=self.modules,
            texts=_embedded(texts),
            views=_embedded([_described(view) for view in self.views]),
            app_entry=parts["app_entry"],
            config=parts["config"],
            scripts=scripts.combined(parts["scripts"]),
            start=self.start,
        )

    @property
    def start(self) -> str:
        """The one script that is written into the page itself."""
        return START.format(renderer=self.renderer)

    @cached_property
    def modules(self) -> str:
        firsts = [view.script for view in self.views if view.first]
        return scripts.preloads(Path(ASSETS), firsts)


def _embedded(values: Any) -> str:
    """JSON that may stand inside an element."""
    return json.dumps(values, ensure_ascii=False).replace("<", "\\u003c")


def _described(view: View[Any]) -> dict[str, Any]:
    """What the page's scripts are told of a view; ``script`` is null where it has none."""
    script = view.script if (Path(ASSETS) / view.script).is_file() else None
    return {
        "name": view.name,
        "path": view.path,
        "script": script and f"/assets/{script}",
        "buttons": view.buttons,
    }


def create_app(offer: Offer | None = None, warm: bool = True) -> SpectraDash:
    """A dashboard of all views over ``offer`` (default: the shipped models and this home).

    ``warm``: torch and the default model are loaded in a thread meanwhile.
    """
    if not Path(ASSETS).is_dir():
        raise SpectraVaeError("error.no_assets", name=str(ASSETS)[:80])
    access = Access.of_environment()
    _ = jobs_at_once(), niceness()  # what is wrong with them is said here, where somebody reads
    given = offer or Offer.of_this_home()
    server = flask.Flask("spectra_vae")
    server.config.update(  # before Dash: Flask-Compress reads them once
        MAX_CONTENT_LENGTH=MAX_UPLOAD,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_ALGORITHM_STREAMING=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_MIMETYPES=[
            "text/html",
            "text/css",
            "text/plain",
            "text/javascript",
            "application/javascript",
            "application/json",
            "application/octet-stream",
            "image/svg+xml",
        ],
    )
    app = SpectraDash(
        "spectra_vae",
        server=server,  # type: ignore[arg-type]  # a Flask app, as Dash documents it
        assets_folder=str(ASSETS),
        assets_ignore=".*",  # served, but the page itself says what it loads
        compress=True,
        title="spectra-vae",
        update_title="",
        serve_locally=True,
        suppress_callback_exceptions=True,  # most views aren't there yet; a test knows every id
        on_error=_on_error,
    )
    app.logger.setLevel(logging.WARNING)
    _guard(app, server, access)
    _routes(server, given)
    metrics.add_metrics(server, lambda: given.trainings.queue, access)
    _files(app, server)
    app.views = discovered()
    app.layout = lambda: layout(app.views, given)
    shell.register(app)
    for view in app.views:
        view.register(app, given.part(view.needs))
        if not view.first:
            _build_later(app, given, view)
    server.wsgi_app = Door(server.wsgi_app, access)  # type: ignore[method-assign, assignment]  # as Flask says
    if warm:
        given.models.warm()
    return app


def _guard(app: SpectraDash, server: flask.Flask, access: Access) -> None:
    """What every request passes before a view hears of it, in this order."""
    if access.shared:
        people = People(access)
        people.register(server)
        me.register(server, people)
        Uploads().register(server)
    shapes.register(app, server)
    headers.register(server, [app.start])
    memory.register(server)
    refusals.register(server)


def layout(views: Sequence[View[Any]], offer: Offer) -> html.Div:
    """The page in the reader's language: the first view, and a place for every other one.

    The shell shows one at a time, and asks for it when it is looked at for the first time.
    """
    spoken = language()
    beside = {view.name: view.beside(spoken, offer.part(view.needs)) for view in views}
    return html.Div(
        [
            dcc.Location(id="address", refresh=False),
            dcc.Store(id="runs-version"),
            *(dcc.Store(id=f"build-{view.name}") for view in views if not view.first),
            shell.header(views, spoken, beside),
            shell.notice(spoken),
            html.Main([_place(view, offer, spoken) for view in views], id="main"),
            shell.footer(spoken),
        ]
    )


def _place(view: View[Any], offer: Offer, spoken: str) -> html.Section:
    return html.Section(
        view.layout(spoken, offer.part(view.needs)) if view.first else [],
        id=f"view-{view.name}",
        className="view",
        **aria(label=view.title(spoken)),
        **data(under=view.under or view.name),
    )


def _build_later(app: Dash, offer: Offer, view: View[Any]) -> None:
    """The layout of a view, when the shell asks for it."""

    @app.callback(
        Output(f"view-{view.name}", "children"),
        Input(f"build-{view.name}", "data"),
        prevent_initial_call=True,
    )
    def build(asked: Any) -> Any:
        del asked
        return [*view.layout(language(), offer.part(view.needs)), *view.stores()]


def _routes(server: flask.Flask, offer: Offer) -> None:
    @server.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @server.get("/running")
    def running() -> dict[str, int]:
        return {"running": offer.trainings.running()}

    @server.get("/model/<name>.bin")
    def model_binary(name: str) -> flask.Response:
        try:
            data, digest = pack(offer.models.folder(name), name)
        except SpectraVaeError as wrong:
            return flask.Response(say(wrong.message, language()), 404, mimetype="text/plain")
        answer = flask.Response(data, mimetype="application/octet-stream")
        answer.set_etag(digest)
        answer.headers["Cache-Control"] = "no-cache"
        answer.make_conditional(flask.request)
        return answer


def _files(app: SpectraDash, server: flask.Flask) -> None:
    """What the page is drawn with: stylesheet, font, and Dash's scripts as one."""
    bootstrap = palette.vendor_files()["bootstrap.min.css"]
    joined: dict[str, bytes] = {}

    @server.get("/style.css")
    def style() -> flask.Response:
        own = (Path(ASSETS) / "styles" / f"{name}.css" for name in STYLES)
        given, *ours = (file.read_text(encoding="utf-8") for file in (bootstrap, *own))
        return _revalidated("\n".join((given, palette.stylesheet(), *ours)), "text/css")

    @server.get(scripts.COMBINED)
    def dash_scripts() -> flask.Response:
        if not app.dash_scripts:  # a page of before this process
            app.index()
        if app.dash_scripts not in joined:
            parts = scripts.together(app.dash_scripts)
            host = flask.request.host_url
            joined[app.dash_scripts] = scripts.joined(parts, server.test_client(), host)
        return _revalidated(joined[app.dash_scripts], "text/javascript")

    @server.get("/vendor/inter.woff")
    def font() -> flask.Response:
        answer = flask.Response(inter(), mimetype="font/woff")
        answer.headers["Cache-Control"] = "max-age=86400"
        return answer


def _revalidated(content: str | bytes, kind: str) -> flask.Response:
    """Kept by the browser, which asks each time whether it is still the same."""
    answer = flask.Response(content, mimetype=kind)
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    answer.make_conditional(flask.request)
    return answer


def _on_error(wrong: Exception) -> None:
    """An exception in a callback becomes a quiet sentence, never a traceback on the page."""
    dash.set_props("notice", {"children": say(refusals.sentence_of(wrong), language())})
