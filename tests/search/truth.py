"""What a query must find, told by plain `in`, `and`, `or` and comparisons; knows no index."""

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from postloan_archive.search import Filters, IndexedPage, Scope
from tests.search.papers import BRACKETS, FULL_WIDTH, TRADITIONAL, Paper

Accepts = Callable[[Paper], bool]
_SIMPLE = str.maketrans(
    {old: new for new, old in TRADITIONAL.items()} | {"還": "还", "諾": "诺"} | {"書": "书"}
)
_ROUND = str.maketrans(
    {c: new for o, c in BRACKETS for new in ")"} | {o: "(" for o, c in BRACKETS}
)
_BETWEEN_HAN = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d])")
_PLAIN: dict[str, str] = {}


def plain(text: str) -> str:
    """Return the normal form of the text; written apart from the product's own folding."""
    if text not in _PLAIN:
        shown = unicodedata.normalize("NFKC", text.translate(_ROUND)).casefold()
        shown = _BETWEEN_HAN.sub("", shown.translate(_SIMPLE))
        shown = re.sub(r"\s+", " ", shown)
        _PLAIN[text] = _GROUPED.sub(lambda found: found[0].replace(",", ""), shown)
    return _PLAIN[text]


@dataclass(frozen=True)
class Ask:
    """A query as typed and what it accepts; `words` are those that a hit's marks must show."""

    text: str
    accepts: Accepts
    words: tuple[str, ...] = ()
    joined: bool = False  # from parts, so that it needs brackets inside another query


def sees(scope: Scope, page: IndexedPage) -> bool:
    return (scope.branch_ids is None or page.branch_id in scope.branch_ids) and (
        scope.categories is None or page.category in scope.categories
    )


def passes(filters: Filters, page: IndexedPage) -> bool:
    day = page.doc_date
    return all(
        (
            not filters.branch_ids or page.branch_id in filters.branch_ids,
            not filters.years or (day is not None and day.year in filters.years),
            not filters.categories or page.category in filters.categories,
            not filters.item_codes or page.item_code in filters.item_codes,
            not filters.media or page.fields.get("media", "") in filters.media,
            not filters.loan_nos or page.loan_no in filters.loan_nos,
            not filters.document_ids or page.document_id in filters.document_ids,
            filters.date_from is None or (day is not None and day >= filters.date_from),
            filters.date_to is None or (day is not None and day <= filters.date_to),
        )
    )


def facets(pages: Sequence[IndexedPage]) -> dict[tuple[str, str], int]:
    counts: Counter[tuple[str, str]] = Counter()
    for page in pages:
        counts["branch", str(page.branch_id)] += 1
        counts["category", page.category] += 1
        counts["item", page.item_code] += 1
        if page.doc_date:
            counts["year", str(page.doc_date.year)] += 1
        if media := page.fields.get("media"):
            counts["media", media] += 1
    return dict(counts)


