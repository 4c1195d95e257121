"""Post-loan inspections, risk signals, classification."""
