"""Dates, money, law and errors: the standard library only, no framework, no database."""
