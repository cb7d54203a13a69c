"""Whatever a page sends, the server answers; and nothing of it is believed."""

import base64
import json

import pytest

from spectra_vae.examples import example
from spectra_vae.ui.app import create_app
from spectra_vae.ui.components.from_page import checked_code
from spectra_vae.ui.measurements import MOST_FILES, checked, entries
from spectra_vae.ui.models import ModelShelf
from spectra_vae.ui.offer import Offer

JUNK = [None, 5, -1, "text", [5], {"a": 1}, [[[]]], 1e308, True]


@pytest.fixture(scope="module")
def offer():
    return Offer.of_this_home()


@pytest.fixture(scope="module")
def client(offer):
    return create_app(offer, warm=False).server.test_client()


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


RESULT = ["figure", *["children"] * 7, "hidden", "data"]
CARDS = ["restored", "file-title", "read-as", "estimates", "novelty", "code-card", "bands-card"]
CARDS += ["checks", "restore-axes", "restored-code"]


def show(client, picked):
    outputs = [{"id": i, "property": p} for i, p in zip(CARDS, RESULT, strict=True)]
    name = ".." + "...".join(f"{o['id']}.{o['property']}" for o in outputs) + ".."
    return call(
        client,
        name,
        outputs,
        [
            prop("restore-selected", value=picked),
            prop("restore-theme"),
            prop("restore-axis"),
            prop("restore-look"),
        ],
    )


@pytest.mark.parametrize("picked", [*JUNK, {"name": 5, "model": [], "content": "é"}])
def test_a_forged_file_changes_nothing(client, picked):
    assert show(client, picked).status_code < 300


def test_an_honest_file_is_shown(client):
    content = base64.b64encode(example("clean")).decode()
    answer = show(client, {"name": "a.csv", "model": "../../etc", "content": content})
    assert answer.status_code == 200
    assert answer.json["response"]["file-title"]["children"] == "a.csv"


def ask(client, asked):
    output = {"id": "restore-answer", "property": "data"}
    answer = call(client, "restore-answer.data", output, [prop("restore-ask", value=asked)])
    return answer, (answer.json or {}).get("response", {}).get("restore-answer", {}).get("data")


def encoded(data):
    return base64.b64encode(data).decode()


TWO = b"Raman shift,A,B\n" + b"\n".join(
    b"%d,%d,%d" % (x, 100 + x % 7, 90 + x % 5) for x in range(200, 1300, 2)
)


@pytest.mark.parametrize("asked", [*JUNK, {"key": "file-1", "content": "é"}])
def test_a_forged_question_gets_an_answer(client, asked):
    answer, told = ask(client, asked)
    assert answer.status_code < 300
    if isinstance(asked, dict):
        assert told["state"] == "refused" and told["error"]["code"] == "error.unexpected"


WRONG = {"wide": "error.unexpected", (1,): "error.unexpected", 10**400: "error.unexpected"}
WRONG |= {-1: "error.resolution", 1e9: "error.resolution", "nan": "error.resolution"}


@pytest.mark.parametrize("resolution", WRONG, ids=range(len(WRONG)))
def test_a_forged_resolution_is_refused_in_words(client, resolution):
    """And so is the file that would be shown with it."""
    file = {"name": "a.csv", "model": "gypsum", "content": encoded(example("noisy"))}
    told = ask(client, {"key": "file-1", **file, "resolution": resolution})[1]
    assert told["state"] == "refused" and told["error"]["code"] == WRONG[resolution]
    assert show(client, {**file, "resolution": resolution}).status_code < 300


