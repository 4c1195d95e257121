"""Taking a ledger in from a workbook: read strictly, say what was understood, guess nothing."""
