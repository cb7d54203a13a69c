"""The Dash app: shell, routes and views, each given what it needs."""

from __future__ import annotations

import json
import logging
import os
from functools import cached_property
from pathlib import Path
from typing import Any

import dash
import flask
from dash import Dash, Input, Output, dcc, html
from werkzeug.exceptions import SecurityError

from ..jobs.queue import jobs_at_once
from ..text.message import Message, SpectraVaeError, say, words
from . import palette, scripts
from .background import QueueManager
from .model_payload import pack
from .request import language, theme
from .services import Services
from .shell import layout as shell
from .shell.layout import aria
from .views.compare import layout as compare
from .views.lab import layout as lab
from .views.neurons import layout as neurons
from .views.restore import layout as restore
from .views.spectrometer import layout as spectrometer
from .views.tour import layout as tour
from .views.training import layout as training

PACKED = Path(__file__).resolve().parents[1] / "assets"  # in a wheel; beside the package elsewhere
ASSETS = os.environ.get("SPECTRA_VAE_ASSETS") or (
    PACKED if PACKED.is_dir() else PACKED.parents[1] / "assets"
)
LATER = (restore, compare, neurons, training, lab, tour)  # built when first looked at
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
</head>
<body>{app_entry}<footer hidden>{config}{scripts}
<script type="module" src="/assets/main.js"></script>
<script type="module" id="_dash-renderer">{renderer}</script></footer></body>
</html>"""


class SpectraDash(Dash):
    """Dash with a page of our own: language, theme and texts are there before any script.

    Modules run in their order once the page is read: Dash, which calls functions of ours, is
    started by the last one.
    """

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
            texts=json.dumps(texts, ensure_ascii=False).replace("<", "\\u003c"),
            app_entry=parts["app_entry"],
            config=parts["config"],
            scripts=scripts.combined(parts["scripts"]),
            renderer=self.renderer,
        )

    @cached_property
    def modules(self) -> str:
        return scripts.preloads(Path(ASSETS))


def create_app(services: Services | None = None) -> SpectraDash:
    """A dashboard over ``services`` (default: the shipped models and the runs on this machine)."""
    if not Path(ASSETS).is_dir():
        raise SpectraVaeError("error.no_assets", name=str(ASSETS)[:80])
    jobs_at_once()  # says what is wrong with it here, where somebody reads
    given = services or Services()
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
            "font/ttf",
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
    _routes(server, given)
    _files(app, server)
    app.layout = lambda: layout(given)
    for view in (shell, spectrometer, restore, compare, neurons, lab, tour):
        view.register(app, given)
    training.register(app, given, QueueManager(given.queue, language))
    for later in LATER:
        _build_later(app, given, later)
    given.warm()
    return app


def layout(services: Services) -> html.Div:
    """The page in the reader's language: the spectrometer, and a place for every other view.

    The shell shows one at a time, and asks for it when it is looked at for the first time.
    """
    spoken = language()
    return html.Div(
        [
            dcc.Location(id="address", refresh=False),
            dcc.Store(id="runs-version"),
            *(dcc.Store(id=f"build-{view.NAME}") for view in LATER),
            shell.header(spoken, len(services.queue.running())),
            shell.notice(spoken),
            html.Main(
                [
                    html.Section(
                        view.layout(spoken, services) if view is spectrometer else [],
                        id=f"view-{view.NAME}",
                        className="view",
                        **aria(label=shell.title(view.NAME, spoken)),
                        **shell.data(under=getattr(view, "UNDER", view.NAME)),
                    )
                    for view in (spectrometer, *LATER)
                ],
                id="main",
            ),
            shell.footer(spoken),
        ]
    )


def _build_later(app: Dash, services: Services, view: Any) -> None:
    """The layout of a view, when the shell asks for it."""

    @app.callback(
        Output(f"view-{view.NAME}", "children"),
        Input(f"build-{view.NAME}", "data"),
        prevent_initial_call=True,
    )
    def build(asked: Any) -> Any:
        del asked
        return [*view.layout(language(), services), *shell.stores(view.NAME)]


def _routes(server: flask.Flask, services: Services) -> None:
    @server.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @server.get("/running")
    def running() -> dict[str, int]:
        return {"running": len(services.queue.running())}

    @server.get("/model/<name>.bin")
    def model_binary(name: str) -> flask.Response:
        try:
            data, digest = pack(services.folder(name))
        except SpectraVaeError as wrong:
            return flask.Response(say(wrong.message, language()), 404, mimetype="text/plain")
        answer = flask.Response(data, mimetype="application/octet-stream")
        answer.set_etag(digest)
        answer.headers["Cache-Control"] = "no-cache"
        answer.make_conditional(flask.request)
        return answer

    @server.errorhandler(413)
    def too_large(_: Exception) -> tuple[str, int]:
        return say(Message("error.upload_size"), language()), 413

    @server.errorhandler(SecurityError)
    def other_name(_: Exception) -> tuple[str, int]:
        return say(Message("serve.other_name"), language()), 400


def _files(app: SpectraDash, server: flask.Flask) -> None:
    """What the page is drawn with: stylesheet, font, and Dash's scripts as one."""
    vendor = palette.vendor_files()
    joined: dict[str, bytes] = {}

    @server.get("/style.css")
    def style() -> flask.Response:
        files = (vendor["bootstrap.min.css"], Path(ASSETS) / "style.css")
        given, own = (file.read_text(encoding="utf-8") for file in files)
        return _revalidated("\n".join((given, palette.stylesheet(), own)), "text/css")

    @server.get(scripts.COMBINED)
    def dash_scripts() -> flask.Response:
        if not app.dash_scripts:  # a page of before this process
            app.index()
        if app.dash_scripts not in joined:
            parts = scripts.together(app.dash_scripts)
            host = flask.request.host_url
            joined[app.dash_scripts] = scripts.joined(parts, server.test_client(), host)
        return _revalidated(joined[app.dash_scripts], "text/javascript")

    @server.get("/vendor/inter.ttf")
    def font() -> flask.Response:
        return flask.send_file(vendor["inter.ttf"], mimetype="font/ttf", max_age=86_400)


def _revalidated(content: str | bytes, kind: str) -> flask.Response:
    """Kept by the browser, which asks each time whether it is still the same."""
    answer = flask.Response(content, mimetype=kind)
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    answer.make_conditional(flask.request)
    return answer


def _on_error(wrong: Exception) -> None:
    """An exception in a callback becomes a quiet sentence, never a traceback on the page."""
    if isinstance(wrong, SpectraVaeError):
        message = wrong.message
    else:
        logging.getLogger("spectra_vae").exception("a callback failed", exc_info=wrong)
        message = Message("error.unexpected")
    dash.set_props("notice", {"children": say(message, language())})
