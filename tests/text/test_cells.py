"""What a spreadsheet would take for a formula stays a text."""

import csv
import io

import pytest

from spectra_vae.text.cells import cell, comment

FORMULAS = ("=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1")
HIDDEN = ("\uff1d1", "\u22121", "\u200b=1", "\ufeff=1")  # full-width, a minus, after nothing


@pytest.mark.parametrize("text", FORMULAS + HIDDEN)
def test_a_formula_gets_an_apostrophe(text):
    assert cell(text) == "'" + text


@pytest.mark.parametrize("text", ["", "gypsum.csv", "a=b", "(=1)", "1-2", "ν1", "#3"])
def test_any_other_text_stays(text):
    assert cell(text) == text


def test_a_line_above_a_table_is_one_line_without_formulas():
    told = comment("file", 'a,=HYPERLINK("http://evil"),\n@x;\t+y.csv')
    assert told.count("\n") == 1
    (row,) = csv.reader(io.StringIO(told))
    assert not any(part.strip().startswith(("=", "+", "@")) for part in row)
    assert comment("z", "0, -1.5, -2e-3") == "# z: 0, -1.5, -2e-3\n"
