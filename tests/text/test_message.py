"""Every sentence exists, in both languages, with the blanks that the code fills."""

from __future__ import annotations

import ast
import functools
import pickle
import re
import string
from pathlib import Path

import pytest

import spectra_vae
from spectra_vae.measure.detection.residual import DOUBTS
from spectra_vae.minerals import mineral, minerals
from spectra_vae.readers import ColumnsError
from spectra_vae.simulation.instrument import InstrumentError
from spectra_vae.text.message import LANGUAGES, Message, SpectraVaeError, say, words

PACKAGE = Path(spectra_vae.__file__).parent
TREES = [ast.parse(f.read_text(encoding="utf-8")) for f in sorted(PACKAGE.rglob("*.py"))]
CODE = re.compile(r"(error|fix|note|check|why)\.[a-z_]+")
# Put together at run time: note.<effect of a factor>, check.<what was left out>.
EFFECTS = {
    f"note.{f.effect}" for name in minerals() for f in mineral(name).factors if f.effect != "scale"
}
COMPOSED = (EFFECTS - {"note.counts"}) | {"check.clipped", "check.spikes"}
COMPOSED |= {f"check.{doubt}" for doubt in DOUBTS}


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@functools.cache
def codes() -> set[str]:
    """Every literal in the package that is a sentence's code."""
    nodes = (n for tree in TREES for n in ast.walk(tree) if isinstance(n, ast.Constant))
    return {n.value for n in nodes if isinstance(n.value, str) and CODE.fullmatch(n.value)}


def filled() -> list[tuple[str, set[str]]]:
    """(code, names of the given parameters) of each call that gives both literally."""
    found = []
    for call in (n for tree in TREES for n in ast.walk(tree) if isinstance(n, ast.Call)):
        first = call.args[0] if call.args else None
        if not (isinstance(first, ast.Constant) and CODE.fullmatch(str(first.value))):
            continue
        given = {k.arg for k in call.keywords}
        for table in (a for a in call.args[1:] if isinstance(a, ast.Dict)):
            given |= {k.value if isinstance(k, ast.Constant) else None for k in table.keys}
        if None not in given and not any(isinstance(a, ast.Name) for a in call.args[1:]):
            found.append((first.value, given))
    return found


def test_the_package_speaks():
    assert len(codes()) > 50 and len(filled()) > 50


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_its_sentence(language):
    assert not [code for code in codes() | COMPOSED if not words(language).get(code)]


def test_every_blank_is_filled():
    assert not [code for code, given in filled() if not blanks(words("en")[code]) <= given]


def test_both_languages_have_the_same_sentences():
    assert words("en").keys() == words("it").keys()


def test_both_languages_have_the_same_blanks():
    english, italian = words("en"), words("it")
    assert not [c for c, text in english.items() if blanks(text) != blanks(italian[c])]


def test_no_sentence_is_left_over():
    told = {code for code in words("en") if CODE.fullmatch(code)}
    assert told == codes() | COMPOSED


@pytest.mark.parametrize("language", LANGUAGES)
def test_errors_and_checks_are_whole_sentences(language):
    for code, text in words(language).items():
        if code.startswith(("error.", "check.", "why.")):
            assert text.endswith(".") and "\n" not in text, code


def test_a_message_carries_code_parameters_and_text():
    message = Message("error.unknown_mineral", {"name": "x", "known": "y"})
    told = message.to_dict()
    assert told["code"] == message.code and told["params"] == message.params
    assert told["text"] == str(message) and "x" in str(message)


def test_an_unknown_language_speaks_english():
    message = Message("fix.sorted")
    assert say(message, "xx") == say(message, "en") != say(message, "it")


def test_a_message_inside_a_message_is_worded_in_the_same_language():
    outer = Message("error.config_shape", {"why": Message("fix.sorted")})
    for language in LANGUAGES:
        assert words(language)["fix.sorted"] in say(outer, language)


def test_an_error_is_its_sentence():
    error = InstrumentError("error.ranges")
    assert isinstance(error, SpectraVaeError) and isinstance(error, ValueError)
    assert str(error) == words("en")["error.ranges"]


def test_an_error_comes_through_another_process_whole():
    for wrong in (
        SpectraVaeError("error.unknown_run", name="x"),
        ColumnsError("error.no_such_column", ("a", "b"), column="c"),
    ):
        again = pickle.loads(pickle.dumps(wrong))  # what a pool of processes does
        assert type(again) is type(wrong) and str(again) == str(wrong)
        assert again.message.code == wrong.message.code
