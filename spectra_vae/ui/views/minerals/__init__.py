"""The library and one's own: found by a band, a name, a formula; looked at; opened elsewhere."""

from ...shell.view import View
from .callbacks import register
from .layout import layout
from .needs import NAME, Needs

VIEW = View(
    name=NAME,
    place=27,
    needs=Needs,
    layout=layout,
    register=register,
    texts="minerals",
)
