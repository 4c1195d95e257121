"""Proof for others: four-property checks, the auditor's workplace, files from elsewhere."""
