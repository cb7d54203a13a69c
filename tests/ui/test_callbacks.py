"""Whatever a page sends, the server answers; and nothing of it is believed."""

import base64
import json

import pytest

from spectra_vae.examples import example
from spectra_vae.ui.app import create_app
from spectra_vae.ui.services import Services
from spectra_vae.ui.views.restore import checked
from spectra_vae.ui.views.spectrometer import checked_code

JUNK = [None, 5, -1, "text", [5], {"a": 1}, [[[]]], 1e308, True]


class Cold(Services):
    def warm(self):
        """No thread in a test."""


@pytest.fixture(scope="module")
def client():
    return create_app(Cold()).server.test_client()


def call(client, output, outputs, inputs, state=()):
    payload = {
        "output": output,
        "outputs": outputs,
        "inputs": inputs,
        "changedPropIds": [f"{inputs[0]['id']}.{inputs[0]['property']}"],
        "state": list(state),
    }
    return client.post(
        "/_dash-update-component", data=json.dumps(payload), content_type="application/json"
    )


def prop(identity, name="data", value=None):
    return {"id": identity, "property": name, "value": value}


RESULT = ["figure", "children", "children", "children", "children", "children", "children"]
CARDS = ["restored", "file-title", "read-as", "estimates", "novelty", "code-card", "checks"]


def show(client, picked):
    outputs = [{"id": i, "property": p} for i, p in zip(CARDS, RESULT, strict=True)]
    name = ".." + "...".join(f"{o['id']}.{o['property']}" for o in outputs) + ".."
    return call(
        client, name, outputs, [prop("picked", value=picked), prop("theme"), prop("restore-mode")]
    )


@pytest.mark.parametrize("picked", [*JUNK, {"name": 5, "model": [], "content": "é"}])
def test_a_forged_file_changes_nothing(client, picked):
    assert show(client, picked).status_code < 300


def test_an_honest_file_is_shown(client):
    content = base64.b64encode(example("clean")).decode()
    answer = show(client, {"name": "a.csv", "model": "../../etc", "content": content})
    assert answer.status_code == 200
    assert answer.json["response"]["file-title"]["children"] == "a.csv"


@pytest.mark.parametrize("code", [*JUNK, [0.0] * 3, [0.0] * 80, ["x"] * 8, [1e308] * 8])
def test_a_forged_code_still_gets_a_table(client, code):
    inputs = [prop("code", value=code)]
    state = [prop("model", "value", "../gypsum")]
    answer = call(client, "bands.children", {"id": "bands", "property": "children"}, inputs, state)
    assert answer.status_code == 200


def test_codes_are_checked():
    origin = [0.0] * 8
    assert checked_code([9.0] * 8, 8, origin).max() == 8.0
    assert checked_code([float("nan")] * 8, 8, origin).tolist() == origin


@pytest.mark.parametrize("picked", JUNK)
def test_only_a_file_is_a_file(picked):
    assert checked(picked) is None


@pytest.mark.parametrize("name", ["..", "x" * 300, "%2e%2e", "gypsum\x00"])
def test_a_model_is_asked_for_by_its_plain_name(client, name):
    assert client.get(f"/model/{name}.bin").status_code == 404


def test_a_broken_run_is_left_out_of_the_list(client, home):
    folder = home / "runs" / "broken"
    folder.mkdir(parents=True)
    (folder / "model.json").write_text('{"format": 1, "card": {}}')
    try:
        assert client.get("/_dash-layout").status_code == 200
    finally:
        (folder / "model.json").unlink()
        folder.rmdir()
