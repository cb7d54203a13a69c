"""Compare: two measurements of one mineral, perhaps through two instruments, side by side."""

from ...shell.view import View
from .callbacks import register
from .layout import layout
from .needs import NAME, Needs

VIEW = View(
    name=NAME,
    place=25,
    needs=Needs,
    layout=layout,
    register=register,
    texts="comparison",
)
