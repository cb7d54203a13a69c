"""The virtual spectrometer."""
