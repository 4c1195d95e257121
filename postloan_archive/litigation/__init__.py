"""Litigation packages: collect, number, render, freeze."""
