"""The examples in the docstrings of the public names run and print what they say."""

from __future__ import annotations

import doctest
import inspect

import numpy as np
import pytest

import spectra_vae as sv

VIRTUAL = sv.VirtualSpectrometer
METHODS = {f"vs.{k}": v for k, v in inspect.getmembers(VIRTUAL, inspect.isfunction)}
PUBLIC = {
    **{f"sv.{name}": getattr(sv, name) for name in sv.__all__},
    **{k: v for k, v in METHODS.items() if not k.startswith("vs._")},
    "Mineral.spectrum": type(sv.mineral("gypsum")).spectrum,
}
SHOWN = sorted(name for name, one in PUBLIC.items() if ">>>" in (inspect.getdoc(one) or ""))


def test_the_twenty_most_used_names_have_an_example():
    assert len(SHOWN) >= 20, SHOWN


@pytest.mark.parametrize("name", SHOWN)
def test_an_example_runs(name):
    one = PUBLIC[name]
    module = inspect.getmodule(one)
    known = {**vars(module), "np": np, "sv": sv}
    finder = doctest.DocTestFinder(recurse=False)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False)
    said: list[str] = []
    for example in finder.find(one, name, module=module, globs=known):
        runner.run(example, out=said.append)
    assert runner.tries > 0 and not runner.failures, "".join(said)
