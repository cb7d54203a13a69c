"""Which model a command asks for: by its name, or one of a mineral."""

from __future__ import annotations

import argparse

from ..text.message import SpectraVaeError


def add_choice(
    parser: argparse.ArgumentParser, mineral: str = "the first model of this mineral"
) -> None:
    """``--model NAME`` or ``--mineral NAME``."""
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--model", help="shipped name, run or folder")
    choice.add_argument("--mineral", metavar="NAME", help=mineral)


def model_of(arguments: argparse.Namespace) -> str:
    """The model that :func:`add_choice` was given, else the one that is loaded by default.

    Raises
    ------
    SpectraVaeError
        No such mineral, or nobody trained a model of it yet.
    """
    from ..minerals import DEFAULT, mineral
    from ..storage.models import cards

    if arguments.model or not arguments.mineral:
        return arguments.model or DEFAULT
    name = mineral(arguments.mineral).name
    found = [str(card["id"]) for card in cards() if card["mineral"] == name]
    if not found:
        raise SpectraVaeError("error.no_model_of", mineral=name)
    return found[0]
