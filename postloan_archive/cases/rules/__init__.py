"""Rules of court cases: deadlines and fees; pure."""
