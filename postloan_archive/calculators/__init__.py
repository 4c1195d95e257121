"""The law as calculators: every function of the rules by name, checked input, cited answer."""
