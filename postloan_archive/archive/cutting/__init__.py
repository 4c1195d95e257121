"""Cutting piles into pieces, and what filing them teaches."""
