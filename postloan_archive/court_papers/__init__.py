"""Papers that come from the court: read, suggested to a case, confirmed by a person."""
