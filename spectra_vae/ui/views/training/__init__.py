"""Training: configure, queue, watch, compare; every run is found again from anywhere."""

from ...shell.view import View
from .callbacks import register
from .layout import layout, running_tag
from .needs import NAME, Needs

VIEW = View(
    name=NAME,
    place=40,
    needs=Needs,
    layout=layout,
    register=register,
    texts="training",
    buttons=("sweep",),
    beside=running_tag,
)
