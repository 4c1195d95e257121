"""The index: one conformance suite that every adapter passes, against plain substring truth."""
