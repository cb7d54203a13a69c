"""Spectra as data, and what is measured in them directly."""
