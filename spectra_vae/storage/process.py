"""Processes by pid and creation time: a pid alone may be somebody else's by now."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

import psutil

STARTED = 19  # its place in /proc/PID/stat behind the name: ticks since the start


def identity(pid: int) -> tuple[int, float]:
    """(pid, when it began [s]); (0, 0) for a process that is gone."""
    try:
        return pid, _born(pid)
    except psutil.NoSuchProcess:
        return 0, 0.0


def _born(pid: int) -> float:
    """Seconds from the system's start where it tells them: a clock that is set moves the others."""
    created = float(psutil.Process(pid).create_time())
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
        return int(told.rpartition(")")[2].split()[STARTED]) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return created


def alive(pid: int, born: float) -> bool:
    """Whether that very process still runs; one that only waits to be reaped does not."""
    try:
        process = psutil.Process(pid)
        same = abs(_born(pid) - born) < 0.5
        return same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kill_session(pid: int, born: float) -> None:
    """End a process and everything in its session, at once."""
    if alive(pid, born):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
