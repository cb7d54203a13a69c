"""Each of a mineral's bands measured by itself, around the fit that holds them together."""
