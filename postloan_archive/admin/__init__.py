"""Signing in, the own account, users, branches, roles: pages over `access`."""
