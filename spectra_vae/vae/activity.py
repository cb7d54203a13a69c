"""When a neuron is active: below these limits it carries nothing."""

from __future__ import annotations

ACTIVE_NATS = 0.01  # of mean KL against the prior
ACTIVE_VARIANCE = 0.01  # of the codes over a set, for a plain autoencoder, which has no KL
