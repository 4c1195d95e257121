"""Tests of inspection and classification."""
