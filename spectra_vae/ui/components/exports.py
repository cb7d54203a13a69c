"""Numbers as a file that the browser saves: CSV or JSON, as the pressed button says."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from dash import ctx


def exported(
    stem: str, to_csv: Callable[[], str], to_dict: Callable[[], Mapping[str, Any]]
) -> dict[str, str]:
    """What a ``dcc.Download`` takes, after a button of :func:`.buttons.format_buttons`.

    No NaN in JSON, and letters as they are written.
    """
    if str(ctx.triggered_id).endswith("-json"):
        content = json.dumps(to_dict(), allow_nan=False, ensure_ascii=False)
        return {"content": content, "filename": f"{stem}.json"}
    return {"content": to_csv(), "filename": f"{stem}.csv"}


def exported_of(
    file: str, what: str, to_csv: Callable[[], str], to_dict: Callable[[], Mapping[str, Any]]
) -> dict[str, str]:
    """The same of what was found in a ``file``, which JSON names; called FILE.WHAT."""
    stem = file.rsplit(".", 1)[0] or "spectrum"
    return exported(f"{stem}.{what}", to_csv, lambda: {"file": file, **to_dict()})
