"""Make every paper: `python -m tools.demo_papers` (needs LibreOffice, poppler, numpy)."""

import csv
import shutil
from pathlib import Path

from tools.demo_papers import makers
from tools.demo_papers.plan import papers

TARGET = Path(__file__).resolve().parents[2] / "postloan_archive" / "demo" / "papers"
NEEDS_PDF = frozenset({"pdf", "scan", "tiff", "photo", "encrypted", "damaged"})


def main() -> None:
    """Write the papers and their list."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    plan = list(papers())
    words = {
        f"p{number}": makers.word(paper)
        for number, paper in enumerate(plan)
        if paper.form in NEEDS_PDF
    }
    pdfs = makers.convert(words, "pdf")
    olds = makers.convert(
        {
            f"p{number}": makers.word(paper)
            for number, paper in enumerate(plan)
            if paper.form == "doc"
        },
        "doc",
    )
    with (TARGET / "papers.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("file", "loan_no", "item", "title", "date"))
        for number, paper in enumerate(plan):
            extension, data = makers.make(
                paper, pdfs.get(f"p{number}") or olds.get(f"p{number}")
            )
            folder = TARGET / paper.loan_no
            folder.mkdir(exist_ok=True)
            name = f"{number + 1:03d}-{paper.item}{extension}"
            (folder / name).write_bytes(data)
            out.writerow(
                (f"{paper.loan_no}/{name}", paper.loan_no, paper.item, paper.title, paper.dated)
            )
    print(
        f"{len(plan)} papers, {sum(f.stat().st_size for f in TARGET.rglob('*') if f.is_file()) / 1e6:.1f} MB"
    )


main()
