"""The queue of many machines: records on Redis, turns carried by Celery, workers anywhere.

A *record* on Redis says what is to be done and how it stands, as on one machine. A Celery *message*
says only that somebody may take a turn: whoever has room claims the first record that waits. So
the order, the positions and who is next are the records', and a message that comes twice, late or
never changes nothing.

Dash's own ``CeleryManager`` isn't used: for it a callback's call *is* a Celery task, so there are
no positions, no pause and nothing to find again once the page is closed, and a cancelled task's
process ends with its worker's pool.
"""
