"""What a person can do about a disposal; one function for each step."""
