"""The β-lab: what β does to unsupervised models, on a sweep."""

from ...shell.view import View
from .callbacks import register
from .layout import layout
from .needs import NAME, Needs

VIEW = View(
    name=NAME,
    place=50,
    needs=Needs,
    layout=layout,
    register=register,
    texts="lab",
    buttons=("example",),
)
