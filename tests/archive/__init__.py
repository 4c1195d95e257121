"""Tests of the loan file's documents."""
