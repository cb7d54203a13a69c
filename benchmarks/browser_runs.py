"""Is the browser part ever red? ``python -m benchmarks.browser_runs 10`` runs it ten times.

As ``make test`` does, two at a time. One line a run: what passed and failed, how long it took, and
which tests were red; a test that is red twice makes the exit code 1.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMAND = ["-m", "pytest", "-n", "2", "--dist", "loadfile", "-m", "not alone", "tests/browser"]
RED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
COUNTS = re.compile(r"^=* ?(.*\d+ (?:passed|failed|error).*?) in [\d.]+s", re.MULTILINE)


def once(more: list[str]) -> tuple[str, list[str], float]:
    """What one run counted, its red tests, and the seconds it took."""
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, *COMMAND, "-o", "addopts=-p no:dash --strict-markers", *more],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    counted = COUNTS.search(done.stdout)
    told = counted[1].strip("= ") if counted else f"broke off with {done.returncode}"
    return told, sorted(set(RED.findall(done.stdout))), time.monotonic() - start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", type=int, nargs="?", default=10)
    given, more = parser.parse_known_args()
    red: Counter[str] = Counter()
    for k in range(1, given.runs + 1):
        told, wrong, seconds = once(more)
        red.update(wrong)
        print(f"| {k} | {told} | {seconds:.0f} s | {', '.join(wrong) or '–'} |", flush=True)
    twice = [name for name, count in red.items() if count > 1]
    print(f"red twice: {', '.join(twice) or 'none'}")
    return bool(twice)


if __name__ == "__main__":
    sys.exit(main())
