"""What each neuron does."""
