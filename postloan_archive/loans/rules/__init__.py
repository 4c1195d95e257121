"""Rules of loans: interest, claim, limitation, guarantees; pure."""
