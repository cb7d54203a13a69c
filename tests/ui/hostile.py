"""Requests that nobody means well with, as the test client takes them."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator
from typing import Any

JUNK: tuple[Any, ...] = (
    *(None, True, -1, 0, 10**18, 1e308, "", "text", "\x00", "../../etc/passwd", "=1+1", "<b>x"),
    *([], [5], {}, {"a": 1}, [[[]]], {"id": {"type": []}}, "é" * 300, [None] * 50),
)
PATHS = (
    *("/", "/restore", "/training?run=../x", "/model/{}.bin", "/assets/{}", "/vendor/{}", "/{}"),
    *("/_dash-component-suites/{}", "/_dash-layout", "/_dash-dependencies", "/running", "/me"),
)
PIECES = (
    *("..%2f..%2fetc%2fpasswd", "%00", "%ff%fe", "....//", "x" * 5000, "C:\\x", "gypsum", ".git"),
    *("dash/deps/react.js", "os/path.py", "<script>", "%0d%0aX:1", "run.json", "~root"),
)
METHODS = ("GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH")
HEADERS = (
    {},
    {},
    {},
    {"Host": "evil.example"},
    {"Origin": "http://evil.example"},
    {"Cookie": "person=eyJpZCI6IngifQ.x.y; language=../en; theme=<b>"},
    {"X-Forwarded-User": "admin", "X-Forwarded-For": "127.0.0.1"},
    {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
    {"Accept-Language": "x" * 2000, "If-None-Match": '"' * 99},
    {"Range": "bytes=9-1,-5", "Content-Encoding": "gzip"},
    {"Authorization": "Basic ////"},
)
CONTENTS = (b"", b"1 2\n", b"\x00" * 200, b"PK\x03\x04", b"\x80\x04.", b"\x93NUMPY", b"##TITLE=")


def hostile_requests(app: Any, rng: random.Random, count: int) -> Iterator[dict[str, Any]]:
    """Arguments of ``client.open``: two callbacks for each path."""
    app.server.test_client().get("/_dash-dependencies")  # then the callbacks are all there
    known = sorted(app.callback_map)
    for k in range(count):
        yield _path(rng) if k % 3 == 0 else _callback(app, rng, rng.choice(known))


def _path(rng: random.Random) -> dict[str, Any]:
    return {
        "path": rng.choice(PATHS).replace("{}", rng.choice(PIECES)),
        "method": rng.choice(METHODS),
        "headers": rng.choice(HEADERS),
        "data": rng.choice(CONTENTS),
    }


def _callback(app: Any, rng: random.Random, name: str) -> dict[str, Any]:
    """A callback as the page would send it, with some of it exchanged for something else."""
    declared = app.callback_map[name]
    body = {
        "output": name,
        "outputs": _outputs(name),
        "inputs": [_property(rng, one) for one in declared["inputs"]],
        "state": [_property(rng, one) for one in declared["state"]],
    }
    body["changedPropIds"] = [
        f"{json.dumps(one['id'])}.{one['property']}" if isinstance(one, dict) else "x.y"
        for one in body["inputs"][:1]
    ]
    if rng.random() < 0.5:
        _mutate(rng, body)
    return {
        "path": "/_dash-update-component",
        "method": "POST",
        "headers": rng.choice(HEADERS),
        "data": json.dumps(body),
        "content_type": rng.choice(["application/json"] * 9 + ["text/plain"]),
    }


def _outputs(name: str) -> Any:
    found = [one.rpartition(".") for one in name.strip(".").split("...")]
    several = [{"id": _id(i), "property": p.split("@")[0]} for i, _, p in found]
    return several if name.startswith("..") else several[0]


def _id(text: str) -> Any:
    return json.loads(text) if text.startswith("{") else text.replace("\\", "")


def _property(rng: random.Random, one: dict[str, Any]) -> Any:
    identity = _id(str(one["id"]))
    given = {"id": identity, "property": one["property"], "value": _value(rng)}
    return [given] if isinstance(identity, dict) else given


def _value(rng: random.Random) -> Any:
    """Junk, or what looks like something that a view keeps."""
    if rng.random() < 0.6:
        return rng.choice(JUNK)
    content = base64.b64encode(rng.choice(CONTENTS)).decode()
    return rng.choice(
        (
            {"name": rng.choice(JUNK), "model": rng.choice(JUNK), "content": content},
            {"key": "file-1", "name": "a.csv", "model": "gypsum", "content": content},
            {"what": rng.choice(("delete", "undo", "resume", "cancel", "x")), "run": "../../x"},
            {"jobs": [{"name": rng.choice(JUNK), "config": {"encoder": [10**9]}}]},
            {"jobs": rng.choice(JUNK)},
            {"run": rng.choice(JUNK), "name": "x", "until": 1e999},
            [rng.choice(JUNK) for _ in range(8)],
        )
    )


def _mutate(rng: random.Random, body: dict[str, Any]) -> None:
    part = rng.choice(list(body))
    way = rng.randrange(4)
    if way == 0:
        body[part] = rng.choice(JUNK)
    elif way == 1:
        del body[part]
    elif isinstance(body[part], list) and body[part]:
        k = rng.randrange(len(body[part]))
        body[part][k] = rng.choice(JUNK)
        if way == 3:
            body[part] *= 3


def is_refused_in_words(answer: Any) -> bool:
    """A short sentence, and no page."""
    text = answer.get_data(as_text=True).strip()
    return text.endswith(".") and len(text) < 400 and "<" not in text and "\n" not in text
