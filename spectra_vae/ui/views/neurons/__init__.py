"""Neurons: what each one adds, does, moves beside its aim; and measurements by their codes."""

from ...shell.view import View
from .callbacks import register
from .layout import layout
from .needs import NAME, Needs

VIEW = View(
    name=NAME,
    place=30,
    needs=Needs,
    layout=layout,
    register=register,
    texts="neurons",
    buttons=("at", "rows", "curves"),
)
