"""The dashboard. ``python app.py`` serves it; ``app:server`` is for gunicorn."""

from __future__ import annotations

import sys

from spectra_vae.text.message import SpectraVaeError
from spectra_vae.ui.app import create_app
from spectra_vae.ui.serve import serve

try:
    app = create_app()
except SpectraVaeError as wrong:
    sys.exit(str(wrong))
server = app.server

if __name__ == "__main__":
    sys.exit(serve(server))
