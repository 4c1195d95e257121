"""What can be done in the store; one function for each step."""
