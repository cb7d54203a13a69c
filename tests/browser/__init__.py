"""The dashboard in a real Chromium, used as a person would use it."""
