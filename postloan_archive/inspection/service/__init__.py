"""Inspections, signals and classes; one function for each step."""
