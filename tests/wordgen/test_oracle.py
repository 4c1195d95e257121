"""docxtpl is the oracle: on its own syntax our text is its text."""

import io
import random
from decimal import Decimal

import docx
import pytest
from docx.document import Document
from docxtpl import DocxTemplate
from hypothesis import given, settings
from hypothesis import strategies as st

from postloan_archive.wordgen import compile_template, docx_text
from tests.wordgen.build import add_box, made, saved, split_into_runs

VALUES = {
    "no": "借字(2024)第001号",
    "name": "北京甲乙丙有限公司 & <子公司>",
    "amount": Decimal("1234567.80"),
    "days": 93,
    "guaranteed": True,
    "empty": [],
    "address": "北京市\n海淀区\t1 号",
    "loan": {"branch": {"name": "城东支行", "phone": "010-12345678"}},
    "rows": [
        {"no": 1, "due": "2026-01-21", "sum": "1,000.00", "late": True},
        {"no": 2, "due": "2026-02-21", "sum": "2,000.00", "late": False},
        {"no": 3, "due": "2026-03-21", "sum": "3,000.00", "late": True},
    ],
    "heads": ["本金", "利息", "罚息"],
    "groups": [{"title": "甲组", "items": ["一", "二"]}, {"title": "乙组", "items": ["三"]}],
}
SENTENCES = (
    "合同编号：{{ no }}",
    "{{name}}（以下简称“贵方”）欠 {{ amount }} 元，逾期 {{ days }} 天。",
    "{% if days > 90 %}已构成违约{% else %}请尽快归还{% endif %}，联系{{ loan.branch.name }}。",
    "{% for r in rows %}{{ loop.index }}.{{ r.due }}；{% endfor %}",
    "{% if guaranteed and days >= 90 %}通知担保人{% elif days %}提醒{% endif %}",
    "地址：{{ address }}。",
    "{# 说明：不印出 #}{{ loan['branch']['phone'] }}",
    "{% set who = loan.branch %}{{ who.name }} {{ who.phone }}",
    "共 {{ rows|length }} 期，首期 {{ rows[0].due }}，{{ heads|join('、') }}",
    "{{ '已逾期' if days > 0 else '正常' }} a < b & c > d {{ no ~ '-' ~ days }}",
    "{% for g in groups%}{{g.title}}{% for i in g['items'] %}{{ i }}{% endfor %}{% endfor %}",
    "{% for r in rows if r.late %}{{ r.no }}{% if not loop.last %}、{% endif %}{% endfor %}",
    "单个 { 与 } 以及 {_{ 原样 }_}",
)


def oracle(data: bytes) -> str:
    template = DocxTemplate(io.BytesIO(data))
    template.render(VALUES, autoescape=True)
    out = io.BytesIO()
    template.save(out)
    return docx_text(out.getvalue())


def ours(data: bytes) -> str:
    out = compile_template(data).render(VALUES)
    docx.Document(io.BytesIO(out))  # python-docx opens it
    return docx_text(out)


def row_loop(document: Document, rng: random.Random) -> None:
    table = document.add_table(4, 3)
    table.cell(0, 0).text = "期次"
    split_into_runs(table.cell(1, 0).paragraphs[0], "{%tr for r in rows %}", rng)
    for cell, text in zip(
        table.rows[2].cells, ("{{ r.no }}", "{{ r.due }} 到期", "{{ r.sum }}"), strict=True
    ):
        split_into_runs(cell.paragraphs[0], text, rng)
    table.cell(3, 0).text = "{%tr endfor %}"


def column_loop(document: Document, rng: random.Random) -> None:
    table = document.add_table(2, 4)
    for row, text in enumerate(("{{ h }}", "{{ loop.index }}")):
        table.cell(row, 0).text = "项目"
        split_into_runs(table.cell(row, 1).paragraphs[0], "{%tc for h in heads %}", rng)
        split_into_runs(table.cell(row, 2).paragraphs[0], text, rng)
        table.cell(row, 3).text = "{%tc endfor %}"


def paragraph_conditions(document: Document, rng: random.Random) -> None:
    for test in ("guaranteed", "not guaranteed", "days > 90", "empty"):
        split_into_runs(document.add_paragraph(), f"{{%p if {test} %}}", rng)
        split_into_runs(document.add_paragraph(), rng.choice(SENTENCES), rng)
        document.add_paragraph("{%p else %}")
        document.add_paragraph("否则")
        split_into_runs(document.add_paragraph(), "{%p endif %}", rng)


