"""The door of every way to start, what a browser is told, and thousands of hostile requests."""

import base64
import json
import random

import pytest

from spectra_vae.ui.app import MAX_UPLOAD, create_app
from spectra_vae.ui.guard.access import Access, hostname
from spectra_vae.ui.guard.headers import source_hash
from spectra_vae.ui.offer import Offer

from .hostile import hostile_requests, is_refused_in_words

ROUNDS = 1500


@pytest.fixture(scope="module")
def app():
    return create_app(Offer.of_this_home(), warm=False)


@pytest.fixture(scope="module")
def client(app):
    return app.server.test_client()


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example:8050",
        "",
        "10.1.2.3",
        "[::2]",
    ]
    + ["localhost:80@evil.example", "a" * 3000, "local\thost", "0.0.0.0"],
)
@pytest.mark.parametrize("path", ["/", "/health", "/model/gypsum.bin", "/assets/main.js"])
def test_another_name_gets_a_sentence_and_nothing(client, host, path):
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == 400 and len(answer.data) < 400
    assert answer.get_data(as_text=True).endswith(".")


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8050", "127.0.0.1:1", "127.8.0.1", "[::1]:5"]
)
def test_its_own_names_are_answered(client, host):
    assert client.get("/health", headers={"Host": host}).status_code == 200


def test_names_are_added_and_addresses_where_it_listens_everywhere():
    lab = Access.of_environment({"SPECTRA_VAE_HOSTS": "Lab.example, other.example"})
    assert lab.shared and lab.answers_to("lab.example:80") and lab.answers_to("localhost")
    assert not lab.answers_to("10.0.0.5") and not lab.answers_to("third.example")
    everywhere = Access.of_environment({"HOST": "0.0.0.0"})
    assert everywhere.shared and everywhere.answers_to("10.0.0.5:8050")
    assert everywhere.answers_to("[fe80::1]:80") and not everywhere.answers_to("evil.example")
    one = Access.of_environment({"HOST": "192.168.1.4"})
    assert one.answers_to("192.168.1.4:8050") and not one.answers_to("192.168.1.5")
    assert not Access.of_environment({"HOST": "127.0.0.1"}).shared
    assert hostname("fe80::1") == "fe80::1"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
        {"Origin": "http://[bad"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_page_changes_nothing(client, headers):
    answer = client.post("/_dash-update-component", json={}, headers=headers)
    assert answer.status_code == 403 and answer.get_data(as_text=True).endswith(".")


def test_a_browser_is_told_whose_scripts_may_run(app, client):
    page = client.get("/")
    said = page.headers["Content-Security-Policy"]
    inline = page.get_data(as_text=True).split('id="_dash-renderer">')[1].split("</script>")[0]
    assert source_hash(inline) in said
    script = said.split("script-src")[1].split(";")[0]
    assert "unsafe" not in script and "frame-ancestors 'none'" in said
    for path in ("/health", "/assets/main.js", "/style.css", "/no/such", "/model/x.bin"):
        with client.get(path) as answer:
            headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "no-referrer" and "Content-Security-Policy" in headers


BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "a number": b"5",
    "deep": b"[" * 200_000,
    "rather deep": b'{"output":' * 900 + b"1" + b"}" * 900,
    "digits": b'{"output": ' + b"9" * 5000 + b"}",
    "not UTF-8": b'{"output": "\xff"}',
    "no such callback": b'{"output": "x.y", "inputs": [], "outputs": {}}',
    "another type": b'{"output": ["bands.children"]}',
    "no outputs": b'{"output": "bands.children", "outputs": [], "inputs": ['
    b'{"id": "code", "property": "data"}], "state": [{"id": "model", "property": "value"}]}',
    "no inputs": b'{"output": "bands.children", "outputs": {"id": "bands", "property": "x"}}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_no_page_sends_is_refused_in_words(client, body):
    answer = client.post("/_dash-update-component", data=body, content_type="application/json")
    assert answer.status_code == 400 and is_refused_in_words(answer)


OPEN = {"run": "x", "type": "open"}
SAID = '{"run":"x","type":"open"}.n_clicks'


@pytest.mark.parametrize(
    ("identity", "changed", "fits"),
    [
        (OPEN, SAID, True),
        ({"type": "open"}, SAID, False),
        ({"run": ["x"], "type": "open"}, SAID, False),
        ("run", SAID, False),
        (OPEN, '{"type":"open"}.n_clicks', False),
        (OPEN, '{"run":.n_clicks', False),
        (OPEN, "[" * 100_000 + ".n_clicks", True),  # it is a plain name, and nobody's
        (OPEN, '{"run":' + "[" * 100_000 + ".n_clicks", False),
    ],
)
def test_an_id_of_parts_has_the_declared_ones(app, client, identity, changed, fits):
    client.get("/_dash-dependencies")
    output, known = next(
        (output, known)
        for output, known in app.callback_map.items()
        if [one["id"] for one in known["inputs"]] == ['{"run":["ALL"],"type":"open"}']
    )
    name, _, which = output.partition("@")[0].rpartition(".")
    body = {
        "output": output,
        "outputs": {"id": name, "property": which},
        "inputs": [[{"id": identity, "property": "n_clicks", "value": 0}]],
        "changedPropIds": [changed],
        "state": [],
    }
    answer = client.post("/_dash-update-component", json=body)
    assert (answer.status_code == 400) is not fits


def test_too_large_a_body_is_refused_in_words(client):
    data = b" " * (MAX_UPLOAD + 1)
    answer = client.post("/_dash-update-component", data=data, content_type="application/json")
    assert answer.status_code == 413 and is_refused_in_words(answer)


@pytest.mark.parametrize(
    "path",
    ["/assets/none.js", "/assets/..%2fapp.py", "/assets/%00", "/_dash-component-suites/os/x.js"]
    + ["/_dash-component-suites/dash/../x.js", "/_dash-component-suites/dash/no.js"],
)
def test_unknown_files_are_refused_in_words(client, path):
    answer = client.get(path)
    assert answer.status_code == 404 and is_refused_in_words(answer)


def test_thousands_of_hostile_requests_are_answered_in_words(app, home):
    """Mutated callbacks, forged cookies, uploads, paths, names and origins: no 500, no path."""
    client = app.server.test_client(use_cookies=False)
    before = {p.relative_to(home.parent) for p in home.parent.glob("*")}
    for request in hostile_requests(app, random.Random(19), ROUNDS):
        shown = json.dumps(request, default=repr)[:600]
        with client.open(**request) as answer:
            text = answer.get_data().decode(errors="replace")
            assert answer.status_code < 500 or is_refused_in_words(answer), shown
        assert "Traceback" not in text and str(home) not in text, shown
        assert 'File "' not in text and "site-packages" not in text, shown
    assert {p.relative_to(home.parent) for p in home.parent.glob("*")} == before


def test_a_file_with_a_hostile_name_is_shown_as_text(client):
    from .test_callbacks import show

    content = base64.b64encode(b"1 2\n" * 3).decode()
    answer = show(client, {"name": "<b>\r\n=1+1", "model": "gypsum", "content": content})
    assert answer.status_code < 300
