"""What must never break; the files are named after the promises in acceptance.md."""
