"""Rules of proof: pure."""
