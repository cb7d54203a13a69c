"""What a worker logs is one JSON object a line."""

from __future__ import annotations

import json
import logging
import sys

from spectra_vae.jobs.celery.log import JsonLines


def line(message, *args, exc_info=None, **told):
    record = logging.LogRecord("x", logging.INFO, "f", 1, message, args, exc_info)
    record.told = told
    return json.loads(JsonLines().format(record))


def test_an_event_with_its_job():
    told = line("started", job="a", kind="train", why='two\n"lines"')
    assert told["level"] == "info" and told["event"] == "started" and told["time"] > 0
    assert (told["job"], told["kind"], told["why"]) == ("a", "train", 'two\n"lines"')


def test_a_traceback_is_a_value_and_no_further_line():
    try:
        raise OSError("gone")
    except OSError:
        told = line("lost %s", "x", exc_info=sys.exc_info(), folder=OSError)
    assert told["event"] == "lost x" and "OSError: gone" in told["traceback"]
