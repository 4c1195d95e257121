"""Drafts of the letters that need more than the facts of one loan (N06 to N09, N11 to N16)."""
