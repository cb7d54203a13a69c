"""Running a job's task, in whatever process a backend gives it, and how that ended."""

from __future__ import annotations

import contextlib
import errno
import json
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..text.message import Message, SpectraVaeError
from .record import Job, State
from .task import PauseError, Progress, Task, Tell
from .tasks import task

DISK_FULL = "job.disk_full"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True)
class Outcome:
    """How a job ended; what its task returned, if it came to that."""

    state: State
    message: Message | None = None
    result: Mapping[str, Any] | None = None

    @property
    def disk_full(self) -> bool:
        return self.message is not None and self.message.code == DISK_FULL


def carry_out(job: Job, tell: Tell) -> Outcome:
    """Run a job's task; whatever it raises is an outcome, its traceback goes to the log."""
    try:
        result = _run(task(job.kind), job, tell)
        json.dumps(result, allow_nan=False)
    except PauseError:
        return Outcome("paused")
    except SpectraVaeError as wrong:
        return Outcome("failed", wrong.message)
    except MemoryError:
        return Outcome("failed", Message("job.no_memory"))
    except Exception as wrong:
        with contextlib.suppress(OSError):  # the log is on the same full disk
            traceback.print_exc()
        return Outcome("failed", why(wrong))
    return Outcome("finished", result=result)


def _run(task: Task, job: Job, tell: Tell) -> Mapping[str, Any]:
    def tell_checked(progress: Progress) -> None:
        task.how_far(progress)  # what can't be worded fails here, and not in whoever reads it
        tell(progress)

    return task.run(job, tell_checked)


def why(wrong: Exception) -> Message:
    """An error that nobody foresaw, as a sentence."""
    if getattr(wrong, "errno", None) in FULL or "disk is full" in str(wrong):
        return Message(DISK_FULL)
    told = wrong.strerror if isinstance(wrong, OSError) else None  # its whole text names a path
    return Message("job.broke", {"why": str(told or wrong)[:160]})
