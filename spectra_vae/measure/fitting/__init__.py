"""One mineral fitted to measurements through its decoder."""
