"""Minerals are found by bands, names, formulas and families, best first."""

from __future__ import annotations

import pytest

import spectra_vae as sv
from spectra_vae.library.search import Place, Question, asked, find, search
from spectra_vae.minerals import mineral

MEANT = {
    "1008": Question(places=(Place(1008.0),)),
    "1008 ± 3 cm⁻¹": Question(places=(Place(1008.0, 3.0),)),
    "has a band at 1086.5+-1": Question(places=(Place(1086.5, 1.0),)),
    "una banda a 464,7 cm-1": Question(places=(Place(464.7),)),
    "414 493": Question(places=(Place(414.0), Place(493.0))),
    "CaSO4·2H2O": Question(words=("caso42h2o",)),
    "hydrates sulfate": Question(words=("sulfate",), hydrate=True),
    "anidro": Question(hydrate=False),
    "": Question(),
}


@pytest.mark.parametrize("text", MEANT)
def test_a_question_is_understood(text):
    assert asked(text) == MEANT[text]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("gypsum", "gypsum"),
        ("gesso", "gypsum"),
        ("GES", "gypsum"),
        ("anhydrite", "anhydrite"),
        ("anhydrite III", "anhydrite-iii"),
        ("felsobanyaite", "felsobanyaite"),
        ("allume", "alum-k"),
        ("CaSO4·½H2O", "bassanite"),
        ("MgSO₄", "epsomite"),
        ("1008 ± 3", "gypsum"),
        ("281 712 1086", "calcite"),
        ("464.7", "quartz"),
        ("hydrate oxalate 1463", "whewellite"),
        ("calcite group 1094", "magnesite"),
    ],
)
def test_the_best_comes_first(text, first):
    assert search(text)[0] == first


def test_what_has_a_band_there_then_the_next_nearest():
    hits = find(Question(places=(Place(1008.0, 3.0),)))
    assert len(hits) == len(sv.minerals())
    near = [hit for hit in hits if hit.matches]
    assert {"gypsum", "zircon", "jarosite"} <= {hit.name for hit in near}
    assert all(abs(hit.bands[0].position - 1008) <= 3 for hit in near)
    assert [hit.bands[0].height for hit in near] == sorted(
        (hit.bands[0].height for hit in near), reverse=True
    )
    away = [abs(hit.bands[0].position - 1008) for hit in hits[len(near) :]]
    assert away == sorted(away) and away[0] > 3


def test_hydrates_hold_water():
    assert all(mineral(name).hydration_number for name in search("hydrates"))
    assert not any(mineral(name).hydration_number for name in search("anhydrous"))
    assert {*search("hydrates"), *search("anhydrous")} == {*sv.minerals()}


def test_a_family_is_found_whole():
    assert {*search("MgSO4")} == {"epsomite", "hexahydrite", "starkeyite", "kieserite"}
    assert {"calcite", "magnesite", "siderite", "rhodochrosite"} == {*search("calcite group")}


@pytest.mark.parametrize("text", ["kryptonite", "9999 ± 1", "x" * 5000, "\0", "(((", "± ± 3"])
def test_nothing_is_nothing(text):
    assert search(text) == ()


def test_among_the_names_that_are_given():
    assert search("1086", ["calcite", "gypsum"]) == ("calcite",)


def test_ones_own_is_found(own):
    table = 'name = "mine"\nformula = "XO"\nbands = [{ name = "F", position = 1008.0, height = 1.0'
    with own("mine", f'{table}, width = 9.0, mixing = 0.5, group = "g" }}]'):
        assert {"mine", "gypsum"} <= {*search("1008")} and search("mine") == ("mine",)
