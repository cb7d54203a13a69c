"""Ten thousand hostile requests against the page, and what became of them.

    python -m benchmarks.hostile [COUNT]

In this process, without a network. Prints how many were answered how; a 500 without its sentence,
a traceback or a path in an answer, anything but a refusal for a foreign name or a change that
another page asks for, and a file outside the home are counted as wrong: the exit code is then 1.
"""

from __future__ import annotations

import logging
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.ui.hostile import hostile_requests, is_refused_in_words

from .machine import machine

COUNT = 10_000


def main(count: int = COUNT) -> int:
    """How many were answered wrongly."""
    with tempfile.TemporaryDirectory() as outside:
        home = os.environ["SPECTRA_VAE_HOME"] = f"{outside}/home"
        from spectra_vae.ui.app import create_app

        logging.getLogger("spectra_vae").setLevel(os.environ.get("LOG", "CRITICAL"))
        app = create_app(warm=False)
        client = app.server.test_client(use_cookies=False)
        answers: Counter[int] = Counter()
        wrong, begin = 0, time.monotonic()
        for request in hostile_requests(app, random.Random(count), count):
            with client.open(**request) as answer:
                answers[answer.status_code] += 1
                wrong += is_wrong(request, answer, home)
                if answer.status_code >= 500:
                    print(f"{answer.status_code}: {request['path']} {request['data'][:400]!r}")
        wrong += [file.name for file in Path(outside).iterdir()] != ["home"]
        took = time.monotonic() - begin
    told = ", ".join(f"{status}: {number}" for status, number in sorted(answers.items()))
    print(f"{count} requests in {took:.0f} s, {told}; {wrong} answered wrongly ({machine()})")
    return wrong


def is_wrong(request: Mapping[str, Any], answer: Any, home: str) -> bool:
    """Whether an answer tells what it mustn't, or is one where none should be."""
    text, headers = answer.get_data().decode(errors="replace"), request["headers"]
    if "Traceback" in text or home in text:
        return True
    if "Host" in headers:
        silent = request["method"] == "HEAD" and not text
        return answer.status_code != 400 or not (silent or is_refused_in_words(answer))
    if "Origin" in headers and request["method"] not in ("GET", "HEAD"):
        return answer.status_code != 403
    return answer.status_code >= 500 and not is_refused_in_words(answer)


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT)))
