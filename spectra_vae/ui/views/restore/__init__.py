"""Measured files, restored."""
