"""What is due, for whom, across all capabilities."""
