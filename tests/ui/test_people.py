"""Who may do what on a shared server; on one's own machine everybody may do everything."""

import json
import stat
import time

import pytest

from spectra_vae.jobs.record import Job
from spectra_vae.storage.people import SECRET, signing_secret
from spectra_vae.storage.runs import note, run_folder
from spectra_vae.text.message import SpectraVaeError
from spectra_vae.ui.app import create_app
from spectra_vae.ui.guard.access import Access
from spectra_vae.ui.guard.allowance import Uploads
from spectra_vae.ui.guard.people import COOKIE
from spectra_vae.ui.offer import Offer

from .persons import TOKEN, called, identity


def ask(client, app, what, run):
    """What a button of the runs' table sends, and what the page says of it."""
    answer = called(
        client, app, "undo-run.data", {"run-action": {"what": what, "run": run}}, {"undo-run": []}
    )
    return answer.get("sideUpdate", {}).get("notice", {}).get("children")


def run_of(offer, owner, name="mine"):
    """A run that ended, and one that waits."""
    folder = run_folder(name)
    folder.mkdir(parents=True)
    note(folder, name=name, state="finished", owner=owner)
    offer.trainings.queue.add([Job(f"{name}-waits", name, "train", {}, owner=owner)])
    return name


def test_everybodys_runs_are_their_own(app, offer, somebody):
    me, other = somebody(), somebody()
    run = run_of(offer, identity(me, app))
    for what, which in (("delete", run), ("cancel", f"{run}-waits")):
        assert "belongs to somebody else" in ask(other, app, what, which)
    assert run_folder(run).is_dir() and offer.trainings.queue.position(f"{run}-waits") == 1
    assert ask(me, app, "cancel", f"{run}-waits") is None
    assert ask(me, app, "delete", run) is None and not run_folder(run).exists()
    assert "belongs to somebody else" in ask(other, app, "undo", run)
    assert ask(me, app, "undo", run) is None and run_folder(run).is_dir()


def test_the_administrator_may_do_everything_once_the_token_was_said(app, offer, somebody):
    admin = somebody()
    run = run_of(offer, "somebody")
    assert admin.post("/me", data={"token": "wrong"}).status_code == 403
    assert "belongs to somebody else" in ask(admin, app, "delete", run)
    answer = admin.post("/me", data={"token": TOKEN})
    assert answer.status_code == 200 and TOKEN not in answer.headers["Set-Cookie"]
    assert ask(admin, app, "delete", run) is None and not run_folder(run).exists()


def test_another_token_ends_an_administrator(app, offer, somebody, monkeypatch):
    admin = somebody()
    admin.post("/me", data={"token": TOKEN})
    cookie = admin.get_cookie(COOKIE).value
    monkeypatch.setenv("SPECTRA_VAE_ADMIN", TOKEN + "-new")
    later = create_app(offer, warm=False)
    client = later.server.test_client()
    client.set_cookie(COOKIE, cookie)
    assert "belongs to somebody else" in ask(client, later, "delete", run_of(offer, "x"))


def test_the_cookie_is_signed_and_no_script_reads_it(app, somebody):
    client = somebody()
    said = client.get_cookie(COOKIE)
    assert said.http_only and said.same_site == "Lax" and not said.secure
    mine = identity(client, app)
    forged = app.server.test_client()
    forged.set_cookie(COOKIE, json.dumps({"id": mine, "admin": ""}))
    assert "Set-Cookie" in forged.get("/").headers  # it is nobody: a new one
    assert "Set-Cookie" not in client.get("/").headers


def test_the_secret_is_the_homes_own_and_nobody_elses(tmp_path, monkeypatch):
    monkeypatch.setenv("SPECTRA_VAE_HOME", str(tmp_path))
    assert signing_secret() == signing_secret() and len(signing_secret()) == 32
    assert stat.S_IMODE((tmp_path / SECRET).stat().st_mode) == 0o600


@pytest.mark.parametrize(("address", "believed"), [("10.0.0.7", True), ("10.0.1.7", False)])
def test_a_login_is_believed_only_from_our_proxy(app, offer, address, believed):
    run = run_of(offer, "login ada")
    client = app.server.test_client()
    client.environ_base |= {"REMOTE_ADDR": address, "HTTP_X_FORWARDED_USER": "ada"}
    assert (ask(client, app, "delete", run) is None) is believed


def test_a_name_can_be_said_and_is_only_text(app, somebody):
    client = somebody()
    assert b"Saved." in client.post("/me", data={"name": 'Ada <b>"'}).data
    page = client.get("/me").get_data(as_text=True)
    assert "Ada &lt;b&gt;&quot;" in page and "<b>" not in page
    assert client.post("/me", data={"name": "x" * 61}).status_code == 400


def test_on_ones_own_machine_there_are_no_persons(tmp_path, monkeypatch):
    monkeypatch.setenv("SPECTRA_VAE_HOME", str(tmp_path))
    offer = Offer.of_this_home()
    app = create_app(offer, warm=False)
    client = app.server.test_client()
    assert "Set-Cookie" not in client.get("/").headers
    assert ask(client, app, "delete", run_of(offer, "somebody")) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"SPECTRA_VAE_ADMIN": "short"},
        {"SPECTRA_VAE_METRICS": "short"},
        {"SPECTRA_VAE_PROXY": "our-proxy"},
    ],
)
def test_a_wrong_setting_is_one_sentence(wrong, refused):
    with refused(SpectraVaeError):
        Access.of_environment(wrong)


def test_a_person_may_send_so_much_in_a_minute():
    uploads = Uploads(limit=100, seconds=60)
    assert uploads.take("a", 60, 0) and uploads.take("b", 60, 0)
    assert not uploads.take("a", 60, 0) and uploads.take("a", 40, 0)
    assert not uploads.take("a", 40, 6) and uploads.take("a", 40, 30)


@pytest.mark.parametrize(("days", "known"), [(-30, True), (364, True), (366, False)])
def test_a_clock_that_is_set_takes_nobodys_runs_away(app, somebody, monkeypatch, days, known):
    client, now = somebody(), time.time
    monkeypatch.setattr(time, "time", lambda: now() + days * 86_400)
    assert ("Set-Cookie" in client.get("/").headers) is not known
