"""A person's own minerals: given away, taken in, renamed, removed and brought back."""

from __future__ import annotations

import json
import os
import tomllib

import pytest

import spectra_vae as sv
from spectra_vae.library import keeping
from spectra_vae.library.error import LibraryError
from spectra_vae.minerals import MineralError, to_table
from spectra_vae.minerals.store import own_minerals

TABLE = """# measured by hand
name = "kept"  # a stone
formula = "XO"
bands = [
  { name = "F", position = 505.0, height = 1.0, width = 12.0, mixing = 0.6, group = "lattice" },
]
"""


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A home of its own with one mineral that has a reference."""
    monkeypatch.setenv("SPECTRA_VAE_HOME", str(tmp_path))
    keeping.add(TABLE.encode())
    folder = tmp_path / "minerals"
    (folder / "kept.reference.json").write_text(json.dumps({"settings": {"date": "2026-01-02"}}))
    return folder


def test_it_is_given_away_and_taken_in_as_one_file(kept, tmp_path):
    assert keeping.export("kept") == TABLE
    file = tmp_path / "given.toml"
    file.write_text(keeping.export("kept").replace('"kept"', '"other"'))
    added = keeping.add(file)
    assert (
        added.name == "other" and to_table(added)["bands"] == to_table(sv.mineral("kept"))["bands"]
    )


def test_a_shipped_one_is_given_away_as_well(kept):
    assert tomllib.loads(keeping.export("quartz"))["formula"] == "SiO2"


@pytest.mark.parametrize(
    "content",
    [
        b"name = [",
        b"\xff\xfe",
        TABLE.replace("505.0", "-5.0").encode(),
        TABLE.replace('"kept"', '"../kept"').encode(),
        TABLE.replace('"kept"', '"a b"').encode(),
        b"#" * 300_000,
    ],
)
def test_a_table_with_a_mistake_gets_its_sentence(kept, refused, content):
    before = sorted(kept.iterdir())
    with refused(MineralError):
        keeping.add(content)
    assert sorted(kept.iterdir()) == before


def test_a_taken_name_is_refused_unless_it_is_meant(kept, refused):
    with refused(LibraryError):
        keeping.add(TABLE.encode())
    with refused(LibraryError):
        keeping.add(TABLE.replace('"kept"', '"gypsum"').encode(), replace=True)
    changed = TABLE.replace("505.0", "515.0")
    assert keeping.add(changed.encode(), replace=True).main.position == 515
    assert keeping.reference("kept") is None, "it was the other table's"


def test_a_file_that_is_not_there_is_refused(kept, refused, tmp_path):
    with refused(LibraryError):
        keeping.add(tmp_path / "missing.toml")


def test_it_is_renamed_with_its_reference_and_comments(kept):
    assert keeping.rename("kept", "renamed").name == "renamed"
    assert own_minerals() == ("renamed",)
    assert keeping.export("renamed") == TABLE.replace('"kept"', '"renamed"')
    assert keeping.reference("renamed") and keeping.reference("kept") is None


def test_a_name_in_another_place_of_the_table_is_renamed_as_well(kept):
    moved = TABLE.replace('name = "kept"  # a stone\n', "") + "'name' = 'late'\n"
    keeping.add(moved.encode())
    renamed = keeping.rename("late", "later")
    assert renamed.main.name == "F" and renamed.main.position == 505


@pytest.mark.parametrize("new", ["", "a b", "../x", "a/b", "gypsum", "kept", ".", "x" * 61, "ä\n"])
def test_a_bad_name_is_refused(kept, refused, new):
    with refused(LibraryError):
        keeping.rename("kept", new)
    assert own_minerals() == ("kept",)


@pytest.mark.parametrize("name", ["quartz", "gypsum"])
def test_shipped_ones_stay(kept, refused, name):
    with refused(LibraryError):
        keeping.rename(name, "mine")
    with refused(LibraryError):
        keeping.remove(name)
    assert name in sv.minerals()


@pytest.mark.parametrize("name", ["nobody", "../kept", "a\0b"])
def test_what_is_not_there_is_refused(kept, refused, name):
    for deed in (keeping.remove, keeping.bring_back, keeping.export):
        with refused():
            deed(name)


def test_removing_is_undone(kept, refused):
    before = keeping.export("kept"), keeping.reference("kept")
    keeping.remove("kept")
    assert "kept" not in sv.minerals() and keeping.reference("kept") is None
    assert keeping.bring_back("kept").name == "kept"
    assert (keeping.export("kept"), keeping.reference("kept")) == before
    with refused(LibraryError):
        keeping.bring_back("kept")


def test_a_name_that_was_taken_meanwhile_stays_with_who_has_it(kept, refused):
    keeping.remove("kept")
    keeping.add(TABLE.replace("505.0", "515.0").encode())
    with refused(LibraryError):
        keeping.bring_back("kept")
    assert sv.mineral("kept").main.position == 515


def test_what_was_removed_long_ago_is_gone(kept, refused):
    keeping.remove("kept")
    os.utime(kept / ".removed" / "kept", (1, 1))
    keeping.add(TABLE.replace('"kept"', '"other"').encode())
    keeping.remove("other")
    with refused(LibraryError):
        keeping.bring_back("kept")


def test_a_broken_one_can_be_removed_but_not_renamed(kept, refused):
    (kept / "kept.toml").write_text("name = [")
    with refused(MineralError):
        keeping.rename("kept", "new")
    keeping.remove("kept")
    assert not (kept / "kept.toml").exists()
