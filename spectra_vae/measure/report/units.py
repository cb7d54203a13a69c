"""Units of factors and quantities, as exports write them."""

from __future__ import annotations

# What a column of the table says of its unit; what isn't here has none.
UNITS = {"shift": "cm-1", "position": "cm-1", "fwhm": "cm-1", "purity": "log10 counts"}
