"""Generated pages of loan files: each made from its own number, so a million need no memory.

A page has about 950 characters. Clauses come back as in contracts, words follow Zipf's law, and
names, numbers and amounts stand between; different two-grams are about as many as in statutes.
"""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import Final

from sqlalchemy.orm import Session

from postloan_archive.search import IndexedPage

BRANCHES: Final = 40
PAGES_OF_DOCUMENT: Final = 8
_CLAUSES: Final = 60  # of a page
_FRESH: Final = 0.3  # of the clauses of a page stand on no other page
_BANKING: Final = (
    "借款人 贷款人 保证人 抵押物 质押 合同 约定 期限 利率 罚息 复利 本金 利息 逾期 催收 通知 "
    "履行 义务 连带责任 担保 到期 展期 清偿 诉讼 保全 执行 法院 判决 调解 当事人 证据 送达 "
    "签收 检查 经营 财务 报表 流动资金 还款 账户 银行 支行 客户经理 风险 分类 预警 资产 处置 "
    "评估 登记 权证 价值 万元 情况 正常 说明 根据 应当 规定 第一条 第二条 双方 甲方 乙方 "
    "之日起 内 的 和 及 或者 由 在 按 对 不 予 以"
)
_SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"


class PageMaker:
    """Makes pages by number, always the same ones."""

    def __init__(self, count: int) -> None:
        self.count = count
        rng = random.Random(1)  # noqa: S311 - the same pages at every run
        chars = [
            bytes((high, low)).decode("gb2312")
            for high in range(0xB0, 0xD7)
            for low in range(0xA1, 0xFF)
        ]
        rng.shuffle(chars)
        weights = list(accumulate(1 / (n + 20) for n in range(len(chars))))
        made = {
            "".join(rng.choices(chars, cum_weights=weights, k=rng.choice((1, 2, 2, 2, 3))))
            for _ in range(5_000)
        }
        banking = _BANKING.split()
        others = sorted(made - set(banking))
        self.words = [*banking, *rng.sample(others, len(others))]
        self._weights = list(accumulate(1 / (n + 3) for n in range(len(self.words))))
        self._given = chars[:600]
        self._clauses = [self._clause(rng) for _ in range(3_000)]
        self._often = list(accumulate(1 / (n + 10) for n in range(len(self._clauses))))

    def page(self, number: int) -> IndexedPage:
        """Return the page with this number, from 1."""
        document = (number - 1) // PAGES_OF_DOCUMENT + 1
        rng = random.Random(document)  # noqa: S311 - the same pages at every run
        customer = self._name(rng)
        day = date(2015, 1, 1) + timedelta(days=rng.randrange(4_000))
        contract = f"HT{day.year}-{rng.randrange(10**6):06d}"
        branch = rng.randrange(1, BRANCHES + 1)
        category = rng.choice(("QZ", "YJ", "GL", "GL", "BQ", "ZH"))
        item = f"{category}{rng.randrange(1, 20):02d}"
        fields = {
            "customer": customer,
            "contract_no": contract,
            "id_no": f"{rng.randrange(10**17, 10**18)}",
        }
        rng = random.Random(-number)  # noqa: S311 - the same pages at every run
        clauses = rng.choices(self._clauses, cum_weights=self._often, k=_CLAUSES)
        for at in range(_CLAUSES):
            if rng.random() < _FRESH:
                clauses[at] = self._clause(rng)
        clauses[rng.randrange(_CLAUSES)] += customer
        clauses[rng.randrange(_CLAUSES)] += f"合同编号{contract}"
        clauses[rng.randrange(_CLAUSES)] += f"金额{rng.randrange(10**4, 10**9) / 100:,.2f}元"
        return IndexedPage(
            page_id=number,
            document_id=document,
            loan_no=f"JJ{day.year}-{document:07d}",
            branch_id=branch,
            category=category,
            item_code=item,
            page_no=(number - 1) % PAGES_OF_DOCUMENT + 1,
            title=f"{customer}贷款资料",
            text="".join(clause + rng.choice("，。\n，、；") for clause in clauses),
            doc_date=day,
            fields=fields,
        )

    def source(self, _session: Session, after: int, limit: int) -> Sequence[IndexedPage]:
        """Return at most `limit` pages after one: what a rebuild asks for."""
        end = min(after + limit, self.count)
        return [self.page(number) for number in range(after + 1, end + 1)]

    def _clause(self, rng: random.Random) -> str:
        words = rng.choices(self.words, cum_weights=self._weights, k=rng.randrange(4, 11))
        return "".join(words)

    def _name(self, rng: random.Random) -> str:
        if rng.random() < 0.5:  # noqa: PLR2004 - half are persons
            return rng.choice(_SURNAMES) + "".join(rng.choices(self._given, k=2))
        return "".join(rng.choices(self._given, k=4)) + "有限公司"
