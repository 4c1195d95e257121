"""The account of a judgment: running interest, the doubled part, payments and their use."""
