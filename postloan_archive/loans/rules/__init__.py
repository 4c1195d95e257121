"""Rules of loans: interest, claim, repayment, limitation, guarantees; pure."""
