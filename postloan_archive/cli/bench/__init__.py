"""Measurements against a named peer in one run; each module has `run(report, *, quick)`."""