def nested_rows(document: Document, rng: random.Random) -> None:
    table = document.add_table(6, 2)
    for row, text in enumerate((
        "{%tr for g in groups %}", "{{ g.title }}", "{%tr for i in g['items'] %}", "{{ i }}",
        "{%tr endfor %}", "{%tr endfor %}",
    )):  # fmt: skip
        split_into_runs(table.cell(row, 0).paragraphs[0], text, rng)


def paragraph_loop(document: Document, rng: random.Random) -> None:
    split_into_runs(document.add_paragraph(), "{%p for r in rows %}", rng)
    split_into_runs(document.add_paragraph(), "第 {{ r.no }} 期 {{ r.sum }} 元", rng)
    split_into_runs(document.add_paragraph(), "{%p if r.late %}", rng)
    document.add_paragraph("逾期")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p endfor %}")


def across_paragraphs(document: Document, _rng: random.Random) -> None:
    document.add_paragraph("甲{% if guaranteed %}乙")
    document.add_paragraph("丙")
    document.add_paragraph("丁{% endif %}戊")
    document.add_paragraph("己{% if empty %}庚")
    document.add_paragraph("辛{% endif %}壬")


def comments(document: Document, _rng: random.Random) -> None:
    document.add_paragraph("{#p 整段说明 #}")
    table = document.add_table(2, 1)
    table.cell(0, 0).text = "{#tr 整行说明 #}"
    table.cell(1, 0).text = "留下"


BLOCKS = (row_loop, column_loop, paragraph_conditions, nested_rows, paragraph_loop,
          across_paragraphs, comments)  # fmt: skip


def generated(seed: int) -> bytes:
    """Return a template of ten random pieces, tags cut at random places."""
    rng = random.Random(seed)  # repeatable, not secret
    document = docx.Document()
    header = document.sections[0].header.paragraphs[0]
    split_into_runs(header, "{{ no }} {{ loan.branch.name }}", rng)
    split_into_runs(document.sections[0].footer.paragraphs[0], rng.choice(SENTENCES[:3]), rng)
    for _ in range(10):
        match rng.randrange(4):
            case 0:
                rng.choice(BLOCKS)(document, rng)
            case 1:
                table = document.add_table(1, 2)
                split_into_runs(table.cell(0, 0).paragraphs[0], rng.choice(SENTENCES), rng)
            case 2:
                add_box(document.add_paragraph("框："), rng.choice(SENTENCES[:4]))
            case _:
                split_into_runs(document.add_paragraph(), rng.choice(SENTENCES), rng)
    return saved(document)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.__name__)
def test_each_kind_of_block_gives_the_text_of_docxtpl(block):
    data = made(lambda document: block(document, random.Random(7)))  # as below

    assert ours(data) == oracle(data)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_each_sentence_gives_the_text_of_docxtpl(sentence):
    data = made(lambda document: document.add_paragraph(sentence))

    assert ours(data) == oracle(data)


@pytest.mark.parametrize("seed", range(25))
def test_generated_templates_give_the_text_of_docxtpl(seed):
    data = generated(seed)

    assert ours(data) == oracle(data)


def test_properties_are_filled_as_docxtpl_fills_them():
    def build(document: Document) -> None:
        document.core_properties.title = "通知 {{ no }}"
        document.core_properties.subject = "{{ name }}"

    data = made(build)
    out = docx.Document(io.BytesIO(compile_template(data).render(VALUES)))

    assert out.core_properties.title == "通知 借字(2024)第001号"
    assert out.core_properties.subject == VALUES["name"]


@settings(max_examples=60, deadline=None)
@given(
    sentence=st.sampled_from(SENTENCES[:-1]),
    cuts=st.lists(st.integers(min_value=0, max_value=120), max_size=12),
)
def test_a_tag_cut_anywhere_gives_the_text_of_the_whole_tag(sentence, cuts):
    places = sorted({cut for cut in cuts if 0 < cut < len(sentence)})

    def build(document: Document) -> None:
        paragraph = document.add_paragraph()
        for start, end in zip([0, *places], [*places, len(sentence)], strict=True):
            paragraph.add_run(sentence[start:end]).italic = bool(start % 2)

    assert ours(made(build)) == ours(made(lambda document: document.add_paragraph(sentence)))
