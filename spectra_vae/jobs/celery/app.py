"""The Celery application: JSON only, late acknowledgement, and one task that means "a turn"."""

from __future__ import annotations

from celery import Celery

TURN = "spectra_vae.turn"
QUEUE = "spectra-vae-turns"
VISIBLE_SECONDS = 3600  # a message whose worker is gone comes again; that it comes twice is no harm


def celery_app(url: str) -> Celery:
    """The application on a Redis; nothing on the way is pickled, and no result is kept there."""
    app = Celery("spectra_vae", broker=url, set_as_current=False)
    app.conf.update(
        accept_content=["json"],
        task_serializer="json",
        event_serializer="json",
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_default_queue=QUEUE,
        worker_prefetch_multiplier=1,  # who works takes nobody else's turn
        worker_cancel_long_running_tasks_on_connection_loss=False,  # Redis comes back, work stays
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_enable_remote_control=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "visibility_timeout": VISIBLE_SECONDS,
            "socket_timeout": 5.0,
            "socket_connect_timeout": 5.0,
        },
        broker_pool_limit=4,
    )
    return app
