"""Two measurements side by side."""
