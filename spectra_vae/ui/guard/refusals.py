"""Whatever goes wrong with a request, the answer is a sentence: no traceback, no path."""

from __future__ import annotations

import errno
import logging
import sqlite3

import flask
from dash.exceptions import DependencyException, InvalidResourceError
from werkzeug.exceptions import HTTPException

from ...jobs.outcome import FULL
from ...text.message import Message, SpectraVaeError, say
from ..request import language
from .shapes import ShapeError

SENTENCES = {404: "error.no_page", 405: "error.no_page", 413: "error.upload_size"}
OTHERWISE = "error.shape"
UNWRITABLE = (*FULL, errno.EACCES, errno.EPERM, errno.EROFS)


def register(server: flask.Flask) -> None:
    """Say it for every kind of refusal."""

    @server.errorhandler(HTTPException)
    def http(wrong: HTTPException) -> flask.typing.ResponseReturnValue:
        if wrong.code is None or wrong.code < 400:
            return wrong
        return sentence(Message(SENTENCES.get(wrong.code, OTHERWISE)), wrong.code)

    @server.errorhandler(ShapeError)
    def shape(wrong: ShapeError) -> flask.Response:
        return sentence(wrong.message, 400)

    @server.errorhandler(SpectraVaeError)
    def known(wrong: SpectraVaeError) -> flask.Response:
        return sentence(wrong.message, 400)

    @server.errorhandler(DependencyException)
    @server.errorhandler(InvalidResourceError)
    def no_script(wrong: Exception) -> flask.Response:
        del wrong
        return sentence(Message("error.no_page"), 404)

    @server.errorhandler(Exception)
    def broken(wrong: Exception) -> flask.Response:
        return sentence(sentence_of(wrong), 500)


def sentence_of(wrong: Exception) -> Message:
    """What is said of an exception; what nobody foresaw goes to the log."""
    if isinstance(wrong, SpectraVaeError):
        return wrong.message
    if getattr(wrong, "errno", None) in UNWRITABLE or isinstance(wrong, sqlite3.OperationalError):
        return Message("error.disk_full")
    logging.getLogger("spectra_vae").exception("a request failed", exc_info=wrong)
    return Message("error.unexpected")


def sentence(message: Message, status: int) -> flask.Response:
    """A message as a whole answer."""
    return flask.Response(say(message, language()), status, mimetype="text/plain")
