"""Tests of the paper store."""
