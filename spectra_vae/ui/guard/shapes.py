"""The shape of what a page sends: what Dash would stumble over is refused before, in words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import flask
from dash import Dash

from ...text.message import SpectraVaeError

CALLBACKS = "/_dash-update-component"
DEPTH_LIMIT = 60  # figures are the deepest; a dozen levels
NODES_LIMIT = 2_000_000


class ShapeError(SpectraVaeError):
    """A request that no page of ours makes."""


def register(app: Dash, server: flask.Flask) -> None:
    """Look at every callback before Dash does."""

    @server.before_request
    def look() -> None:
        if flask.request.path == CALLBACKS and flask.request.method == "POST":
            check(_body(), app.callback_map)


def _body() -> Any:
    try:
        return flask.request.get_json()
    except RecursionError:
        raise ShapeError("error.deep") from None


def check(body: Any, known: Mapping[str, Any]) -> None:
    """Refuse a body that is none of a callback among the ``known``.

    Raises
    ------
    ShapeError
        It is no object, nested too deeply, names no callback, or brings other inputs than it has.
    """
    if not isinstance(body, dict):
        raise ShapeError("error.shape")
    check_depth(body)
    output = body.get("output")
    found = known.get(output) if isinstance(output, str) else None
    if found is None or "callback" not in found:  # or the browser does it itself
        raise ShapeError("error.no_callback")
    changed = body.get("changedPropIds", [])
    if not (
        isinstance(changed, list) and all(_is_changed(one, found["inputs"]) for one in changed)
    ):
        raise ShapeError("error.shape")
    if any(not _fits(body.get(part, []), found[part]) for part in ("inputs", "state")):
        raise ShapeError("error.shape")
    if not _outputs_fit(body.get("outputs"), str(output)):
        raise ShapeError("error.shape")


def check_depth(body: Any) -> None:
    """Refuse what is nested deeper than anything that a page sends."""
    level, seen = [body], 0
    for _ in range(DEPTH_LIMIT):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        seen += len(level)
        if not level:
            return
        if seen > NODES_LIMIT:
            break
    raise ShapeError("error.deep")


def _fits(given: Any, declared: Sequence[Mapping[str, Any]]) -> bool:
    """As many as are declared, each a property, or a list of them where it asks for ALL."""
    if not (isinstance(given, list) and len(given) == len(declared)):
        return False
    return all(
        all(_is_property(each) and _is_like(each["id"], told["id"]) for each in one)
        if isinstance(one, list)
        else _is_property(one)
        for one, told in zip(given, declared, strict=True)
    )


def _is_changed(given: Any, declared: Sequence[Mapping[str, Any]]) -> bool:
    """Whether it may have called a callback with these inputs, as far as an id of parts says."""
    if not isinstance(given, str) or not given.startswith("{"):
        return isinstance(given, str)
    try:
        identity = json.loads(given.rpartition(".")[0])
    except (ValueError, RecursionError):
        return False
    return any(_is_like(identity, told["id"]) for told in declared)


def _is_property(given: Any) -> bool:
    """An id and which property of it; where that is the id itself, it is."""
    return (
        isinstance(given, dict)
        and isinstance(given.get("id"), str | dict)
        and isinstance(given.get("property"), str)
        and (given["property"] != "id" or given.get("value") == given["id"])
    )


def _is_like(given: Any, declared: str) -> bool:
    """Whether an id of several parts has the declared ones, each a word or a number."""
    return (
        isinstance(given, dict)
        and declared.startswith("{")
        and given.keys() == json.loads(declared).keys()
        and all(isinstance(part, str | int | float) for part in given.values())
    )


def _outputs_fit(given: Any, output: str) -> bool:
    """A property for one output, a list of as many as the callback's name has."""
    if not output.startswith(".."):
        return _is_output(given, output)
    several = output.strip(".").split("...")
    return (
        isinstance(given, list)
        and len(given) == len(several)
        and all(map(_is_output, given, several))
    )


def _is_output(given: Any, output: str) -> bool:
    """A property, or a list of them where the output asks for ALL."""
    if isinstance(given, list):
        return output.startswith("{") and all(map(_is_property, given))
    return _is_property(given)
