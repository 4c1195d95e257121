"""Ways in: the watched folder, resumable uploads, the mailbox, the telephone."""
