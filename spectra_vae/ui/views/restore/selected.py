"""The selected file and what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash

from ....text.message import SpectraVaeError, say
from ...measurements import Measurement, checked
from ...measurements import identified as identified_as
from ...request import language
from ...restorations import FileGoneError
from .lost import ask_again
from .needs import Needs

if TYPE_CHECKING:
    from ....identification.result import Identification

PATIENCE = 60.0  # s; what is asked for here is known already, unless it was long ago


def selected_file(given: Needs, selected: Any) -> tuple[Measurement | None, Identification | None]:
    """One that is gone, the page is asked for again."""
    one = checked(selected, given.files)
    if one is None:
        return None, None
    try:
        return one, identified_as(given.identifications, one, PATIENCE)
    except FileGoneError:
        ask_again(one)
    except SpectraVaeError as wrong:
        dash.set_props("notice", {"children": say(wrong.message, language())})
    return one, None
