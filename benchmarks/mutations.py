"""Damaged files of every format: read or refused in one sentence, how fast, in how much memory.

    python -m benchmarks.mutations [COUNT]

Bits flipped, cut off, lengths forged, spliced: ``tests/readers_mutants.py`` makes them from files
that it writes and, where they are, from measured ones. Each thousand has a process of its own that
may not grow by more than 500 MB; the peak is its own or that of a process that read for it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from .machine import machine

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "tests" / "readers_mutants.py"
DATA = Path(os.environ.get("SPECTRA_VAE_DATA", ROOT / "../shared/data"))
COUNT = 10_000
CHUNK = 1_000
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def examine(first: int, count: int) -> dict[str, Any]:
    """What became of ``count`` mutants from the number ``first`` on, in a process of their own."""
    command = [sys.executable, str(SCRIPT), str(first), str(count)]
    command += [str(DATA)] if DATA.is_dir() else []
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **ONE_THREAD})
    if done.returncode:
        return {"wrong": [f"{first}…: the process ended with {done.returncode}: {done.stderr}"]}
    outcome: dict[str, Any] = json.loads(done.stdout)
    return outcome


def main(count: int) -> None:
    print(machine())
    print("measured files among them" if DATA.is_dir() else "written files only")
    read: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    wrong: list[str] = []
    slowest = peak = 0.0
    for first in range(0, count, CHUNK):
        outcome = examine(first, min(CHUNK, count - first))
        read.update(outcome.get("read", {}))
        refused.update(outcome.get("refused", {}))
        wrong += outcome["wrong"]
        slowest = max(slowest, outcome.get("slowest", 0.0))
        peak = max(peak, outcome.get("peak", 0.0))
    print(f"\n{'format':8} {'read':>6} {'refused':>8}")
    for kind in sorted(read | refused):
        print(f"{kind:8} {read[kind]:6} {refused[kind]:8}")
    print(f"\nslowest {slowest:.2f} s, peak memory {peak:.0f} MB, wrong: {len(wrong)}")
    for line in wrong[:20]:
        print(f"  {line}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT)
