"""The pages of the letters: runs, single letters, delivery, templates."""
