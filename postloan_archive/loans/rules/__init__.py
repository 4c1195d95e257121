"""Rules of a loan: interest, claim, repayment, limitation, guarantee; pure."""
