"""A package that never comes back, for the tests of the process that reads."""

import time

from spectra_vae.readers.sandbox import Package

PACKAGE = Package("json", lambda path: time.sleep(600))
