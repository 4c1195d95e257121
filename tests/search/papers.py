"""Generated pages of loan files, with what was written into them."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from postloan_archive.search import IndexedPage

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
GIVEN = "建国志强秀英海燕文博雨桐子轩晓明丽娟"
FIRMS = (
    "恒泰机械制造",
    "远洋食品",
    "华信物流",
    "鼎盛建筑工程",
    "绿源农业",
    "金桥贸易",
    "龙凤纺织",
    "长城软件ABC",
    "东方GX3型设备",
    "万里汽车服务",
)
SENTENCES = (
    "借款人应当按照合同约定的期限足额偿还贷款本金及利息",
    "保证人承担连带责任保证，保证期间为主债务履行期限届满之日起三年",
    "抵押物位于开发区后湖大道，建筑面积共计{n}平方米",
    "经现场检查，企业生产经营正常，设备开工率约{n}%",
    "逾期之日起按约定利率加收百分之五十计收罚息",
    "请贵方于收到本函后七日内履行还款义务，逾期我行将依法追究",
    "本院认为，原被告双方签订的金融借款合同合法有效",
    "AI审批编号X{n}，由系统自动生成，复核人zhang.wei@bank.cn",
    "应收账款质押登记证明编号{n}，登记期限五年",
    "客户经理与企业财务负责人面谈，记录如下：流动资金紧张",
)
TRADITIONAL = dict(
    zip(
        "贷证约连责经现场检业设备应账质华龙凤农东车务长",
        "貸證約連責經現場檢業設備應賬質華龍鳳農東車務長",
        strict=True,
    )
)
BRACKETS = (("(", ")"), ("（", "）"), ("〔", "〕"), ("[", "]"), ("【", "】"))
COURTS = ("沪0115", "苏05", "京0105", "鄂01")
CASE_WORDS = ("民初", "执", "执保", "民终")
CATEGORIES = ("QZ", "YJ", "GL", "BQ", "ZH")
MEDIA = ("纸质", "电子", "")
FULL_WIDTH = {ord(c): ord(c) + 0xFEE0 for c in map(chr, range(33, 127))}


@dataclass(frozen=True)
class Paper:
    """A page and the amounts, in yuan, that its generator wrote into it."""

    page: IndexedPage
    amounts: frozenset[Decimal] = field(default_factory=frozenset)


def papers(seed: int, count: int, *, branches: int = 6) -> list[Paper]:
    """Return pages of documents of loans of branches, the same for the same seed."""
    rng = random.Random(seed)
    made: list[Paper] = []
    document_id = 0
    while len(made) < count:
        document_id += 1
        branch = rng.randrange(1, branches + 1)
        loan = f"JJ20{rng.randrange(18, 27)}-{rng.randrange(1, 40):04d}-{branch}"
        customer = customer_name(rng)
        category = rng.choice(CATEGORIES)
        fields = {
            "customer": customer,
            "contract_no": contract_number(rng),
            "id_no": f"4201{rng.randrange(10**13, 10**14)}",
        }
        if rng.random() < 0.4:
            fields["case_no"] = case_number(rng)
        if rng.random() < 0.5:
            fields["doc_no"] = f"鄂农商〔2024〕{rng.randrange(1, 300)}号"
        if media := rng.choice(MEDIA):
            fields["media"] = media
        dated = date(2018, 1, 1) + timedelta(days=rng.randrange(3_000))
        day = dated if rng.random() < 0.85 else None
        title = customer + rng.choice(
            ("借款合同", "催收函", "检查报告", "還款承諾書", "判决书")
        )
        for number in range(1, rng.randrange(1, 5)):
            text, amounts = page_text(rng, customer, fields)
            made.append(
                Paper(
                    IndexedPage(
                        page_id=len(made) + 1,
                        document_id=document_id,
                        loan_no=loan,
                        branch_id=branch,
                        category=category,
                        item_code=f"{category}{rng.randrange(1, 4):02d}",
                        page_no=number,
                        title=title,
                        text=text,
                        doc_date=day,
                        fields=fields,
                    ),
                    frozenset(amounts),
                )
            )
    return made[:count]


def customer_name(rng: random.Random) -> str:
    if rng.random() < 0.4:
        return rng.choice(SURNAMES) + rng.choice(GIVEN) + rng.choice(GIVEN)
    return f"{rng.choice(FIRMS)}有限公司"


def contract_number(rng: random.Random) -> str:
    year, number = rng.randrange(2018, 2027), rng.randrange(1, 9_999)
    opening, closing = rng.choice(BRACKETS)
    return rng.choice(
        (
            f"HT-{year}-{number:04d}",
            f"流借字{opening}{year}{closing}第{number}号",
            f"GD{year}/{number}",
        )
    )


def case_number(rng: random.Random) -> str:
    opening, closing = rng.choice(BRACKETS)
    year, number = rng.randrange(2019, 2027), rng.randrange(1, 9_999)
    return f"{opening}{year}{closing}{rng.choice(COURTS)}{rng.choice(CASE_WORDS)}{number}号"


def page_text(
    rng: random.Random, customer: str, fields: Mapping[str, str]
) -> tuple[str, set[Decimal]]:
    """Return a page with sentences, names, numbers and amounts, laid out badly."""
    pieces: list[str] = []
    amounts: set[Decimal] = set()
    for _ in range(rng.randrange(2, 8)):
        kind = rng.random()
        if kind < 0.5:
            pieces.append(rng.choice(SENTENCES).format(n=rng.randrange(1, 2_000)))
        elif kind < 0.65:
            value = Decimal(rng.randrange(100, 900_000_000)) / 100
            written = rng.choice((f"{value:.2f}元", f"{value:,.2f}", f"{value:,.2f}元"))
            amounts.add(value)
            pieces.append(f"本金合计{written}，")
        elif kind < 0.75:
            whole = rng.randrange(1, 900)
            amounts.add(Decimal(whole) * 10_000)
            pieces.append(f"授信额度{whole}万元。")
        elif kind < 0.85:
            pieces.append(f"案号：{fields.get('case_no') or case_number(rng)}；")
        elif kind < 0.95:
            pieces.append(f"合同编号{fields['contract_no']}，")
        else:
            pieces.append(f"{customer}（以下简称甲方）")
    return spoiled(rng, "".join(pieces)), amounts


def spoiled(rng: random.Random, text: str) -> str:
    """Return the text as real pages have it: broken lines, blanks, wide and old characters."""
    out: list[str] = []
    for char in text:
        shown = char
        if char in TRADITIONAL and rng.random() < 0.15:
            shown = TRADITIONAL[char]
        elif char.isascii() and char.isalpha() and rng.random() < 0.2:
            shown = char.translate(FULL_WIDTH)
        if out and is_han(char) and is_han(out[-1]) and rng.random() < 0.08:
            out.append(rng.choice(("\n", " ", "　", "\r\n", "\n  ")))
        out.append(shown)
    return "".join(out)


def is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"