def test_each_file_gets_its_row_its_question_or_its_reason(client):
    base = {"key": "file-1", "name": "a.csv", "model": "gypsum"}
    told = ask(client, {**base, "content": encoded(example("noisy"))})[1]
    assert told["state"] == "done" and told["key"] == "file-1" and len(told["code"]) == 8
    assert told["summary"]["settings"]["model"] == "gypsum"
    told = ask(client, {**base, "content": encoded(b"nothing")})[1]
    assert told["state"] == "refused" and told["error"]["code"] == "error.no_numbers"
    told = ask(client, {**base, "content": encoded(TWO)})[1]
    assert told["state"] == "asks" and told["columns"] == ["A", "B"]
    assert [p.startswith("data:image/svg+xml;base64,") for p in told["previews"]] == [True] * 2
    told = ask(client, {**base, "content": encoded(TWO), "column": "B"})[1]
    assert told["state"] == "done" and told["summary"]["settings"]["column"] == "B"
    told = ask(client, {**base, "content": encoded(TWO), "column": "C"})[1]
    assert told["state"] == "asks" and told["error"]["code"] == "error.no_such_column"


FORGED = [
    {"key": "a", "name": "a", "state": "done", "summary": {"values": None}},
    {"key": "a", "name": "a", "state": "refused", "error": {"code": "no.such", "params": 5}},
    {"key": "a", "name": "a", "state": "refused", "error": {"code": "error.too_few_points"}},
    {"key": "a", "name": "a", "state": "asks", "columns": 5, "previews": "x"},
    {"key": "a", "name": "a", "state": "asks", "columns": ["<b>"], "previews": ["http://x/y.png"]},
    {"key": "a", "name": "a", "state": "flies"},
]


@pytest.mark.parametrize("results", [*JUNK, FORGED, FORGED * 40])
def test_forged_files_are_left_out_or_worded(client, results):
    assert len(entries(results)) <= MOST_FILES
    outputs = [
        ("files", "children"),
        ("column-question", "children"),
        ("column-question", "hidden"),
    ]
    for found in (outputs, [("files-table", "children"), ("table-title", "children")]):
        several = [{"id": i, "property": p} for i, p in found]
        name = ".." + "...".join(f"{i}.{p}" for i, p in found) + ".."
        answer = call(
            client, name, several, [prop("results", value=results), prop("chosen-file", value="a")]
        )
        assert answer.status_code == 200 and "http://x" not in answer.get_data(as_text=True)
    state = [prop("results", value=results)]
    saved = {"id": "download-table", "property": "data"}
    clicks = [prop("save-table", "n_clicks", 1)]
    assert call(client, "download-table.data", saved, clicks, state).status_code < 300


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
def test_only_a_file_is_a_file(picked, offer):
    assert checked(picked, offer.files) is None


@pytest.mark.parametrize("digest", [*JUNK, "", "../../../etc/passwd", "A" * 64, "0" * 63])
def test_only_a_digest_names_a_file(digest, offer):
    assert checked({"name": "a.csv", "model": "gypsum", "digest": digest}, offer.files) is None


def test_a_file_travels_once(client):
    """Then its digest does; of one that the server has no more, it says so."""
    asked = {"key": "file-1", "name": "a.csv", "model": "gypsum"}
    digest = ask(client, {**asked, "content": encoded(example("noisy"))})[1]["digest"]
    again = ask(client, {**asked, "digest": digest, "resolution": 5})[1]
    assert again["state"] == "done" and again["digest"] == digest
    assert ask(client, {**asked, "digest": "0" * 64})[1] == {"key": "file-1", "state": "gone"}
    shown = show(client, {"name": "a.csv", "model": "gypsum", "digest": digest})
    assert shown.json["response"]["file-title"]["children"] == "a.csv"
    gone = show(client, {"name": "a.csv", "model": "gypsum", "digest": "0" * 64})
    assert gone.json["sideUpdate"]["restore-gone"]["data"]["digest"] == "0" * 64


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


def test_a_run_that_finished_can_be_compared_through_without_a_reload(client, monkeypatch):
    card = {"id": "run-1", "name": "mine", "supervision": "guided"}
    monkeypatch.setattr(ModelShelf, "cards", lambda self: [card])
    output = {"id": "compare-model", "property": "options"}
    answer = call(client, "compare-model.options", output, [prop("compare-shown", value=1)])
    _, option, *minerals = answer.json["response"]["compare-model"]["options"]  # any mineral, too
    assert minerals[0]["disabled"] and "calcite" in [one["value"] for one in minerals]
    assert option["value"] == "run-1" and option["label"].startswith("mine")
