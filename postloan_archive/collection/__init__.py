"""Contacts with debtors, promises, plans, agencies, recoveries, disposal."""
