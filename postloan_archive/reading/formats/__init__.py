"""One module for each family of formats: a file in, its text, properties and flags out."""
