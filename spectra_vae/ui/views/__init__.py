"""One file a view: ``NAME``, ``layout(language, services)`` and ``register(app, services)``."""
