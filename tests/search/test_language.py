"""What the pieces of the query language mean, one by one, and that nothing typed breaks it."""

import random
import string
from datetime import date

import pytest

from postloan_archive.search import IndexedPage, Mode, Query
from tests.search.conftest import EVERYONE, Library

PAGES = {
    1: "甲方恒泰机械\n制造有限公司，借款 1,234,567.89 元，合同号 HT-2024-0001。",
    2: "（2024）沪0115民初 123 号 民事判决书，罚息3.85%，金额100,000元",
    3: "身份證號碼420101199001011234，聯系人：張偉，手机13800138000",
    4: "ABC公司GX3型设备抵押清单，价值120万元，见附件(二)",
    5: '与或非，且看 NOT AND OR 的字样；"引号"与括号（未完',
    6: "恒 泰\t机\n械的另一页：ＡＢＣ公司",
    7: "",
}  # fmt: skip


@pytest.fixture(scope="module")
def shelf(adapter, tmp_path_factory, new_database):
    folder = tmp_path_factory.mktemp(f"language-{adapter}")
    opened = Library(adapter, folder, url=new_database(adapter))
    opened.create()
    opened.add(
        [
            IndexedPage(
                page_id=number,
                document_id=number,
                loan_no=f"JJ2024-000{number}",
                branch_id=1,
                category="YJ",
                item_code="YJ01",
                page_no=1,
                title=f"第{number}份 借款合同" if number < 5 else "杂项",
                text=text,
                doc_date=date(2024, number, 1),
                fields={
                    "customer": "张三丰",
                    "branch_name": "开发区支行",
                    "amount": f"{number}00",
                },
            )
            for number, text in PAGES.items()
        ]
    )
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("恒泰机械制造", {1}),
        ("恒泰机械", {1, 6}),
        ("泰", {1, 6}),
        ("1234567.89", {1}),
        ("1,234,567", {1}),
        ("234,567", {1}),
        ("(2024)沪0115民初123号", {2}),
        ("〔2024〕沪0115", {2}),
        ("沪0115民初 123", {2}),
        ("民初123号", {2}),
        ("3.85%", {2}),
        ("身份证号码", {3}),
        ("身份證", {3}),
        ("张伟", {3}),
        ("199001011234", {3}),
        ("13800138", {3}),
        ("abc公司", {4, 6}),
        ("gx3型", {4}),
        ("附件（二）", {4}),
        ("恒泰 -制造", set()),  # a minus sign is no operator
        ("恒泰 NOT 制造", {6}),
        ("恒泰 非 制造", {6}),
        ("恒泰 AND (制造 OR 另一页)", {1, 6}),
        ("恒泰 且 （制造 或 另一页）", {1, 6}),
        ("判决书 OR 恒泰 制造", {1, 2}),  # AND binds closer than OR
        ("NOT 恒泰", {2, 3, 4, 5, 7}),
        ('"与或非"', {5}),
        ("“NOT AND OR”", {5}),
        ('"恒泰 机械"', {1, 6}),
        ("题名:借款合同", {1, 2, 3, 4}),
        ("题名:借款合同 NOT 恒泰", {2, 3, 4}),
        ("题名:(借款 合同) 恒泰", {1}),
        ("客户:三丰", set(PAGES)),
        ("案卷：0003", {3}),
        ("机构:开发区", set(PAGES)),
        ("日期:2024年3月", {3}),
        ("日期:2024-02..2024-03", {2, 3}),
        ("日期:>2024-05", {6, 7}),
        ("日期:[20240101 TO 20240201]", {1, 2}),
        ("金额:100000", {2}),
        ("金额:100万..130万", {1, 4}),
        ("金额:<=300", {1, 2, 3}),
        ("金额:1,234,567.89", {1}),
        ("", set(PAGES)),
        ("   ", set(PAGES)),
    ],
)
def test_a_query_means_what_it_says(shelf, text, pages):
    assert set(shelf.found(text)) == pages


@pytest.mark.parametrize(
    ("text", "mode", "pages"),
    [
        ("借款合同", Mode.TITLE, {1, 2, 3, 4}),
        ("JJ2024-0006", Mode.NUMBER, {6}),
        ("三丰", Mode.ALL, set(PAGES)),
        ("三丰", Mode.TEXT, set()),
    ],
)
def test_a_mode_says_where_bare_words_are_looked_for(shelf, text, mode, pages):
    assert set(shelf.found(text, mode=mode)) == pages


@pytest.mark.parametrize(
    "text",
    ["(恒泰", "恒泰)", "恒泰 AND", "OR", "((", "题名:", '"恒泰', "日期:abc 恒泰", "NOT NOT"],
)
def test_a_broken_query_is_read_as_plain_words_and_says_so(shelf, text):
    results = shelf.search(Query(text=text, scope=EVERYONE))
    assert results.notes or results.total == 0


def nonsense(rng: random.Random) -> str:
    """Return what nobody should type: operators, quotes, patterns, statements, long texts."""
    alphabets = (
        '恒泰借款合同与或非且()（）"“”「」:：[]【】{} \t\n',
        string.printable,
        "ANDORNOT&|!^~*?+-\\/.,;'\"()[]{}<>=% _",
        "".join(chr(rng.randrange(1, 0x3000)) for _ in range(50)),
        "".join(
            chr(c) for c in (0, 0xE000, 0xE001, 0xE010, 0xD800, 0xDFFF, 0xFFFF, 0x1F600, 0x1F)
        ),
    )
    pieces = (
        "' OR 1=1 --",
        "'; DROP TABLE search_state; --",
        "%' UNION SELECT 1,2,3",
        "\\",
        "NEAR(a b)",
        "title:*",
        "日期:..",
        "金额:..",
        "日期:9999-99-99",
        "金额:1e309",
        "金额:-1",
        "[a-z]{9999}",
        "(?:",
        "日期:[ TO ]",
        "金额:>=99999999999999999999999999",
        "类别:",
        "机构:①",
        "年度:²",
        "题名:(",
        "a" * 300,
        "恒" * 5_000,
        "(" * 400,
        "NOT " * 100,
        '"' * 99,
        "OR OR OR",
        "\ud800",
        "١٢٣",
    )
    kind = rng.random()
    if kind < 0.5:
        alphabet = rng.choice(alphabets)
        return "".join(rng.choice(alphabet) for _ in range(rng.choice((1, 3, 10, 40, 200))))
    if kind < 0.9:
        return rng.choice((" ", "")).join(
            rng.choice(pieces) for _ in range(rng.randrange(1, 4))
        )
    return "".join(rng.choice(rng.choice(alphabets)) for _ in range(10_000))


def test_no_string_makes_a_search_fail(shelf, adapter, full):
    """C10: 5,000 strings that mean nothing; none raises or finds what is not there."""
    rng = random.Random(13)
    small = 5_000 if adapter == "fts5" else 1_000  # what reads the strings is the same
    for number in range(20_000 if full else small):
        text = nonsense(rng)
        results = shelf.search(Query(text=text, scope=EVERYONE, limit=3))
        assert 0 <= results.total <= len(PAGES)
        if number % 10 == 0:
            shelf.suggest(Query(text=text, scope=EVERYONE, limit=3))
