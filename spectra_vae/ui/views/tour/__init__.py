"""The tour: live steps from bands to aliens. It is about gypsum."""

from ...shell.view import View
from .callbacks import register
from .layout import layout
from .needs import NAME, Needs

VIEW = View(
    name=NAME,
    place=60,
    needs=Needs,
    layout=layout,
    register=register,
    texts="tour",
)
