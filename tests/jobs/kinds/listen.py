"""A kind of job for tests: runs until the test writes into its pipe, and can't be paused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..record import Job
from ..task import Task, Tell


def listen(job: Job, tell: Tell) -> dict[str, Any]:
    tell({"done": 2, "total": 3})
    return {"heard": Path(job.arguments["pipe"]).read_text()}


TASK = Task("listen", listen)
