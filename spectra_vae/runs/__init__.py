"""Training a model into a run folder, and what is known of it afterwards."""
