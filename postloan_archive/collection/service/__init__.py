"""What a collector can do; one function for each step."""
