"""On a shared server a mineral is its maker's: all see and open it, nobody else changes it."""

import base64

import numpy as np
import pytest

from spectra_vae.jobs.outcome import carry_out
from spectra_vae.library import keeping
from spectra_vae.minerals.store import own_minerals
from spectra_vae.storage.owners import OWNERS, mineral_owners

from .persons import TOKEN, called, identity

X = np.arange(200.0, 900.0, 1.5)


def table(name):
    """A mineral's table, as the page is given one."""
    return keeping.export("calcite").replace('name = "calcite"', f'name = "{name}"').encode()


def spectrum(position):
    y = 1000 * np.exp(-4 * np.log(2) * ((X - position) / 9) ** 2)
    y += np.random.default_rng(0).normal(0, 2, len(X))
    return "\n".join(f"{a:.1f} {b:.3f}" for a, b in zip(X, y, strict=True)).encode()


def take_in(client, app, name, content):
    """Drop a file; what the page says against it."""
    values = {"minerals-import": [f"data:;base64,{base64.b64encode(content).decode()}"]}
    answer = called(
        client, app, "minerals-import-wrong.children", values, {"minerals-import": [name]}
    )
    return answer["response"].get("minerals-import-wrong", {}).get("children", "")


def act(client, app, what, name, new=""):
    """Press a button of the card; what the page says against it."""
    values = {"minerals-action": {"what": what, "name": name, "new": new}}
    answer = called(client, app, "minerals-own-words.children", values)
    return answer["response"].get("minerals-own-words", {}).get("children", "")


def rows(client, app):
    """The list's rows, by name."""
    answer = called(client, app, "minerals-known.data", {"minerals-shown": 1})
    return {row["name"]: row for row in answer["response"]["minerals-known"]["data"]}


@pytest.fixture
def maker(app, somebody):
    """Who made the mineral ``mine``."""
    client = somebody()
    assert take_in(client, app, "mine.toml", table("mine")) == "" and own_minerals() == ("mine",)
    return client


def test_others_see_it_and_change_nothing(app, somebody, maker):
    other = somebody()
    assert mineral_owners() == {"mine": identity(maker, app)}
    for what in ("rename", "remove"):
        assert "belongs to somebody else" in act(other, app, what, "mine", "theirs")
    assert own_minerals() == ("mine",)
    assert act(maker, app, "rename", "mine", "still-mine") == ""
    assert mineral_owners() == {"still-mine": identity(maker, app)}
    assert act(maker, app, "remove", "still-mine") == "" and own_minerals() == ()
    assert "belongs to somebody else" in act(other, app, "undo", "still-mine")
    assert act(maker, app, "undo", "still-mine") == "" and own_minerals() == ("still-mine",)


def test_ones_own_come_first_and_others_are_called(app, somebody, maker):
    other = somebody()
    maker.post("/me", data={"name": "Ada"})
    assert rows(maker, app)["mine"]["own"] and not rows(other, app)["mine"]["own"]
    for client, words, hidden in ((maker, "yours", False), (other, "Ada's", True)):
        values = {"minerals-chosen": "mine", "minerals-theme": None}
        told = called(client, app, "minerals-head.children", values)["response"]
        assert words in str(told["minerals-head"]) and told["minerals-own"]["hidden"] is hidden


def test_nobody_takes_everybodys_mineral_away(app, somebody):
    client = somebody()
    assert "everybody here works with it" in take_in(client, app, "c.toml", table("calcite"))
    assert take_in(client, app, "mine.toml", table("mine")) == ""
    assert "everybody here works with it" in act(client, app, "rename", "mine", "calcite")
    assert "ships with the program" in act(client, app, "remove", "calcite")
    client.post("/me", data={"token": TOKEN})
    assert take_in(client, app, "c.toml", table("calcite")) == ""
    assert "calcite" not in mineral_owners() and set(own_minerals()) == {"calcite", "mine"}


def test_an_administrator_changes_everybodys_and_it_stays_theirs(app, somebody, maker):
    admin = somebody()
    admin.post("/me", data={"token": TOKEN})
    assert act(admin, app, "rename", "mine", "other") == ""
    assert mineral_owners() == {"other": identity(maker, app)}


def test_an_import_is_its_owners_and_so_is_what_it_makes(app, offer, somebody):
    me, other = somebody(), somebody()
    assert take_in(me, app, "onestone.txt", spectrum(400)) == ""
    (job,) = offer.trainings.queue.waiting()
    assert job.owner == identity(me, app)
    act(other, app, "cancel", job.group)
    assert offer.trainings.queue.position(job.id) == 1
    assert carry_out(job, lambda _: None).state == "finished"
    assert mineral_owners() == {"onestone": job.owner}
    act(me, app, "cancel", job.group)
    waiting = offer.trainings.queue.waiting()  # what was made gets its encoder, by turns of its own
    assert [(one.kind, one.owner) for one in waiting] == [("encoder", job.owner)]


def test_an_import_of_somebody_leaves_shipped_minerals_alone(app, offer, somebody):
    me = somebody()
    assert take_in(me, app, "calcite.txt", spectrum(400)) == ""
    outcome = carry_out(offer.trainings.queue.waiting()[0], lambda _: None)
    assert outcome.result["added"] == [] and own_minerals() == ()
    assert "everybody here works with it" in outcome.result["refused"][0]["why"]["en"]


@pytest.mark.parametrize("text", ["", "[1]", '{"mine": 5}', "[" * 100_000])
def test_a_broken_list_of_owners_leaves_minerals_to_the_administrator(
    app, somebody, maker, tmp_path, text
):
    (tmp_path / OWNERS).write_text(text)
    assert "belongs to somebody else" in act(maker, app, "remove", "mine")
    assert "mine" in rows(maker, app)
