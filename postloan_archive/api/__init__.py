"""REST under /api/v1: the third door to the same services, for programs."""
