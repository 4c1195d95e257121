"""Who may do what, and where: permissions, roles, branches, users, sign-in and sessions."""
