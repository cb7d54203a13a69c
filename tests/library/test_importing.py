"""Collections of spectra become minerals of one's own."""

from __future__ import annotations

import stat
import zipfile

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.library import import_source, importing, keeping
from spectra_vae.library.error import LibraryError
from spectra_vae.minerals.store import own_minerals, shipped_mineral
from spectra_vae.text.message import LANGUAGES, say

X = np.arange(200.0, 900.0, 1.5)


def text(position: float, seed: int = 0, header: str = "") -> str:
    """A spectrum of two bands."""
    y = 5 + np.random.default_rng(seed).normal(0, 2, len(X))
    for p, h, w in ((position, 1000, 9.0), (position + 150, 400, 12.0)):
        y += h * np.exp(-4 * np.log(2) * ((X - p) / w) ** 2)
    return header + "\n".join(f"{a:.1f}, {b:.3f}" for a, b in zip(X, y, strict=True)) + "\n"


RRUFF = "{}__{}__Raman__532__0__unoriented__Raman_Data_{}__{}.txt"
FILES = {
    RRUFF.format("Onestone", "R000001", "Processed", 1): text(400, 1, "##IDEAL CHEMISTRY=X_2_O\n"),
    RRUFF.format("Onestone", "R000001", "RAW", 2): text(400, 2),
    RRUFF.format("Onestone", "R000002", "RAW", 3): text(401, 3),
    "Onestone__R000001__Broad_Scan__532__0__unoriented__Raman_Data_RAW__4.txt": text(400, 4),
    "folder/other-stone.csv": text(520, 5),
    "notes.txt": "Nothing but words.\n",
    ".DS_Store": "x",
}


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("SPECTRA_VAE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "collection"
    for name, content in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return root


@pytest.fixture
def packed(tmp_path):
    """``packed(files)``: a zip of them."""

    def pack(files, name="collection.zip"):
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for file, content in files.items():
                archive.writestr(file, content)
        return tmp_path / name

    return pack


def reasons(refused):
    return {one.file: one.why.code for one in refused}


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_a_collection_becomes_minerals(kind, folder, packed):
    steps = []
    found = sv.import_library(folder if kind == "folder" else packed(FILES), steps.append)
    assert set(found.added) == {"onestone", "other-stone"} == set(own_minerals())
    assert reasons(found.refused).keys() == {"notes.txt"}
    assert sorted(reasons(found.left_out).values()) == ["import.broad", "import.same"]
    one = sv.mineral("onestone")
    assert one.formula == "X2O" and abs(one.main.position - 400) < 1.5
    reference = keeping.reference("onestone")
    assert len(reference["files"]) == 2 and reference["settings"]["date"]
    assert [s.done for s in steps] == sorted({s.done for s in steps}) and steps[-1].done == 6
    assert {s.total for s in steps} == {6}
    told = found.to_dict()
    assert set(told["refused"][0]["why"]) == set(LANGUAGES) and not found.instead


def test_a_stopped_import_goes_on_and_fits_nothing_twice(folder, monkeypatch):
    def stop(step):
        if step.name == "onestone":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sv.import_library(folder, stop)
    assert own_minerals() == ("onestone",)
    fitted = []
    fit = importing.fit_mineral
    monkeypatch.setattr(
        importing, "fit_mineral", lambda s, name, r: fitted.append(name) or fit(s, name, r)
    )
    found = sv.import_library(folder)
    assert fitted == ["other-stone"] and found.known == ("onestone",)
    assert sv.import_library(folder).added == () and fitted == ["other-stone"]


def test_other_files_of_a_name_that_one_has_are_refused_unless_meant(folder):
    sv.import_library(folder)
    (folder / "folder" / "other-stone.csv").write_text(text(530, 6))
    found = sv.import_library(folder)
    assert reasons(found.refused)["folder/other-stone.csv"] == "error.mineral_exists"
    assert sv.import_library(folder, replace=True).added == ("other-stone",)
    assert abs(sv.mineral("other-stone").main.position - 530) < 1


def test_a_shipped_ones_facts_stay_where_ones_own_takes_its_place(packed):
    found = sv.import_library(packed({"Quartz.txt": text(464, 7), "Gypsum.txt": text(464, 8)}))
    assert found.added == found.instead == ("quartz",)
    assert reasons(found.refused) == {"Gypsum.txt": "error.mineral_shipped"}
    quartz = sv.mineral("quartz")
    assert quartz.main_group.hue == shipped_mineral("quartz").main_group.hue
    assert (
        quartz.formula == "SiO2"
        and quartz.label.within("it") == "quarzo"
        and len(quartz.bands) == 2
    )


def test_tables_are_taken_in(packed):
    sv.import_library(packed({"other-stone.csv": text(520, 5)}))
    files = {"a.toml": keeping.export("other-stone").replace("other-stone", "again")}
    assert sv.import_library(packed(files)).added == ("again",)
    assert sv.import_library(packed(files)).known == ("again",)
    assert reasons(sv.import_library(packed({"b.toml": "name = ["})).refused) == {
        "b.toml": "error.mineral_toml"
    }


def test_nothing_leaves_its_folder(packed, own_home, tmp_path):
    names = ["../out.txt", "/abs.txt", "a/../../up.txt", "C:/disk.txt", "..\\win.txt"]
    path = packed(dict.fromkeys(names, text(520)))
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    before = set(tmp_path.rglob("*"))
    found = sv.import_library(path)
    assert found.added == () and set(reasons(found.refused).values()) == {"error.import_outside"}
    assert len(found.refused) == len(names) + 1
    assert set(tmp_path.rglob("*")) == before


def test_a_link_out_of_a_folder_is_refused(folder, tmp_path):
    (tmp_path / "secret.txt").write_text(text(520))
    (folder / "linked.txt").symlink_to(tmp_path / "secret.txt")
    assert reasons(sv.import_library(folder).refused)["linked.txt"] == "error.import_outside"


def test_bombs_are_refused(packed, refused, monkeypatch):
    with refused(LibraryError) as caught:
        sv.import_library(packed({"zeros.txt": b"0" * 12_000_000}))
    assert caught.value.message.code == "error.zip_bomb"
    monkeypatch.setattr(import_source, "MOST_FILES", 2)
    with refused(LibraryError) as caught:
        sv.import_library(packed(dict.fromkeys("abc", "x")))
    assert caught.value.message.code == "error.import_many"
    monkeypatch.setattr(import_source, "MOST_MEGABYTES", 0)
    with refused(LibraryError):
        sv.import_library(packed({"a": "x"}))


def test_what_is_no_spectrum_gets_its_sentence(packed):
    files = {
        "inner.zip": b"PK\x03\x04x",
        "evil.pkl": b"\x80\x04K\x01.",
        "empty.txt": "",
        "1.txt": text(520),
    }
    found = sv.import_library(packed(files))
    told = reasons(found.refused)
    assert told.keys() == files.keys() and told["evil.pkl"] == "error.objects"
    assert told["inner.zip"] == "error.archive" and told["1.txt"] == "error.import_unnamed"
    for one in found.refused:
        assert all(say(one.why, language).endswith(".") for language in LANGUAGES)


def test_a_damaged_entry_does_not_stop_the_others(packed):
    path = packed({"stone.txt": text(520), "torn.txt": text(530)})
    data = bytearray(path.read_bytes())
    data[data.index(b"torn.txt") + 40] ^= 0xFF
    path.write_bytes(data)
    found = sv.import_library(path)
    assert found.added == ("stone",) and reasons(found.refused).keys() == {"torn.txt"}


def test_what_fails_as_nobody_foresaw_is_one_refusal(packed, monkeypatch):
    def broken(*_):
        raise RuntimeError("a fault")

    monkeypatch.setattr(importing, "fit_mineral", broken)
    found = sv.import_library(packed({"stone.txt": text(520)}))
    assert reasons(found.refused) == {"stone.txt": "error.file_failed"}


@pytest.mark.parametrize("content", [None, "words", b""])
def test_what_is_no_collection_is_refused(tmp_path, refused, content):
    path = tmp_path / "file.txt"
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    with refused(LibraryError):
        sv.import_library(path)


def test_an_empty_folder_is_refused(tmp_path, refused):
    (tmp_path / "none").mkdir()
    with refused(LibraryError):
        sv.import_library(tmp_path / "none")
