"""Rules of court papers: keys, copies, evidence list, powers of attorney, complaint; pure."""
