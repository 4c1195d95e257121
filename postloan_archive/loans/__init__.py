"""Customers, contracts, guarantees, collateral, repayment facts and what follows from them."""
