"""A view: one folder that says everything of itself, so that the shell knows none by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from dash import Dash, Input, dcc

from ...text.message import Message, say

Needs = TypeVar("Needs")


@dataclass(frozen=True)
class View(Generic[Needs]):
    """A view of the page.

    ``name`` is its address, its script (assets/views/NAME.js) and the beginning of its stores;
    ``place`` its order among the others; ``needs`` a frozen dataclass of what it is given, whose
    fields are among those of :class:`~spectra_vae.ui.offer.Offer`; ``texts`` the table of its
    words, in which ``view`` is its title; ``buttons`` the groups of buttons whose choice its
    address tells; ``under`` the view from which a link leads to it, where the navigation has none;
    ``beside`` makes what stands beside its name there. The ``first`` one is made with the page, at
    ``/``; the others when they are looked at.
    """

    name: str
    place: int
    needs: type[Needs]
    layout: Callable[[str, Needs], list[Any]]
    register: Callable[[Dash, Needs], None]
    texts: str
    buttons: tuple[str, ...] = ()
    under: str = ""
    beside: Callable[[str, Needs], list[Any]] = lambda language, given: []
    first: bool = False

    @property
    def path(self) -> str:
        return "/" if self.first else f"/{self.name}"

    @property
    def script(self) -> str:
        """Its script, below ``assets``."""
        return f"views/{self.name}.js"

    def title(self, language: str) -> str:
        return say(Message(f"{self.texts}.view"), language)

    def stores(self) -> list[dcc.Store]:
        """What it listens to where it is built later: its callbacks may not listen beyond it."""
        return [dcc.Store(id=f"{self.name}-shown"), dcc.Store(id=f"{self.name}-theme")]


def looked_at(view: str) -> Input:
    """Changes whenever the view is looked at."""
    return Input(f"{view}-shown", "data")


def themed(view: str) -> Input:
    """Changes when colours or the page's width did since the view was drawn."""
    return Input(f"{view}-theme", "data")
