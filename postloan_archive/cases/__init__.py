"""Court cases: steps, hearings, fees, judgments."""
