"""Tables of one's own: a pure spectrum becomes a mineral."""