class Asker:
    """Makes queries about the papers, most of which find something."""

    def __init__(self, rng: random.Random, papers: Sequence[Paper]) -> None:
        self._rng = rng
        self._papers = papers

    def any(self) -> Ask:
        return self._rng.choice(
            (
                self.word,
                self.word,
                self.quoted,
                self.number,
                self.amount,
                self.field,
                self.tag,
                self.dates,
                self.amounts,
                self.combined,
                self.combined,
            )
        )()

    def _slice(self, text: str, longest: int) -> str:
        length = min(self._rng.choice((1, 1, 2, 2, 3, 4, 5, 7, longest)), len(text))
        at = self._rng.randrange(len(text) - length + 1)
        return text[at : at + length]

    def _shown(self, word: str) -> str:
        """Return the word as another person might type it."""
        kind = self._rng.random()
        if kind < 0.2:
            return "".join(TRADITIONAL.get(c, c) for c in word)
        if kind < 0.3:
            return "".join(
                c.translate(FULL_WIDTH) if c.isascii() and c.isalnum() else c for c in word
            )
        return word.upper() if kind < 0.4 else word

    def word(self) -> Ask:
        """Return a part of a page without anything that means something to the language."""
        while True:
            text = plain(self._rng.choice(self._papers).page.text)
            run = self._rng.choice(re.findall(r"[^\W_]+", text) or [""])
            piece = self._slice(run, 12) if run else ""
            if piece and piece not in {"与", "或", "非", "且"} and plain(piece) == piece:
                return _in_text(self._shown(piece), piece)

    def quoted(self) -> Ask:
        """Return any part of a page in quotes: blanks, stops and brackets included."""
        while True:
            piece = self._slice(plain(self._rng.choice(self._papers).page.text), 30).strip()
            if piece and "," not in piece and '"' not in piece:
                opening, closing = self._rng.choice(('""', "“”", "「」"))
                return _in_text(f"{opening}{self._shown(piece)}{closing}", piece)

    def number(self) -> Ask:
        """Return a contract or case number, whole or cut off, with any brackets."""
        page = self._rng.choice(self._papers).page
        number = page.fields.get("case_no", page.fields["contract_no"])
        if self._rng.random() < 0.4:
            number = number[self._rng.randrange(len(number) - 3) :]
        opening, closing = self._rng.choice(BRACKETS[:3])
        balanced = plain(number).count("(") == plain(number).count(")")
        typed = plain(number).replace("(", opening).replace(")", closing) if balanced else ""
        typed = typed or re.sub(r"[()]", "", plain(number)[1:])
        return _in_text(typed, plain(typed))

    def amount(self) -> Ask:
        """Return an amount or its beginning, with or without separators."""
        while True:
            paper = self._rng.choice(self._papers)
            values = [v for v in paper.amounts if v % 10_000]
            if values:
                value = self._rng.choice(values)
                typed = self._rng.choice(
                    (f"{value:.2f}", f"{value:,.2f}", f"{value:,.2f}"[:-3])
                )
                return _in_text(typed, typed.replace(",", ""))

    def field(self) -> Ask:
        name, key = self._rng.choice(
            (
                ("题名", "title"),
                ("title", "title"),
                ("客户", "customer"),
                ("合同号", "contract_no"),
                ("案号", "case_no"),
                ("文号", "doc_no"),
                ("案卷", "loan_no"),
                ("证件号", "id_no"),
            )
        )
        while True:
            value = plain(_value(self._rng.choice(self._papers).page, key))
            piece = self._slice(value, 20) if value else ""
            if re.fullmatch(r"[^\W_]+(?:-[^\W_]+)*", piece):
                colon = self._rng.choice(":：")
                return _in_field(f"{name}{colon}{self._shown(piece)}", key, piece)

    def tag(self) -> Ask:
        page = self._rng.choice(self._papers).page
        day = page.doc_date or date(2020, 1, 1)
        names = {"QZ": "权证", "YJ": "要件", "GL": "管理", "BQ": "保全", "ZH": "综合"}
        return self._rng.choice(
            (
                Ask(f"类别:{names[page.category]}", lambda p: p.page.category == page.category),
                Ask(f"category:{page.category}", lambda p: p.page.category == page.category),
                Ask(
                    f"件号:{page.item_code.lower()}",
                    lambda p: p.page.item_code == page.item_code,
                ),
                Ask(f"机构：{page.branch_id}", lambda p: p.page.branch_id == page.branch_id),
                Ask(
                    f"年度:{day.year}年",
                    lambda p: (p.page.doc_date or date.min).year == day.year,
                ),
                Ask("介质:纸质", lambda p: p.page.fields.get("media") == "纸质"),
            )
        )

    def dates(self) -> Ask:
        rng = self._rng
        first = date(2018, 1, 1) + timedelta(days=rng.randrange(2_600))
        last = first + timedelta(days=rng.randrange(500))

        def between(low: date | None, high: date | None) -> Accepts:
            return lambda p: (
                p.page.doc_date is not None
                and (
                    (low is None or p.page.doc_date >= low)
                    and (high is None or p.page.doc_date <= high)
                )
            )

        month = f"{first.year}年{first.month}月"
        next_month = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        return rng.choice(
            (
                Ask(f"日期:{first}..{last}", between(first, last)),
                Ask(f"日期:{chinese(first)}至{chinese(last)}", between(first, last)),
                Ask(f"日期：[{first:%Y%m%d} TO {last:%Y%m%d}]", between(first, last)),
                Ask(f"date:>={first:%Y/%m/%d}", between(first, None)),
                Ask(f"日期:<{chinese(first)}", between(None, first - timedelta(days=1))),
                Ask(
                    f"日期:{month}",
                    between(first.replace(day=1), next_month - timedelta(days=1)),
                ),
                Ask(
                    f"日期:{first.year}",
                    between(date(first.year, 1, 1), date(first.year, 12, 31)),
                ),
            )
        )

    def amounts(self) -> Ask:
        low = Decimal(self._rng.randrange(1, 500)) * 10_000
        high = low + Decimal(self._rng.randrange(1, 300)) * 10_000
        wan = (f"{low / 10_000:f}万", f"{high / 10_000:f}万元")
        exact = self._rng.choice([v for paper in self._papers for v in paper.amounts])

        def between(least: Decimal | None, most: Decimal | None) -> Accepts:
            return lambda p: any(
                (least is None or v >= least) and (most is None or v <= most) for v in p.amounts
            )

        return self._rng.choice(
            (
                Ask(f"金额:{wan[0]}..{wan[1]}", between(low, high)),
                Ask(f"金额:{wan[0]}到{wan[1]}", between(low, high)),
                Ask(f"金额：>={low:,.2f}", between(low, None)),
                Ask(f"amount:<{high:.2f}元", between(None, high - Decimal("0.01"))),
                Ask(f"金额:{exact:,.2f}", between(exact, exact)),
            )
        )

    def combined(self, depth: int = 2) -> Ask:
        """Return asks joined by operators; what is joined already gets brackets."""
        rng = self._rng
        leaf = (self.word, self.word, self.quoted, self.field, self.tag, self.dates)
        parts = [
            self.combined(depth - 1) if depth and rng.random() < 0.35 else rng.choice(leaf)()
            for _ in range(rng.randrange(2, 4))
        ]
        texts = [
            rng.choice(("({})", "（{}）")).format(p.text) if p.joined else p.text for p in parts
        ]
        kind = rng.choice(("and", "or", "not"))
        if kind == "or":
            return Ask(
                rng.choice((" OR ", " 或 ", " || ", " 或者 ")).join(texts),
                lambda paper: any(part.accepts(paper) for part in parts),
                joined=True,
            )
        if kind == "and":
            return Ask(
                rng.choice((" ", " AND ", " 与 ", " 且 ", " && ")).join(texts),
                lambda paper: all(part.accepts(paper) for part in parts),
                joined=True,
            )
        first, *others = parts
        no = rng.choice((" NOT ", " 非 ", " AND NOT "))
        return Ask(
            no.join(texts),
            lambda paper: first.accepts(paper) and not any(p.accepts(paper) for p in others),
            joined=True,
        )


def _in_text(typed: str, piece: str) -> Ask:
    return Ask(typed, lambda paper: piece in plain(paper.page.text), (piece,))


def _in_field(typed: str, key: str, piece: str) -> Ask:
    return Ask(typed, lambda paper: piece in plain(_value(paper.page, key)))


def _value(page: IndexedPage, key: str) -> str:
    return {"title": page.title, "loan_no": page.loan_no}.get(key) or page.fields.get(key, "")


def chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
