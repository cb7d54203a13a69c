"""Restore: drop measured files, see the mineral, numbers and what doesn't fit."""

from ...shell.view import View
from .callbacks import register
from .layout import layout
from .needs import NAME, Needs

VIEW = View(
    name=NAME,
    place=20,
    needs=Needs,
    layout=layout,
    register=register,
    texts="restore",
    buttons=("restore-look", "restore-axis"),
)
