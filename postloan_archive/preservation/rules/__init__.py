"""Rules of measures on assets: term, renewal, security, waiting seizure; pure."""
