"""Browsers of several persons, and what their pages send."""

from __future__ import annotations

from itsdangerous import URLSafeTimedSerializer

from spectra_vae.storage.people import signing_secret
from spectra_vae.ui.guard.people import COOKIE

TOKEN = "correct-horse-battery"


def called(client, app, output, values, states=None):
    """The answer of the callback that has an output and these inputs: id → value."""
    inputs = sorted(values)
    name, known = next(
        (one, known)
        for one, known in app.callback_map.items()
        if output in one and sorted(i["id"] for i in known["inputs"]) == inputs
    )
    several = [one.rpartition(".") for one in name.strip(".").split("...")]
    outputs = [{"id": i, "property": p.split("@")[0]} for i, _, p in several]
    payload = {
        "output": name,
        "outputs": outputs if name.startswith("..") else outputs[0],
        "inputs": [{**one, "value": values[one["id"]]} for one in known["inputs"]],
        "changedPropIds": [f"{one['id']}.{one['property']}" for one in known["inputs"]],
        "state": [{**one, "value": (states or {}).get(one["id"])} for one in known["state"]],
    }
    answer = client.post("/_dash-update-component", json=payload)
    assert answer.status_code == 200, answer.text
    return answer.json


def identity(client, app):
    """The id in a browser's cookie."""
    with app.server.test_request_context():
        signed = client.get_cookie(COOKIE).value
    return URLSafeTimedSerializer(signing_secret(), salt=COOKIE).loads(signed)["id"]
