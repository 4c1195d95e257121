"""Rules of letters: which one is due, what it must say, how it looks; pure."""
