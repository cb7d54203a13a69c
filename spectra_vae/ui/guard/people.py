"""Who asks: on a shared server every browser is somebody, by a signed cookie.

A proxy that has asked for a login itself says who it is in ``X-Forwarded-User``; it is believed
only from the addresses of ``SPECTRA_VAE_PROXY``.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, replace
from typing import Any

import flask
from itsdangerous import BadSignature, URLSafeTimedSerializer

from ...storage.people import names, remember_name, signing_secret
from ...storage.runs import checked_name
from .access import Access

COOKIE = "person"
KEPT_SECONDS = 365 * 86_400
USER_LENGTH = 60


@dataclass(frozen=True)
class Person:
    """Somebody: an ``id`` that nobody else has, and whether everything is theirs.

    ``kept``: a cookie says so, and not the request's address alone.
    """

    id: str
    everything: bool = False
    kept: bool = False


OWNER = Person("", everything=True)  # of the machine, where nobody else reaches it


def who() -> Person:
    """Who asks; outside of a request, the machine's owner."""
    if not flask.has_request_context():
        return OWNER
    person: Person = flask.g.get("person", OWNER)
    return person


def may_change(owner: str) -> bool:
    """Whether what belongs to ``owner`` is the asking person's to change."""
    person = who()
    return person.everything or (bool(owner) and person.id == owner)


def called(owner: str) -> str:
    """What somebody is called by the others; empty for nobody, and for whoever asks."""
    if not owner or owner == who().id:
        return ""
    return names().get(owner) or owner.split()[-1][:USER_LENGTH]


class People:
    """Tells persons apart, and gives a cookie to whoever comes for the first time."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self._signer = URLSafeTimedSerializer(signing_secret(), salt=COOKIE)

    def register(self, server: flask.Flask) -> None:
        """Every request knows whose it is."""

        @server.before_request
        def recognise() -> None:
            flask.g.person = self._known() or Person(self._by_address())

        @server.after_request
        def greet(answer: flask.Response) -> flask.Response:
            person = flask.g.get("person")
            if person and not person.kept and answer.mimetype == "text/html":
                self.keep(answer, replace(person, id=secrets.token_hex(8)))
            return answer

    def keep(self, answer: flask.Response, person: Person) -> None:
        """Let the browser say from now on that it is this person."""
        told = {"id": person.id, "admin": self._mark() if person.everything else ""}
        answer.set_cookie(
            COOKIE,
            self._signer.dumps(told),
            max_age=KEPT_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=self._encrypted(),
        )

    def is_admin(self, token: str) -> bool:
        """Whether that is the administrator's token."""
        return bool(self.access.admin) and hmac.compare_digest(
            token.encode(), self.access.admin.encode()
        )

    def call(self, person: Person, name: str) -> None:
        """A name for the others to see; a sentence where it can't be one."""
        remember_name(person.id, checked_name(name))

    def _known(self) -> Person | None:
        user = flask.request.headers.get("X-Forwarded-User", "").strip()
        if user and self.access.trusts(flask.request.remote_addr or ""):
            return Person(f"login {user[:USER_LENGTH]}", self._told().get("admin") == 1, kept=True)
        told = self._told()
        if not isinstance(told.get("id"), str):
            return None
        return Person(told["id"], told.get("admin") == 1, kept=True)

    def _told(self) -> dict[str, Any]:
        """What the cookie says, if it is ours; ``admin`` is 1 while the token is the same."""
        try:
            cookie = flask.request.cookies.get(COOKIE, "")
            told, signed = self._signer.loads(cookie, return_timestamp=True)
        except BadSignature:
            return {}
        # One that a clock since set back signed in what is now the future is somebody's, too.
        if not isinstance(told, dict) or time.time() - signed.timestamp() > KEPT_SECONDS:
            return {}
        mark = str(told.get("admin", ""))
        admin = bool(self.access.admin) and hmac.compare_digest(mark, self._mark())
        return {**told, "admin": int(admin)}

    def _mark(self) -> str:
        """What proves that somebody knew the token; another token, and nobody did."""
        key = f"admin {self.access.admin}".encode()
        return hmac.new(signing_secret(), key, hashlib.sha256).hexdigest()

    def address(self) -> str:
        """Where the request comes from; behind our proxy, what the proxy says."""
        address = flask.request.remote_addr or ""
        passed = flask.request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
        return passed if passed and self.access.trusts(address) else address

    def _by_address(self) -> str:
        """Without a cookie all that comes from one address is one person."""
        key = self.address().encode()
        return "at " + hmac.new(signing_secret(), key, hashlib.sha256).hexdigest()[:16]

    def _encrypted(self) -> bool:
        passed = flask.request.headers.get("X-Forwarded-Proto", "")
        return passed == "https" and self.access.trusts(flask.request.remote_addr or "")
