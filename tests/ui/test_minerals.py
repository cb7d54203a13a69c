"""Minerals and New mineral on the server: what a page asks, and what comes back."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.jobs.tasks.fit_mineral import TASK
from spectra_vae.ui.app import create_app
from spectra_vae.ui.components.model_choice import HEAD, model_options
from spectra_vae.ui.drafts import question
from spectra_vae.ui.guard.minerals import whose
from spectra_vae.ui.models import DEFAULT_MODEL, ModelShelf
from spectra_vae.ui.offer import Offer
from spectra_vae.ui.palette import THEMES
from spectra_vae.ui.views.minerals import card, figure, shelf
from spectra_vae.ui.views.new_mineral import teaching

JUNK = [
    {"files": [], "baseline": "dry"},
    {"files": [], "steps": [["add", float("nan"), 0]]},
    {"files": [], "steps": [["dig", 1, 2]]},
    None,
    5,
    "text",
    [5],
    {"a": 1},
    {"files": "x"},
    {"files": [{"name": "a"}]},
    True,
]


@pytest.fixture(scope="module")
def offer():
    return Offer.of_this_home()


@pytest.fixture(scope="module")
def client(offer):
    return create_app(offer, warm=False).server.test_client()


def names(found):
    return [hit["name"] for hit in found["fit"]]


def test_a_question_of_a_page_is_the_librarys():
    found = shelf.found(shelf.question("", "1086", "3", "any"), "")
    assert names(found)[0] == "calcite" and found["asked"] == [1086, 3]
    assert found["fit"][0]["at"] == "1086.0" and found["fit"][0]["height"] == "100"
    assert names(shelf.found(shelf.question("1086 ± 3", None, None, None), None)) == names(found)
    assert "gypsum" not in names(shelf.found(shelf.question("", "", "", "without"), ""))
    dry = shelf.found(shelf.question("", "1008", "3", "any"), "carbonate")
    assert not dry["fit"]


@pytest.mark.parametrize("given", [None, [], {}, "-3", "1e99", "nan"])
def test_what_can_not_be_read_is_not_asked(given):
    assert shelf.question(given, given, given, given).places == ()


def test_where_none_stands_the_nearest_is_told():
    found = shelf.found(shelf.question("", "2000", "1", "any"), "")
    assert not found["fit"] and found["nearest"]["at"]


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("narrow", [False, True])
def test_every_minerals_card_is_drawn(language, narrow):
    for name in sv.minerals():
        m = sv.mineral(name)
        drawn = figure.reference(m, THEMES["light"], language, narrow)
        json.dumps(drawn, allow_nan=False)
        labels = [note["text"] for note in drawn["layout"]["annotations"]]
        assert any(f"{m.main.position:.0f}" in words for words in labels), name
        assert len(card.table(m, language).children[1].children) == len(m.bands)
        assert card.head(m, whose(name), language) and card.sources(m, language)


def test_a_familys_members_stand_by_their_water():
    members = card.family_of(sv.mineral("kieserite"))
    counts = [m.hydration_number for m in members]
    assert len(members) > 2 and counts == sorted(counts, reverse=True)
    assert figure.family(members[0], members, THEMES["dark"], "en")["data"]


def test_minerals_stand_behind_the_models_to_choose_from():
    options = model_options(ModelShelf(), "it")
    values = [one["value"] for one in options]
    head = values.index(HEAD)
    assert options[head]["disabled"] and DEFAULT_MODEL in values[:head]
    assert "calcite" in values[head:] and len(values) == len(set(values))
    assert next(o["label"] for o in options if o["value"] == "quartz") == "quarzo · SiO2"


def test_a_mineral_without_a_model_is_one(client):
    shelf_of = ModelShelf()
    assert shelf_of.known("calcite") == "calcite" and shelf_of.known("../x") == DEFAULT_MODEL
    assert shelf_of.mineral_of("calcite").name == "calcite"
    assert shelf_of.model("calcite").mineral.name == "calcite"
    answer = client.get("/model/calcite.bin")
    header = json.loads(answer.data[8 : 8 + int.from_bytes(answer.data[4:8], "little")])
    assert header["id"] == "calcite" and header["card"]["solved"]
    assert client.get("/model/no-such.bin").status_code == 404


@pytest.mark.parametrize("given", JUNK)
def test_junk_is_no_question(offer, given):
    assert question(given, offer.files) is None


def pure(seed: int) -> dict[str, str]:
    """A file as a page sends it."""
    x = np.arange(120.0, 1300.0, 1.5)
    y = sv.mineral("calcite").spectrum(x) + np.random.default_rng(seed).normal(0, 0.004, len(x))
    text = "\n".join(f"{a},{1000 * b:.2f}" for a, b in zip(x, y, strict=True)).encode()
    return {"name": "a.csv", "content": base64.b64encode(text).decode()}


def test_a_draft_is_a_jobs_until_it_is_there(offer, monkeypatch):
    drafts = offer.drafts
    monkeypatch.setattr(drafts.queue, "ensure_worker", lambda: None)
    asked = question({"files": [pure(6)], "resolution": 4, "baseline": "softer"}, offer.files)
    job = drafts.asked(asked)
    assert job.state == "waiting" and drafts.asked(asked).id == job.id
    drafts.cancel(job.id)
    again = drafts.asked(asked)
    assert again.id == job.id and again.state == "waiting"
    result = TASK.run(again, lambda _: None)
    assert drafts.asked(asked) is None
    draft = drafts.of(asked)
    assert len(draft.bands) == result["bands"] and draft.settings["baseline"] == "softer"
    added = replace(asked, steps=(("add", 900.0, 0.0),))
    assert drafts.asked(added) is None and drafts.of(added).settings["baseline"] == "softer"
    drafts.cancel(job.id)


def test_a_pure_spectrum_is_fitted_once_and_merged_on_demand(offer):
    asked = question({"files": [pure(5)], "resolution": 4}, offer.files)
    draft = offer.drafts.of(asked)
    assert offer.drafts.of(asked) is draft
    told = {"name": "a.csv", "digest": asked.files[0].digest}
    less = question({"files": [told], "resolution": 4, "steps": [["leave", 0, 0]]}, offer.files)
    assert len(offer.drafts.of(less).bands) == len(draft.bands) - 1


def test_a_kept_minerals_sliders_come_before_its_encoder(monkeypatch):
    done = []
    queue = SimpleNamespace(
        add=lambda jobs: done.append(jobs[0].kind), ensure_worker=lambda: done.append("worker")
    )
    given = SimpleNamespace(
        models=SimpleNamespace(folder=done.append), trainings=SimpleNamespace(queue=queue)
    )
    monkeypatch.setattr(teaching.owned, "maker", lambda: "")
    teaching.teach(given, "quartz").join()
    assert done == ["quartz", "encoder", "worker"]
