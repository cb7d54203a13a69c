"""``/me``: a plain page on which somebody says what to be called, or that the server is theirs."""

from __future__ import annotations

from html import escape

import flask

from ...storage.people import names
from ...text.message import Message, SpectraVaeError, say
from ..request import language, theme
from .people import People, Person, who

PAGE = """<!DOCTYPE html>
<html lang="{language}" data-bs-theme="{theme}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>spectra-vae</title><link rel="stylesheet" href="/style.css"></head>
<body><main class="card"><h1 class="card-title">{title}</h1><p>{said}</p>
<form method="post"><label>{name} <input name="name" value="{known}" maxlength="60"
autocomplete="nickname"></label> <button class="act">{save}</button></form>
<form method="post"><label>{token} <input name="token" type="password"
autocomplete="current-password"></label> <button class="act">{enter}</button></form>
<p><a href="/training">{back}</a></p></main></body></html>"""
WORDS = ("title", "name", "save", "token", "enter", "back")


def register(server: flask.Flask, people: People) -> None:
    """Show it, and take what is written there."""

    @server.get("/me")
    def me() -> flask.Response:
        return _page(Message("me.administrator" if who().everything else "me.about"))

    @server.post("/me")
    def change() -> flask.Response:
        token = flask.request.form.get("token")
        if token is not None:
            return _enter(people, token)
        try:
            people.call(who(), flask.request.form.get("name", ""))
        except SpectraVaeError as wrong:
            return _page(wrong.message, 400)
        return _page(Message("me.called"))


def _enter(people: People, token: str) -> flask.Response:
    if not people.is_admin(token):
        return _page(Message("me.no_token"), 403)
    flask.g.person = Person(who().id, everything=True, kept=True)
    answer = _page(Message("me.administrator"))
    people.keep(answer, who())
    return answer


def _page(said: Message, status: int = 200) -> flask.Response:
    spoken = language()
    words = {word: say(Message(f"me.{word}"), spoken) for word in WORDS}
    told = {**words, "said": say(said, spoken), "known": names().get(who().id, "")}
    safe = {name: escape(text) for name, text in told.items()}
    return flask.Response(PAGE.format(language=spoken, theme=theme(), **safe), status)
