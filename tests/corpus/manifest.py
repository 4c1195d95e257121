"""The list of the corpus: name, digest, category and Chinese characters of every file."""

import csv
from pathlib import Path

from tests.shared_folder import SHARED

CORPUS = SHARED / "corpus"
BATCH = 20


def rows() -> list[dict[str, str]]:
    if not CORPUS.is_dir():
        return []
    with (CORPUS / "MANIFEST.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


ROWS = rows()


def of(category: str) -> list[Path]:
    return [CORPUS / row["file"] for row in ROWS if row["category"] == category]


def batches() -> list[list[dict[str, str]]]:
    """Spread the heavy neighbours: every batch has a bit of each folder."""
    count = -(-len(ROWS) // BATCH)
    return [ROWS[start::count] for start in range(count)]
