"""Processes by pid and creation time: a pid alone may be somebody else's by now."""

from __future__ import annotations

import contextlib
import os
import signal

import psutil


def identity(pid: int) -> tuple[int, float]:
    """(pid, creation time [s since 1970]); (0, 0) for a process that is gone."""
    try:
        return pid, float(psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return 0, 0.0


def alive(pid: int, born: float) -> bool:
    """Whether that very process still runs; one that only waits to be reaped does not."""
    try:
        process = psutil.Process(pid)
        same = abs(process.create_time() - born) < 0.5
        return same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kill_session(pid: int, born: float) -> None:
    """End a process and everything in its session, at once."""
    if alive(pid, born):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
