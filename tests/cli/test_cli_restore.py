"""``spectra-vae restore``, called as a user calls it."""

from __future__ import annotations

import csv
import json
import re

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.cli.main import main
from spectra_vae.simulation.instrument import Instrument
from spectra_vae.simulation.simulate import simulate
from spectra_vae.spectrometer import VirtualSpectrometer

KEYS = {
    "file",
    "read",
    "wavenumber",
    "restored",
    "explained",
    "lower",
    "upper",
    "background",
    "residual",
    "code",
    "estimates",
    "bands",
    "unexplained",
    "novelty",
    "checks",
}


@pytest.fixture
def measured(tmp_path):
    """A simulated measurement as a file."""
    x = np.arange(200.0, 1300.0, 1.5)
    y = simulate("gypsum", 1, Instrument(spikes=0.0).at(5000.0), 2, wavenumber=x).dirty[0]
    path = tmp_path / "scan.txt"
    path.write_text("\n".join(f"{a} {b:.6f}" for a, b in zip(x, 1000 * y, strict=True)), "utf-8")
    return path


@pytest.fixture
def broken(tmp_path):
    path = tmp_path / "broken.txt"
    path.write_text("this is no spectrum\n", "utf-8")
    return path


def lines(capsys):
    return capsys.readouterr().out.splitlines()


def test_restore_json_is_one_object_a_file_and_line(measured, capsys):
    assert main(["restore", str(measured), str(measured), "--json"]) == 0
    told = [json.loads(line) for line in lines(capsys)]
    assert len(told) == 2 and told[0] == told[1]
    assert told[0].keys() >= KEYS and told[0]["file"] == str(measured)
    assert told[0]["read"].keys() >= {"points", "range", "step", "fixes"}
    points = told[0]["read"]["points"]
    arrays = ("wavenumber", "restored", "lower", "upper", "background", "residual")
    assert {len(told[0][name]) for name in arrays} == {points}
    factors = {f.name for f in sv.mineral("gypsum").factors}
    assert set(told[0]["estimates"]) == factors
    for one in told[0]["estimates"].values():
        assert one["known"] or one["value"] is None


def test_a_broken_file_gets_its_error_and_the_others_go_on(measured, broken, tmp_path, capsys):
    files = [str(broken), str(measured), str(tmp_path / "missing.txt")]
    assert main(["restore", *files, "--json"]) == 1
    told = [json.loads(line) for line in lines(capsys)]
    assert [one["file"] for one in told] == files
    assert [set(one) == {"file", "error"} for one in told] == [True, False, True]
    assert told[0]["error"].endswith(".") and "missing.txt" in told[2]["error"]


def test_without_json_a_person_reads_it(measured, broken, capsys):
    assert main(["restore", str(measured), str(broken)]) == 1
    shown = capsys.readouterr()
    assert "hydration" in shown.out and "unknown" in shown.out and "novelty" in shown.out
    assert str(broken) in shown.err and "Traceback" not in shown.err


@pytest.fixture
def fails(monkeypatch):
    """``fails("scan.txt")``: the engine has a fault that shows in this file alone."""

    def on(name: str) -> None:
        whole = VirtualSpectrometer.restore

        def restore(self, spectrum, resolution=None):
            if spectrum.meta["name"] == name:
                raise ValueError("window shape cannot be larger\nthan input array shape")
            return whole(self, spectrum, resolution)

        monkeypatch.setattr(VirtualSpectrometer, "restore", restore)

    return on


@pytest.fixture
def other(measured, tmp_path):
    path = tmp_path / "other.txt"
    path.write_bytes(measured.read_bytes())
    return path


@pytest.mark.parametrize("bad", ["scan.txt", "other.txt"])
def test_a_fault_of_the_programs_own_is_said_and_the_others_go_on(
    measured, other, bad, fails, tmp_path, capsys
):
    fails(bad)
    table = tmp_path / "all.csv"
    files = [str(measured), str(other)]
    assert main(["restore", *files, "--json", "--table", str(table)]) == 1
    told = {one["file"]: one for one in map(json.loads, lines(capsys))}
    assert list(told) == files
    wrong = told.pop(str(tmp_path / bad))
    assert wrong.keys() == {"file", "error"} and wrong["error"].endswith(".")
    assert "window shape" in wrong["error"] and "report" in wrong["error"]
    assert all("estimates" in one for one in told.values())
    rows = {row["file"]: row for row in csv.DictReader(table.read_text("utf-8").splitlines())}
    assert rows[str(tmp_path / bad)]["error"] == wrong["error"]

    assert main(["restore", *files]) == 1
    shown = capsys.readouterr()
    assert "hydration" in shown.out and "Traceback" not in shown.err
    assert shown.err == f"{tmp_path / bad}: {wrong['error']}\n"


