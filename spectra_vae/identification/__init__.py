"""What a measurement is and how much of each: the library's search and the fit of mixtures."""
