"""Scanned piles: what is on their pages, and cutting, joining, turning them into pieces."""
