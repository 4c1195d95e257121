"""Tests of the import of ledgers."""
