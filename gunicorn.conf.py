"""How gunicorn serves the page: ``gunicorn app:server`` in this folder reads it.

One process: it holds the models and what was computed of them. More of them (``WEB_CONCURRENCY``)
share queue, files and signatures through the home.
"""

from __future__ import annotations

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8050')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
threads = 8
# Stalled and idle connections hold no thread.
worker_class = "spectra_vae.ui.patient_worker.PatientWorker"
worker_connections = 2_000
backlog = 512
keepalive = 15  # seconds between two requests of a connection
timeout = 120  # without a sign of life of the whole process, not of a request
graceful_timeout = 30
limit_request_line = 4_094
limit_request_fields = 60
limit_request_field_size = 8_190
# A fresh process now and then, not all at once: whatever leaks, it ends.
max_requests = 20_000
max_requests_jitter = 4_000
# Addresses of persons come from the application's own look at SPECTRA_VAE_PROXY.
forwarded_allow_ips = ""
