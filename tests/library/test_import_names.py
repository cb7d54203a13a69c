"""What names of files say of a mineral."""

from __future__ import annotations

import pytest

from spectra_vae.library.import_names import formula, named, shared_prefix

RRUFF = "Aeschynite-(Ce)__R050001__Raman__532__0__unoriented__Raman_Data_{}.txt"


@pytest.mark.parametrize(
    ("file", "mineral"),
    [
        (RRUFF.format("Processed__123"), "aeschynite-ce"),
        (
            "in/a/folder/Quartz__R040031__Broad_Scan__532__0__unoriented__Raman_Data_RAW__9.txt",
            "quartz",
        ),
        ("Sulphur_532nm_unoriented.txt", "sulphur"),
        ("Calcite(CaCO3).txt", "calcite"),
        ("Aluminite(Al2SO4(OH)4_7H2O)_785nm.txt", "aluminite"),
        ("Niter_KNO3_532nm_unoriented.txt", "niter"),
        ("Muscovite1.txt", "muscovite"),
        ("calcite 02.csv", "calcite"),
        ("CaF2_532nm.txt", "caf2"),
        ("Magnesioferrite_785nm_unoriented_Processed.txt", "magnesioferrite"),
        ("Felsőbányaite_R050001.txt", "felsőbányaite"),
        ("my-own-phase.txt", "my-own-phase"),
        ("___.txt", ""),
    ],
)
def test_the_mineral_is_found(file, mineral):
    assert named(file, "", {}).mineral == mineral


def test_the_header_knows_better_than_an_unusual_name():
    assert named("532_a.txt", "", {"NAMES": "Calcite"}).mineral == "calcite"


def test_raw_and_processed_are_one_measurement():
    raw, processed = (named(RRUFF.format(k), "", {}) for k in ("RAW__7", "Processed__8"))
    assert raw.measurement == processed.measurement and raw.rank > processed.rank
    other = named(RRUFF.format("RAW__7").replace("532", "785"), "", {})
    assert other.measurement != raw.measurement


def test_what_all_names_begin_with_is_the_collections():
    files = ["CDPH_Calcite.txt", "CDPH_Barite.txt", "CDPH_Calomel_HgCl_532nm.txt"]
    assert shared_prefix(files) == "CDPH_"
    assert named(files[2], "CDPH_", {}).mineral == "calomel"
    assert shared_prefix([*files, "notes.md"]) == "CDPH_"
    assert shared_prefix(["Calcite_1.txt", "Calcite_2.txt"]) == ""


def test_what_is_no_collections_name_stays():
    settings = ["Stone_532nm.txt", "Stone_785nm_unoriented.txt", "Stone_2.txt"]
    assert shared_prefix(settings) == ""
    places = ["Calcite_vein.txt", "Calcite_marble.txt", "Calcite_cave.txt"]
    assert shared_prefix(places, {"calcite"}) == ""
    assert shared_prefix([RRUFF.format(f"RAW__{k}") for k in range(5)]) == ""
    assert shared_prefix(["One_1.txt", "Two_1.txt", "Three_1.txt"]) == ""
    assert shared_prefix([]) == ""


def test_a_formula_loses_its_marks():
    assert formula({"IDEAL CHEMISTRY": "Fe^3+^_2_(SO_4_)_3_"}) == "Fe3+2(SO4)3"
    assert formula({}) is None
