"""Rules of the loan file: items, completeness, numbering, retention; pure."""
