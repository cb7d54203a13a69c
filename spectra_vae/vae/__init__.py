"""The engine: a β-VAE in PyTorch. Arrays in, arrays out."""
