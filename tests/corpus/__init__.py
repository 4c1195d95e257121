"""The real files of the shared corpus, taken in as a clerk would."""
