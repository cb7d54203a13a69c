"""``spectra-vae serve``: the dashboard."""

from __future__ import annotations

import argparse


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Make the command known."""
    parser = commands.add_parser("serve", help="the dashboard, at HOST and PORT")
    parser.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    del arguments
    from ..ui.app import create_app
    from ..ui.serve import serve

    return serve(create_app().server)
