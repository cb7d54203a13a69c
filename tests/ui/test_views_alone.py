"""Views are built when they are first looked at: what each listens to has to be there by then."""

from __future__ import annotations

import json
from typing import Any

import pytest

from spectra_vae.ui import app as page
from spectra_vae.ui.offer import Offer

FIRST = "first"  # what is there from the start: the shell and the spectrometer
# Made by callbacks, inside the view that listens to them.
MADE = {"move-sliders": "restore"}


def ids(component: Any) -> set[str]:
    """Every plain id in a tree of components."""
    if isinstance(component, (list, tuple)):
        return {name for one in component for name in ids(one)}
    own = getattr(component, "id", None)
    inner = ids(getattr(component, "children", ()))  # what has none counts as nothing: no "or"
    return inner if not isinstance(own, str) else inner | {own}


@pytest.fixture(scope="module")
def offer():
    return Offer.of_this_home()


@pytest.fixture(scope="module")
def app(offer):
    return page.create_app(offer, warm=False)


@pytest.fixture(scope="module")
def later(app):
    return [view for view in app.views if not view.first]


@pytest.fixture(scope="module")
def places(app, later, offer):
    """Where every id stands: in the first page or in which view."""
    with app.server.test_request_context("/"):
        found = dict.fromkeys(ids(page.layout(app.views, offer)), FIRST)
        for view in later:
            own = [*view.layout("en", offer.part(view.needs)), *view.stores()]
            for name in ids(own):
                assert name not in found, f"{name} stands twice"
                found[name] = view.name
    return {**found, **MADE}


def listed(app):
    """(outputs, inputs, states) of every callback: names; patterns stand for themselves."""
    for one in app.callback_map.values():
        outputs = one["output"] if isinstance(one["output"], list) else [one["output"]]
        told = [[c["id"] for c in one[kind]] for kind in ("inputs", "state")]
        yield [o.component_id for o in outputs], *told


def alone(inputs):
    """The shell's own request for a view."""
    return len(inputs) == 1 and inputs[0].startswith("build-")


def plain(names):
    return [n for n in names if isinstance(n, str) and not n.startswith("{")]


def test_every_id_of_a_callback_exists(app, places):
    for outputs, inputs, states in listed(app):
        assert {*plain(outputs), *plain(inputs), *plain(states)} <= places.keys()


def test_a_view_listens_to_nothing_beyond_it(app, places):
    for outputs, inputs, states in listed(app):
        listens = {places[name] for name in plain(inputs)}
        assert len(listens) <= 1, inputs
        reached = {places[name] for name in (*plain(outputs), *plain(states))}
        assert len((listens | reached) - {FIRST}) <= 1, (outputs, inputs, states)
        assert FIRST not in listens or reached == {FIRST} or alone(inputs), (outputs, inputs)


def test_a_view_is_sent_when_it_is_asked_for(app, later):
    for view in later:
        body = {
            "output": f"view-{view.name}.children",
            "outputs": {"id": f"view-{view.name}", "property": "children"},
            "inputs": [{"id": f"build-{view.name}", "property": "data", "value": 1}],
            "changedPropIds": [f"build-{view.name}.data"],
        }
        answer = app.server.test_client().post("/_dash-update-component", json=body)
        children = answer.get_json()["response"][f"view-{view.name}"]["children"]
        assert f"{view.name}-shown" in json.dumps(children)
