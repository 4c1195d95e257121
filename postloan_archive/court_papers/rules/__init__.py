"""What a court's paper says, and of which case it speaks."""
