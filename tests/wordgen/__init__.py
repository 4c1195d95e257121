"""Tests of filling Word templates."""
