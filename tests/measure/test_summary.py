"""A table of restorations says what each file's restoration says, and with which settings."""

import csv
import io
import json
from importlib.metadata import version

import pytest

from spectra_vae.examples import example
from spectra_vae.measure.report.summary import SETTINGS, Summary, table_csv
from spectra_vae.readers import read_spectrum


@pytest.fixture(scope="module")
def restored(vs):
    spectra = [read_spectrum(example(name), f"{name}.csv") for name in ("noisy", "foreign")]
    return vs.restore(spectra)


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_a_row_says_what_the_restoration_says(restored):
    for r in restored:
        row = Summary.of(r)
        assert row.verdict == r.novelty.verdict and row.foreign == len(r.unexplained)
        for name, one in {**r.estimates, **r.quantities}.items():
            if name == "intensity":
                assert name not in row.values
            else:
                expected = (one.value, one.low, one.high) if one.known else None
                assert row.values[name] == expected
        assert row.settings["model"] == "gypsum" and row.settings["version"] == version(
            "spectra-vae"
        )


def test_through_json_and_back(restored):
    for r in restored:
        row = Summary.of(r)
        assert Summary.from_dict(json.loads(json.dumps(row.to_dict()))) == row


@pytest.mark.parametrize(
    "wrong", [{}, {"values": 5}, {"values": {}, "alien": 1, "score": "x"}, {"values": {"a": [1]}}]
)
def test_what_is_no_summary_is_refused(restored, wrong):
    told = {**Summary.of(restored[0]).to_dict(), **wrong} if wrong else {}
    with pytest.raises((KeyError, TypeError, ValueError, AttributeError)):
        Summary.from_dict(told)


def test_the_csv_reads_back(restored):
    noisy, foreign = map(Summary.of, restored)
    table = rows(table_csv([("noisy.csv", noisy), ("four.txt", "Too few."), ("f.csv", foreign)]))
    assert [row["file"] for row in table] == ["noisy.csv", "four.txt", "f.csv"]
    assert [row["verdict"] for row in table] == ["normal", "refused", "alien"]
    assert table[1]["error"] == "Too few." and table[1]["hydration"] == ""
    for row, one in ((table[0], noisy), (table[2], foreign)):
        value, low, high = one.values["hydration"]
        assert float(row["hydration"]) == pytest.approx(value, rel=1e-5)
        assert float(row["hydration_low"]) == pytest.approx(low, rel=1e-5)
        assert float(row["hydration_high"]) == pytest.approx(high, rel=1e-5)
        assert float(row["nu1_position [cm-1]"]) == pytest.approx(
            one.values["position"][0], rel=1e-5
        )
        assert {name: row[name] for name in SETTINGS} == dict(one.settings)
        assert int(row["unexplained_bands"]) == one.foreign


def test_unknown_is_said(vs):
    short = read_spectrum(example("clean"), "clean.csv")
    keep = short.wavenumber < 1300
    cut = type(short)(short.wavenumber[keep], short.intensity[keep])
    row = rows(table_csv([("cut.csv", Summary.of(vs.restore(cut)))]))[0]
    assert row["hydration"] == "unknown" and row["hydration_low"] == ""


@pytest.mark.parametrize("name", ["=1+1", "+x", "-x", "@x", "\tx"])
def test_a_name_is_no_formula(name):
    assert rows(table_csv([(name, "Refused.")]))[0]["file"] == f"'{name}"


def test_an_odd_name_stays_one_cell():
    name = 'a,"b"\n<img>.txt'
    assert rows(table_csv([(name, "Refused.")]))[0]["file"] == name
