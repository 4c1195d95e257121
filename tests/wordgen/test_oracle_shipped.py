"""docxtpl is the oracle for every template that ships: on each, our text is its text."""

import io
import random
import re
from pathlib import Path

import docx
import pytest
from docxtpl import DocxTemplate
from lxml import etree

from postloan_archive.wordgen import compile_template, docx_text
from postloan_archive.wordgen.ooxml import w
from tests.wordgen.build import changed

FOLDER = Path(__file__).resolve().parents[2] / "doc_templates"
TEMPLATES = sorted(FOLDER.glob("*.docx"))
LOOP = re.compile(r"for\s+(\w+)\s+in\s+([\w.]+)")


def values_for(data: bytes) -> dict[str, object]:
    """A value for every field, with signs that must be escaped; two lines in each loop."""
    owners = {owner for _, owner in LOOP.findall(docx_text(data))}
    fields = compile_template(data).fields
    values: dict[str, object] = {}
    for head in sorted({path.partition(".")[0] for path in fields}):
        inner = [path.partition(".")[2] for path in fields if path.startswith(f"{head}.")]
        if head not in owners:
            values[head] = f"【{head}】甲 & <乙> “丙”"
        elif inner:
            values[head] = [nested(inner, f"{head}{row}") for row in (1, 2)]
        else:
            values[head] = [f"{head}第一行 & <x>", f"{head}第二行"]
    return values


def nested(paths: list[str], mark: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for head in sorted({path.partition(".")[0] for path in paths}):
        deeper = [path.partition(".")[2] for path in paths if path.startswith(f"{head}.")]
        found[head] = nested(deeper, mark) if deeper else f"{mark}.{head} < 1"
    return found


def lists_in_rows(data: bytes, values: dict[str, object]) -> dict[str, object]:
    """Give a list wherever a tag loops over a field of a row."""
    for _, owner in LOOP.findall(docx_text(data)):
        row, _, inner = owner.partition(".")
        if not inner:
            continue
        for value in values.values():
            if isinstance(value, list):
                for one in value:
                    if isinstance(one, dict) and inner in one:
                        one[inner] = [f"{row}.{inner} 一", f"{row}.{inner} 二"]
    return values


def split_at_random(data: bytes, seed: int) -> bytes:
    """Return the template with every run cut at random places, as Word does."""
    rng = random.Random(seed)  # repeatable, not secret

    def cut(content: bytes) -> bytes:
        root = etree.fromstring(content)
        for run in list(root.iter(w("r"))):
            texts = run.findall(w("t"))
            if len(texts) != 1 or not texts[0].text or len(texts[0].text) < 2:
                continue
            whole = texts[0].text
            cuts = sorted(rng.sample(range(1, len(whole)), min(len(whole) - 1, 3)))
            parts = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
            for part in reversed(parts[1:]):
                copy = etree.fromstring(etree.tostring(run))
                copy.find(w("t")).text = part
                copy.find(w("t")).set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                run.addnext(copy)
            texts[0].text = parts[0]
            texts[0].set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)

    return changed(data, "word/document.xml", cut)


def oracle(data: bytes, values: dict[str, object]) -> str:
    template = DocxTemplate(io.BytesIO(data))
    template.render(values, autoescape=True)
    out = io.BytesIO()
    template.save(out)
    return docx_text(out.getvalue())


def ours(data: bytes, values: dict[str, object]) -> str:
    out = compile_template(data).render(values)
    docx.Document(io.BytesIO(out))  # python-docx opens it
    return docx_text(out)


def test_there_are_templates():
    assert len(TEMPLATES) > 20


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_shipped_template_gives_the_text_of_docxtpl(path):
    data = path.read_bytes()
    values = lists_in_rows(data, values_for(data))

    text = ours(data, values)

    assert text == oracle(data, values)
    assert "{{" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_with_its_runs_cut_to_pieces_it_gives_the_same_text(path):
    whole = path.read_bytes()
    data = split_at_random(whole, seed=len(path.stem))
    values = lists_in_rows(whole, values_for(whole))

    assert ours(data, values) == ours(whole, values)
    assert ours(data, values) == oracle(data, values)
