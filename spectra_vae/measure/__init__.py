"""About measurements: noise, background, the fit through the decoder, what it leaves over."""
