"""The command line: ``spectra-vae restore``, ``train``, ``serve`` and the others."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Sequence

from ..text.message import Message, SpectraVaeError
from . import (
    batch,
    compare,
    evaluate,
    generate,
    identify,
    library,
    mineral,
    models,
    restore,
    serve,
    train,
    worker,
)

COMMANDS = (
    identify,
    restore,
    batch,
    compare,
    train,
    evaluate,
    generate,
    serve,
    worker,
    models,
    mineral,
    library,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when all went well, 1 with a sentence on standard error when not."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without cm⁻¹ still gets the rest
    arguments = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        code = command(arguments)
        sys.stdout.flush()  # here, where a full disk can still be said
        return code
    except SpectraVaeError as wrong:
        print(wrong, file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1
    except OSError as wrong:
        print(Message("error.system", {"why": wrong.strerror or str(wrong)}), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="spectra-vae", description="A virtual Raman spectrometer."
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for one in COMMANDS:
        one.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
