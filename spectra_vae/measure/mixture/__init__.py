"""Several minerals fitted to one measurement together, each through its table of bands."""
