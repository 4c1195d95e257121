"""What is on the pages of what waits, and what it may be."""
