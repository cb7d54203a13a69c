"""What the server has no more."""

from __future__ import annotations

import time

import dash

from ...measurements import Measurement


def ask_again(one: Measurement) -> None:
    """The page sends the file once more."""
    dash.set_props("restore-gone", {"data": {"digest": one.digest, "at": time.time()}})
