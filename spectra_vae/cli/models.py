"""``spectra-vae models``: what there is to load."""

from __future__ import annotations

import argparse
import json


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Make the command known."""
    parser = commands.add_parser("models", help="the models there are")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the models there are, a line each or as JSON."""
    from ..storage.models import cards

    found = cards()
    if arguments.json:
        print(json.dumps(found))
        return 0
    for card in found:
        print(
            f"{card['id']:36} {card['supervision']:10} seed {card['seed']}, {card['steps']} steps"
        )
    return 0
