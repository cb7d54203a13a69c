"""The command line: ``spectra-vae restore``, ``train``, ``serve`` and the others."""
