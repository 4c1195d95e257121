"""Keeps the English catalogue: extracts every marked sentence and files it by capability.

    python -m tools.catalogue            write the .po files anew, keep what is translated
    python -m tools.catalogue missing    print the sentences without a translation, one a line
    python -m tools.catalogue fill FILE  take `sentence<TAB>translation` lines into the catalogue

A sentence that several capabilities use lives with the first of them in the alphabet.
"""

import io
import json
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "postloan_archive" / "web" / "translations" / "en" / "LC_MESSAGES"
HEADERS = (  # lines of the header that would change at every run or say nothing
    '"POT-',
    '"PO-',
    '"Generated',
    '"Project',
    '"Report',
    '"Last-',
    '"Language-Team',
    "#\n",
    "# ",
)
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}


def sentences() -> dict[str, str]:
    """Return each marked sentence of the product with the capability that it is filed under."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "postloan_archive").rglob("*.py")):
        capability = path.relative_to(ROOT / "postloan_archive").parts[0].removesuffix(".py")
        _collect(found, path, "python", capability)
    for path in sorted((ROOT / "templates").rglob("*.html")):
        parts = path.relative_to(ROOT / "templates").parts
        _collect(found, path, "jinja2", parts[0] if len(parts) > 1 else "web")
    return found


def translations() -> dict[str, str]:
    """Return what is translated now."""
    kept: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.po")):
        with path.open("rb") as text:
            kept |= {
                str(entry.id): str(entry.string)
                for entry in read_po(text, locale="en")
                if entry.id and entry.string
            }
    return kept


def write(kept: dict[str, str]) -> None:
    """Write one file for each capability, sorted by sentence; stale sentences go."""
    files: dict[str, Catalog] = {}
    for sentence, capability in sentences().items():
        catalogue = files.setdefault(
            capability, Catalog(locale="en", fuzzy=False, project="postloan-archive")
        )
        flags = ["python-format"] if "%(" in sentence else []
        catalogue.add(sentence, kept.get(sentence, ""), flags=flags)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in FOLDER.glob("*.po"):
        if path.stem not in files:
            path.unlink()
    for capability, catalogue in files.items():
        text = io.BytesIO()
        write_po(text, catalogue, omit_header=False, sort_output=True, width=96)
        lines = text.getvalue().decode().splitlines(keepends=True)
        body = "".join(line for line in lines if not line.startswith(HEADERS))
        (FOLDER / f"{capability}.po").write_text(body.strip() + "\n", encoding="utf-8")


def _collect(found: dict[str, str], path: Path, method: str, capability: str) -> None:
    kind = "jinja2.ext:babel_extract" if method == "jinja2" else "python"
    options = {"encoding": "utf-8", "trimmed": "false"}
    for _line, message, _comments, _context in extract_from_file(
        kind, path, keywords=KEYWORDS, options=options
    ):
        for sentence in (message,) if isinstance(message, str) else message:
            if sentence:
                found[sentence] = min(capability, found.get(sentence, capability))


def main() -> None:
    """Run one of the three commands."""
    command = sys.argv[1] if len(sys.argv) > 1 else "write"
    kept = translations()
    if command == "missing":
        for sentence in sorted(set(sentences()) - set(kept)):
            print(json.dumps(sentence, ensure_ascii=False))
        return
    if command == "fill":
        for line in Path(sys.argv[2]).read_text(encoding="utf-8").splitlines():
            if line.strip():
                sentence, translation = line.split("\t")
                kept[json.loads(sentence)] = translation.replace("\\n", "\n")
    write(kept)
    left = len(set(sentences()) - set(kept))
    print(f"{len(sentences())} sentences, {left} without a translation")


if __name__ == "__main__":
    main()
