"""Tables of numbers in text: dialect, header, columns."""
