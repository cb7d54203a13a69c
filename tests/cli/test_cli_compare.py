"""``spectra-vae compare A B``, called as a user calls it."""

from __future__ import annotations

import json

import pytest

import spectra_vae as sv
from spectra_vae.cli.main import main
from spectra_vae.examples import PAIRS, example
from spectra_vae.spectra.spectrum import Spectrum
from spectra_vae.spectrometer import VirtualSpectrometer


@pytest.fixture
def files(tmp_path):
    """The files of a pair of examples, by the pair's name."""

    def write(pair: str) -> list[str]:
        paths = [tmp_path / f"{name}.csv" for name in PAIRS[pair]]
        for path in paths:
            path.write_bytes(example(path.stem))
        return [str(path) for path in paths]

    return write


def test_a_person_reads_the_verdict_and_a_line_a_factor(files, capsys):
    assert main(["compare", *files("other"), "--model", "gypsum"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("The mineral is in two states: ") and lines[0].endswith(".")
    assert [line.split()[0] for line in lines[2:4]] == ["hydration", "crystallinity"]
    assert all(line.endswith(" σ") for line in lines[2:4])
    assert "learnt one kind of instrument" in lines[4]


def test_json_is_one_object(files, capsys):
    assert main(["compare", *files("same"), "--model", "gypsum", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told.keys() >= {"factors", "distance", "probability", "same", "a", "b", "checks"}
    assert told["a"]["file"] == "lab-532.csv"
    assert told["factors"]["hydration"].keys() == {"a", "b", "difference", "sigmas"}


def test_each_file_may_have_its_own_resolution(files, capsys):
    both = files("same")
    assert main(["compare", *both, "--resolution", "3", "6", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    expected = [
        sv.load("gypsum").restore(sv.read_spectrum(f), resolution=r)
        for f, r in zip(both, (3.0, 6.0), strict=True)
    ]
    assert told["checks"][-1]["code"] == "compare.resolutions"
    assert told["settings"]["model"] == "gypsum"
    assert [told["settings"][f"resolution_{side}"] for side in "ab"] == [3.0, 6.0]
    for side, r in zip("ab", expected, strict=True):
        value = told["factors"]["crystallinity"][side]["value"]
        assert value == pytest.approx(r.estimates["crystallinity"].value, abs=1e-6)
    assert main(["compare", *both, "--model", "gypsum", "--resolution", "3", "-1"]) == 1
    assert "The resolution is -1" in capsys.readouterr().err


def test_every_broken_file_is_named_with_its_reason(files, tmp_path, capsys):
    broken = tmp_path / "broken.txt"
    broken.write_text("this is no spectrum\n", "utf-8")
    both = [str(broken), str(tmp_path / "missing.txt")]
    assert main(["compare", *both, "--model", "gypsum"]) == 1
    said = capsys.readouterr()
    assert not said.out and "Traceback" not in said.err
    for line, file in zip(said.err.splitlines(), both, strict=True):
        assert line.startswith(file) and line.endswith(".")
    assert main(["compare", files("same")[0], both[1], "--model", "gypsum", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["file"] == both[1] and told["error"].endswith(".")


@pytest.mark.parametrize("bad", [0, 1])
def test_the_file_with_a_fault_of_the_programs_own_is_named(files, bad, monkeypatch, capsys):
    both = files("same")
    whole = VirtualSpectrometer.restore

    def restore(self, spectrum, resolution=None):
        if isinstance(spectrum, Spectrum) and spectrum.meta["name"] in both[bad]:
            raise ValueError("unforeseen")
        return whole(self, spectrum, resolution)

    monkeypatch.setattr(VirtualSpectrometer, "restore", restore)
    assert main(["compare", *both, "--model", "gypsum", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["file"] == both[bad] and "unforeseen" in told["error"]


def test_no_such_model(files, capsys):
    assert main(["compare", *files("same"), "--model", "gypsom"]) == 1
    assert "gypsom" in capsys.readouterr().err
