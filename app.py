"""The dashboard. ``python app.py`` serves it; ``app:server`` is for gunicorn."""

from __future__ import annotations

import sys

from spectra_vae.ui.app import create_app
from spectra_vae.ui.serve import serve

app = create_app()
server = app.server

if __name__ == "__main__":
    sys.exit(serve(server))
