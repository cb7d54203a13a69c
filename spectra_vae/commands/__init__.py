"""Commands of ``spectra-vae`` that have a file of their own: ``add`` makes one known."""
