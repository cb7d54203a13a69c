"""What a worker tells whoever watches it: one JSON object a line, on standard error."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

LOG = logging.getLogger("spectra_vae.worker")


class JsonLines(logging.Formatter):
    """``{"time", "level", "event", …}``; an error's traceback is one of its values."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": round(record.created, 3),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "told", {}),
        }
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return json.dumps(told, default=str)


def configure(**_: Any) -> None:
    """Everything that this process logs, Celery's warnings too, comes as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    LOG.setLevel(logging.INFO)


def tell(event: str, **told: Any) -> None:
    """``tell("started", job=…, kind=…)``."""
    LOG.info(event, extra={"told": told})
