"""Around the views."""