def test_coarse_files_do_not_keep_the_others_from_their_numbers(measured, tmp_path, capsys):
    x = np.linspace(100.0, 4000.0, 100)
    y = sv.mineral("gypsum").spectrum(x) + 0.5 + np.random.default_rng(0).normal(0, 0.01, len(x))
    coarse = tmp_path / "coarse.txt"
    coarse.write_text("\n".join(f"{a} {b:.5f}" for a, b in zip(x, y, strict=True)), "utf-8")
    main(["restore", "--json", str(coarse), str(measured)])
    told = [json.loads(line) for line in lines(capsys)]
    assert [one["file"] for one in told] == [str(coarse), str(measured)]
    assert "estimates" in told[1] and told[0].keys() & {"estimates", "error"}


def test_a_place_that_cannot_be_written_to_is_said(measured, other, tmp_path, capsys):
    out = tmp_path / "out"
    (out / "scan.txt.restored.csv").mkdir(parents=True)
    assert main(["restore", str(measured), str(other), "--out", str(out)]) == 1
    shown = capsys.readouterr()
    assert shown.err.startswith(f"{measured}: ") and "--out" in shown.err
    assert "other.txt: " in shown.out and (out / "other.txt.restored.csv").is_file()


def test_numbers_have_the_pages_digits_and_units(measured, vs, capsys):
    assert main(["restore", str(measured)]) == 0
    shown = {line.split()[0]: line for line in lines(capsys) if line.startswith("  ")}
    number = r"[+−]?\d+\.(\d+)"
    for name in ("position", "fwhm", "shift"):
        found = re.search(rf" {number} cm⁻¹  \({number} to {number}\) ", shown[name])
        assert {len(digits) for digits in found.groups()} <= {1, 2, 3}
    for name in ("crystallinity", "purity"):
        found = re.search(rf" {number}  \({number} to {number}\) ", shown[name])
        assert {len(digits) for digits in found.groups()} <= {2, 3}
    r = vs.restore(sv.read_spectrum(measured))
    where = r.quantities["position"]
    value, low, high = map(float, re.findall(r"\d+\.\d+", shown["position"])[:3])
    assert low < value < high
    assert (value, low, high) == pytest.approx((where.value, where.low, where.high), abs=0.051)


def test_out_writes_a_table_that_is_read_back(measured, tmp_path, capsys):
    folder = tmp_path / "new" / "folder"
    assert main(["restore", str(measured), "--out", str(folder)]) == 0
    back = sv.read_spectrum(folder / "scan.txt.restored.csv")
    original = sv.read_spectrum(measured)
    np.testing.assert_allclose(back.intensity, original.intensity, rtol=1e-8)


@pytest.fixture
def ambiguous(measured, tmp_path):
    """A table of two samples; neither has a better name."""
    lines = [line.split() for line in measured.read_text("utf-8").splitlines()]
    body = [f"{x},{y},{float(y) * 2:.6f}" for x, y in lines]
    path = tmp_path / "two.csv"
    path.write_text("\n".join(["Raman shift,sample A,sample B", *body]), "utf-8")
    return path


def test_an_ambiguous_table_tells_its_columns(ambiguous, measured, capsys):
    assert main(["restore", str(ambiguous), str(measured), "--json"]) == 1
    told = [json.loads(line) for line in lines(capsys)]
    assert told[0].keys() == {"file", "error", "columns"}
    assert told[0]["columns"] == ["sample A", "sample B"] and "estimates" in told[1]
    assert main(["restore", str(ambiguous)]) == 1
    assert "--column 'sample A'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("column", "name"), [("sample A", "sample A"), ("sample b", "sample B"), ("3", "sample B")]
)
def test_a_column_is_chosen_by_name_else_by_number(ambiguous, column, name, capsys):
    assert main(["restore", str(ambiguous), "--column", column, "--json"]) == 0
    told = json.loads(lines(capsys)[0])
    assert told["settings"]["column"] == name
    measured = sv.read_spectrum(ambiguous, column=name)
    np.testing.assert_allclose(told["measured"], measured.intensity)


def test_a_column_that_is_not_there(ambiguous, capsys):
    assert main(["restore", str(ambiguous), "--column", "sample Z"]) == 1
    shown = capsys.readouterr().err
    assert "sample Z" in shown and "sample A" in shown


def test_several_files_become_one_table(measured, broken, ambiguous, tmp_path, capsys):
    target = tmp_path / "all.csv"
    files = [str(measured), str(broken), str(ambiguous)]
    assert main(["restore", *files, "--table", str(target)]) == 1
    table = list(csv.DictReader(target.read_text("utf-8").splitlines()))
    assert [row["file"] for row in table] == files
    assert [row["verdict"] for row in table] == ["normal", "refused", "refused"]
    assert table[0]["resolution"] == "4 (assumed)" and table[1]["error"].endswith(".")
    assert main(["restore", str(measured), "--table", str(tmp_path)]) == 1
    assert "--table" in capsys.readouterr().err


def test_a_given_resolution_is_said(measured, capsys):
    assert main(["restore", str(measured), "--json", "--resolution", "6"]) == 0
    assert json.loads(lines(capsys)[0])["settings"]["resolution"] == 6


@pytest.mark.parametrize("value", ["0", "-3", "nan", "inf", "1000000"])
def test_a_resolution_that_makes_no_sense_is_refused(measured, value, capsys):
    assert main(["restore", str(measured), "--resolution", value]) == 1
    assert capsys.readouterr().err.strip().endswith(".")
