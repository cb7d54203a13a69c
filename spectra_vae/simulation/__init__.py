"""What an instrument makes of a mineral."""
