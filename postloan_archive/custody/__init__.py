"""Paper originals: where each one is, who has it, and that none is missing."""
