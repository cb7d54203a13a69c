"""Ten thousand hostile requests against the page, and what became of them.

    python -m benchmarks.hostile [COUNT]

In this process, without a network. Prints how many were answered how; a 500 without its sentence,
a traceback or a path in an answer is counted as wrong, and the exit code is then 1.
"""

from __future__ import annotations

import logging
import os
import random
import sys
import tempfile
import time
from collections import Counter

from tests.ui.hostile import hostile_requests, is_refused_in_words

from .machine import machine

COUNT = 10_000


def main(count: int = COUNT) -> int:
    """How many were answered wrongly."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["SPECTRA_VAE_HOME"] = home
        from spectra_vae.ui.app import create_app

        logging.getLogger("spectra_vae").setLevel(logging.CRITICAL)
        app = create_app(warm=False)
        client = app.server.test_client(use_cookies=False)
        answers: Counter[int] = Counter()
        wrong, begin = 0, time.monotonic()
        for request in hostile_requests(app, random.Random(count), count):
            with client.open(**request) as answer:
                text = answer.get_data().decode(errors="replace")
                answers[answer.status_code] += 1
                said = answer.status_code < 500 or is_refused_in_words(answer)
                wrong += not said or "Traceback" in text or home in text
        took = time.monotonic() - begin
    told = ", ".join(f"{status}: {number}" for status, number in sorted(answers.items()))
    print(f"{count} requests in {took:.0f} s, {told}; {wrong} answered wrongly ({machine()})")
    return wrong


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT)))
