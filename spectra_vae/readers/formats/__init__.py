"""One file a format: what it is called, how it is recognised, how it is read."""
