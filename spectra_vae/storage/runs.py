"""Run folders: what they hold, listed, renamed, deleted and brought back. Needs no torch.

``run.json`` says what a run is called and how it stands, ``history.jsonl`` is its progress,
``live.json`` what a view shows of it while it trains.
"""

from __future__ import annotations

import functools
import json
import secrets
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock

from ..vae.header import HEADER, write_json
from .models import ModelError, home, is_plain, is_shipped

RUN = "run.json"
HISTORY = "history.jsonl"
LIVE = "live.json"
LOCK = "run.lock"
NAME_LENGTH = 60
TRASH_SECONDS = 3600.0


def runs_folder() -> Path:
    return home() / "runs"


def new_id(name: str) -> str:
    """A run's id: when, what, and eight random hex digits."""
    plain = "".join(c if c.isalnum() or c in "-_" else "-" for c in name)[:40]
    return f"{time.strftime('%Y%m%d-%H%M%S')}-{plain}-{secrets.token_hex(4)}"


def run_folder(identity: str) -> Path:
    """The folder of a run's id, there or not; a path is no id."""
    if not is_plain(identity):
        raise ModelError("error.unknown_run", name=str(identity)[:80])
    return runs_folder() / identity


def read_run(folder: Path) -> dict[str, Any]:
    """``run.json``, or nothing where it can't be read."""
    return _read(folder / RUN)


def read_live(folder: Path) -> dict[str, Any]:
    """``live.json``, or nothing where it can't be read."""
    return _read(folder / LIVE)


def read_config(folder: Path) -> dict[str, Any]:
    return _read(folder / "config.json")


def read_metrics(folder: Path) -> dict[str, Any]:
    """What a run's evaluation found, or nothing where it can't be read."""
    return _read(folder / "metrics.json")


def _read(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):  # no text, no JSON, or nested without end
        return {}
    return values if isinstance(values, dict) else {}


def note(folder: Path, **values: Any) -> None:
    """Write values into ``run.json``, beside what it says already."""
    amend(folder / RUN, **values)


def amend(path: Path, **values: Any) -> None:
    """Write values into a JSON file of a run: page and training may both want to."""
    with _writing(path.parent):
        write_json(path, {**_read(path), **values})


def _writing(folder: Path) -> FileLock:
    return FileLock(folder / LOCK)


def history_of(folder: Path) -> tuple[Mapping[str, Any], ...]:
    """The rows of a run's history in the order of the steps.

    A torn line is left out; where a resumed training went over the same steps again, the later
    rows count.
    """
    rows: list[Mapping[str, Any]] = []
    try:
        lines = (folder / HISTORY).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ()
    for line in lines:
        try:
            row = json.loads(line)
            number = int(row["step"])
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            continue
        while rows and rows[-1]["step"] >= number:
            rows.pop()
        rows.append(row)
    return tuple(rows)


def listing() -> list[dict[str, Any]]:
    """What ``run.json`` says of every run, newest first, with its ``id``."""
    parent = runs_folder()
    if not parent.is_dir():
        return []
    found = []
    for folder in sorted(parent.iterdir(), reverse=True):
        try:
            stamp = (folder / RUN).stat().st_mtime_ns
        except OSError:
            continue
        found.append({**_remembered(folder / RUN, stamp), "id": folder.name})
    return found


@functools.lru_cache(maxsize=4096)
def _remembered(path: Path, stamp: int) -> dict[str, Any]:
    del stamp  # part of the key: a file that changed is read again
    return _read(path)


def checked_name(name: Any) -> str:
    """A name that a run may have: a line of visible characters."""
    text = " ".join(str(name).split()) if isinstance(name, str) else ""
    if not text or not text.isprintable() or len(text) > NAME_LENGTH:
        raise ModelError("error.run_name", limit=NAME_LENGTH)
    return text


def own_name(name: Any) -> str:
    """A checked name that no shipped model has: in the page's lists both would look alike."""
    text = checked_name(name)
    if is_shipped(text):
        raise ModelError("error.name_shipped", name=text)
    return text


def rename(identity: str, name: Any) -> None:
    """Call a run and its model otherwise; id and folder stay."""
    folder = _there(identity)
    note(folder, name=checked_name(name))
    title_model(folder)
    runs_folder().touch()  # who looks for changes there sees one


def title_model(folder: Path) -> None:
    """Let the card of a run's model say what the run is called."""
    with _writing(folder):
        header, name = _read(folder / HEADER), read_run(folder).get("name")
        card = header.get("card")
        if isinstance(card, dict) and name and card.get("name") != name:
            write_json(folder / HEADER, {**header, "card": {**card, "name": name}})


def delete(identity: str) -> None:
    """Take a run away; :func:`undelete` brings it back within the hour."""
    folder, trash = _there(identity), home() / "trash"
    trash.mkdir(parents=True, exist_ok=True)
    _empty(trash)
    gone = trash / identity
    shutil.rmtree(gone, ignore_errors=True)
    folder.replace(gone)
    (gone / RUN).touch()  # the hour starts now


def undelete(identity: str) -> bool:
    """Bring a deleted run's folder back; False when there is none."""
    gone = home() / "trash" / run_folder(identity).name
    if not gone.is_dir():
        return False
    gone.replace(run_folder(identity))
    return True


def read_deleted(identity: str) -> dict[str, Any]:
    """``run.json`` of a run that can still be brought back, or nothing."""
    return read_run(home() / "trash" / run_folder(identity).name)


def _there(identity: str) -> Path:
    folder = run_folder(identity)
    if not folder.is_dir():
        raise ModelError("error.unknown_run", name=identity[:80])
    return folder


def _empty(trash: Path) -> None:
    for gone in trash.iterdir():
        mark = gone / RUN
        if not mark.exists() or time.time() - mark.stat().st_mtime > TRASH_SECONDS:
            shutil.rmtree(gone, ignore_errors=True)
