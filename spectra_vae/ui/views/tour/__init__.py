"""The story of one mineral."""
