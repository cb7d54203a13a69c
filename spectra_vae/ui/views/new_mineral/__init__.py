"""A pure spectrum becomes a mineral of one's own: fitted, looked at, corrected, kept."""

from ...shell.view import View
from .callbacks import register
from .layout import layout
from .needs import NAME, Needs

VIEW = View(
    name=NAME,
    place=28,
    needs=Needs,
    layout=layout,
    register=register,
    texts="new_mineral",
    under="minerals",
)
