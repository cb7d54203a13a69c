"""The virtual spectrometer: sliders that move a spectrum live."""

from ...shell.view import View
from .callbacks import register
from .layout import layout
from .needs import NAME, Needs

VIEW = View(
    name=NAME,
    place=10,
    needs=Needs,
    layout=layout,
    register=register,
    texts="spectrometer",
    buttons=("axis",),
    first=True,
)
