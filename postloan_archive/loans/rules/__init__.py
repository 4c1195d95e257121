<<<<<<< HEAD
"""Rules of a loan: interest, claim, repayment, limitation, guarantee; pure."""
=======
"""Rules of loans: interest, claim, limitation, guarantees; pure."""
>>>>>>> law1
