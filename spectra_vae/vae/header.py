"""What stands beside weights on disk: a JSON header, read without torch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..text.message import SpectraVaeError

FORMAT = 1
WEIGHTS = "model.safetensors"
HEADER = "model.json"


class CheckpointError(SpectraVaeError):
    """A model folder that can't be loaded; the text says which and why."""


def read_header(folder: Path) -> dict[str, Any]:
    """The JSON header of a model."""
    try:
        header = json.loads((folder / HEADER).read_text(encoding="utf-8"))
        if header["format"] != FORMAT:
            found = str(header["format"])[:20]
            raise CheckpointError("error.model_format", name=folder.name, found=found)
    except FileNotFoundError:
        raise CheckpointError("error.model_missing", name=folder.name) from None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError) as wrong:
        raise CheckpointError("error.model_broken", name=folder.name, why=short(wrong)) from None
    return dict(header)


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """JSON on disk, whole or not at all; NaN is refused."""
    partial = path.with_name(path.name + ".partial")
    text = json.dumps(value, indent=1, allow_nan=False, ensure_ascii=False)
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def short(wrong: Exception) -> str:
    """An exception in a few words, on one line."""
    return f"{type(wrong).__name__}: {wrong}".replace("\n", " ")[:160]
