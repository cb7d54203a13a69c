"""What is said of a fit: estimates, checks, tables."""
