"""Makes the papers of the demonstration; run `python -m tools.demo_papers`, then check them in."""
