"""Which tables of the library a measurement may be made of, quickly; no torch."""
