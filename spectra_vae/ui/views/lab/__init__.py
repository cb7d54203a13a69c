"""What β does."""
