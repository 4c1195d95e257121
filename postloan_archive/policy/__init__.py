"""The settings of the rules where the law is silent or quoted from memory (tag M)."""
