"""Measures on assets: term, renewal, release."""
