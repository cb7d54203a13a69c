"""What studies and measurements may ask of a trained model."""
