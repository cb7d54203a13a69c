"""Trainings: asked for, watched, compared."""
