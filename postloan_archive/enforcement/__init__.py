"""Enforcement: what a case costs, what a judgment awards, what came in, what is still owed."""
