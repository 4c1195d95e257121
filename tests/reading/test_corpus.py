"""The real files of the shared corpus: a named state each, within limits, unchanged."""

import csv
import hashlib
import re
import time
from collections import Counter

import pytest

from postloan_archive.reading import State, read_file, render_page
from postloan_archive.reading.refusals import NotRenderableError, UnreadableError
from tests.reading.mutants import mutants
from tests.shared_folder import SHARED, needs_shared

pytestmark = [needs_shared, pytest.mark.corpus]

CORPUS = SHARED / "corpus"
HAN = re.compile("[\u3400-\u9fff]")
MUTATED = 3  # of each file that is chosen; acceptance runs thousands


def manifest() -> list[dict[str, str]]:
    if not CORPUS.is_dir():
        return []
    with (CORPUS / "MANIFEST.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


ROWS = manifest()


def test_every_file_reaches_a_named_state_and_is_unchanged(full):
    faults, spans = [], []
    for row in ROWS:
        path = CORPUS / row["file"]
        begun = time.monotonic()
        result = read_file(path, path.name)
        spans.append((time.monotonic() - begun, row["file"]))
        if result.state is not State.STORED and not HAN.search(result.message):
            faults.append((row["file"], "no Chinese message", result.message))
        if result.state is State.TIMED_OUT or "意外终止" in result.message:
            faults.append((row["file"], result.state, result.message))
        if hashlib.sha256(path.read_bytes()).hexdigest() != row["sha256"]:
            faults.append((row["file"], "changed", ""))

    assert faults == []
    assert max(spans)[0] < 60
    if full:
        print(f"{len(spans)} files, the slowest {max(spans)}")  # noqa: T201 - figures


@pytest.mark.parametrize(
    "name", ["p3c/Java开发手册(黄山版).pdf", "pdfjs/test/pdfs/XiaoBiaoSong.pdf"]
)
def test_chinese_pdfs_are_read_whole(name):
    row = next(row for row in ROWS if row["file"] == name)
    result = read_file(CORPUS / name, name)
    found = sum(len(HAN.findall(page.text)) for page in result.pages)

    assert found >= 0.99 * int(row["han_chars"])


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_statutes_in_another_encoding_give_equal_text(tmp_path, encoding):
    for row in [row for row in ROWS if row["category"] == "zh-statute"][:12]:
        source = CORPUS / row["file"]
        other = tmp_path / "other.md"
        other.write_bytes(source.read_text(encoding="utf-8").encode(encoding))

        assert read_file(other, "a.md").pages == read_file(source, "a.md").pages


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("oletools/tests/test-data/basic/encrypted.docx", State.ENCRYPTED),
        ("poi/test-data/poifs/protect.xlsx", State.ENCRYPTED),
        ("poi/test-data/document/password_tika_binaryrc4.doc", State.ENCRYPTED),
        ("poi/test-data/spreadsheet/password.xls", State.ENCRYPTED),
        ("poi/test-data/slideshow/Password_Protected-np-hello.ppt", State.ENCRYPTED),
        ("pypdf/resources/encryption/r3-user-password.pdf", State.ENCRYPTED),
        ("pypdf/resources/encryption/r3-empty-password.pdf", State.STORED),
        ("pypdf/resources/encryption/r6-owner-password.pdf", State.STORED),
        ("rapiddoc/demo/docx/空白.docx", State.DAMAGED),
        ("poi/test-data/document/ExternalEntityInText.docx", State.STORED),
    ],
)
def test_known_files_reach_their_state(name, state):
    assert read_file(CORPUS / name, name).state is state


@pytest.mark.parametrize(
    ("name", "flag"),
    [
        ("payloadspdf/pdf-payloads/payload1.pdf", "javascript"),
        ("format-corpus/pdfCabinetOfHorrors/externalLink.pdf", "launch_action"),
        ("format-corpus/pdfCabinetOfHorrors/fileAttachment.pdf", "embedded_file"),
        ("oletools/tests/test-data/msodde/dde-test.docx", "dde"),
        ("oletools/tests/test-data/msodde/dde-in-csv.csv", "dde"),
        ("poi/test-data/document/SimpleMacro.doc", "macro"),
        ("poi/test-data/spreadsheet/SimpleMacro.xlsm", "macro"),
        ("oletools/tests/test-data/excel4-macros/excel4_sample_macro.xltm", "macro"),
        ("poi/test-data/document/ExternalEntityInText.docx", "entities"),
        ("ofdrw/ofdrw-converter/src/test/resources/h.ofd", "signature"),
    ],
)
def test_active_content_is_flagged(name, flag):
    assert flag in read_file(CORPUS / name, name).flags


def test_an_old_word_file_is_read_without_another_program():
    text = "\n".join(
        page.text
        for page in read_file(CORPUS / "poi/test-data/document/61490.doc", "a.doc").pages
    )
    assert text.startswith("居中的大标题")


def test_every_pdf_and_picture_can_be_drawn_or_says_why():
    chosen = [row for row in ROWS if row["category"] in {"pdf-bad", "zh-image", "pdf-odd"}]
    for row in chosen:
        path = CORPUS / row["file"]
        result = read_file(path, path.name)
        try:
            answer = render_page(path, result.media_type, 1, width=300)
        except (UnreadableError, NotRenderableError) as error:
            answer = str(error).encode()

        assert answer.startswith(b"\xff\xd8") or HAN.search(answer.decode())


def test_mutants_reach_a_named_state(tmp_path, full):
    kinds = (".pdf", ".docx", ".xlsx", ".ofd", ".png", ".jpg", ".doc", ".xls", ".msg")
    chosen = [
        row for row in ROWS if row["file"].endswith(kinds) and 1 < int(row["bytes"]) < 60_000
    ]
    path = tmp_path / "mutant"
    chosen = chosen if full else chosen[::8]
    each = -(-2_000 // len(chosen)) if full else MUTATED
    states, slowest = Counter(), 0.0
    for number, row in enumerate(chosen):
        for data in mutants((CORPUS / row["file"]).read_bytes(), seed=number, count=each):
            path.write_bytes(data)
            begun = time.monotonic()
            result = read_file(path, row["file"])
            slowest = max(slowest, time.monotonic() - begun)
            states[result.state] += 1

            assert result.state is State.STORED or HAN.search(result.message)
            assert result.state is not State.TIMED_OUT
            assert "意外终止" not in result.message  # no worker has died
            assert path.read_bytes() == data
    assert slowest < 60
    if full:
        print(f"{states.total()} mutants, {dict(states)}, slowest {slowest:.1f} s")  # noqa: T201 - figures
