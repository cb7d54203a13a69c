"""What in a measurement is not the mineral."""
