"""Papers of courts as courts set them: what is read from each, and where it stands."""

from datetime import date, time
from decimal import Decimal

import pytest

from postloan_archive.court_papers.rules.flat import FlatText
from postloan_archive.court_papers.rules.kinds import PaperKind
from postloan_archive.court_papers.rules.reading import Field, read_court_paper

FEE_NOTICE = """
            江苏省南京市玄武区人民法院
              交纳诉讼费用通知书
                    （2026）苏0102民初1203号
南京某某银行股份有限公司：
    你方与南京恒某纺织有限公司金融借款合同纠纷一案，案件受理费人民币
１３８００元，财产保全费5,000元。限你方自接到本通知次日起七日内向本院预交，
逾期不交的，按自动撤回起诉处理。
                                     二〇二六年三月五日
"""
ACCEPTANCE = """江苏省南京市玄武区人民法院
受理案件通知书
（2026）苏0102民初1203号
南京某某银行股份有限公司：
你方诉南京恒某纺织有限公司金融借款合同纠纷一案的起诉状已收到。经审查，
起诉符合法定受理条件，本院已于2026年3月2日登记立案。
承办法官：王小明    联系电话：025-00000000
二〇二六年三月三日
"""
PRESERVATION = """江苏省南京市玄武区人民法院
民 事 裁 定 书
(2026)苏0102财保45号
申请人：南京某某银行股份有限公司，住所地南京市玄武区某路1号。
被申请人：南京恒某纺织有限公司，住所地南京市某区某路2号。
申请人南京某某银行股份有限公司于2026年2月1日向本院申请诉前财产保全。
依照《中华人民共和国民事诉讼法》第一百零四条规定，裁定如下：
冻结被申请人南京恒某纺织有限公司名下银行存款1,200,000元，期限一年，自
2026年2月3日起至2027年2月2日止。
案件申请费5000元，由申请人负担。
审判员 李 某 某
二〇二六年二月二日
书记员 赵某
"""
TERMINATED = """江苏省南京市玄武区人民法院
执 行 裁 定 书
（2026）苏0102执2210号之一
申请执行人：南京某某银行股份有限公司。
被执行人：南京恒某纺织有限公司。
本院在执行（2025）苏0102民初998号民事判决一案中，未发现可供执行的财产。
裁定如下：
终结本次执行程序。
申请执行人发现被执行人有可供执行财产的，可以再次申请执行。
审判长 钱某
二〇二六年九月三十日
"""
APPEAL = """江苏省南京市中级人民法院
民事判决书
（2026）苏01民终3321号
上诉人（原审被告）：南京恒某纺织有限公司。
被上诉人（原审原告）：南京某某银行股份有限公司。
判决如下：
驳回上诉，维持原判。
二审案件受理费13800元，由南京恒某纺织有限公司负担。
本判决为终审判决。
审判长 孙某
二〇二六年十一月二日
"""
SUMMONS = """江苏省南京市玄武区人民法院
传  票
案号 （2026）苏0102民初1203号
案由 金融借款合同纠纷
被传唤人 南京某某银行股份有限公司
传唤事由 开庭
应到时间 2026年4月8日下午2时30分
应到处所 第五法庭
"""
PAYMENT_ORDER = """江苏省南京市玄武区人民法院
支 付 令
（2026）苏0102民督12号
申请人：南京某某银行股份有限公司。
被申请人：陈某。
被申请人应当自收到本支付令之日起十五日内，给付申请人借款本金35000元。
申请费108元，由被申请人负担。
二〇二六年五月六日
"""
ENFORCEMENT = """江苏省南京市玄武区人民法院
受理执行案件通知书
（2026）苏0102执2210号
南京某某银行股份有限公司：
你方申请执行南京恒某纺织有限公司金融借款合同纠纷一案，本院于2026年6月1日立案执行。
执行员：周某
二〇二六年六月二日
"""


def first(paper, field):
    found = paper.first(field)
    return None if found is None else found.value


@pytest.mark.parametrize(
    ("text", "kind", "procedure", "values"),
    [
        (
            FEE_NOTICE,
            PaperKind.FEE_NOTICE,
            "first",
            {
                Field.COURT: "江苏省南京市玄武区人民法院",
                Field.NUMBER: "（2026）苏0102民初1203号",
                Field.FEE: Decimal("13800.00"),
                Field.PRESERVATION_FEE: Decimal("5000.00"),
                Field.DAYS_TO_PAY: 7,
                Field.MADE_ON: date(2026, 3, 5),
            },
        ),
        (
            ACCEPTANCE,
            PaperKind.ACCEPTANCE,
            "first",
            {
                Field.DOCKETED_ON: date(2026, 3, 2),
                Field.JUDGE: "王小明",
                Field.MADE_ON: date(2026, 3, 3),
            },
        ),
        (
            PRESERVATION,
            PaperKind.PRESERVATION_RULING,
            "preservation",
            {
                Field.NUMBER: "（2026）苏0102财保45号",
                Field.SEIZED_FROM: date(2026, 2, 3),
                Field.SEIZED_UNTIL: date(2027, 2, 2),
                Field.JUDGE: "李某某",
                Field.MADE_ON: date(2026, 2, 2),
            },
        ),
        (
            TERMINATED,
            PaperKind.TERMINATED_THIS_TIME,
            "enforcement",
            {
                Field.NUMBER: "（2026）苏0102执2210号之一",
                Field.OTHER_NUMBER: "（2025）苏0102民初998号",
                Field.MADE_ON: date(2026, 9, 30),
            },
        ),
        (
            APPEAL,
            PaperKind.APPEAL_JUDGMENT,
            "second",
            {Field.FEE: Decimal("13800.00"), Field.COURT: "江苏省南京市中级人民法院"},
        ),
        (
            SUMMONS,
            PaperKind.SUMMONS,
            "first",
            {Field.HEARING_ON: date(2026, 4, 8), Field.HEARING_AT: time(14, 30)},
        ),
        (
            PAYMENT_ORDER,
            PaperKind.PAYMENT_ORDER,
            "payment_order",
            {Field.PRINCIPAL: Decimal("35000.00"), Field.DAYS_TO_PERFORM: 15},
        ),
        (
            ENFORCEMENT,
            PaperKind.ENFORCEMENT_ACCEPTED,
            "enforcement",
            {Field.DOCKETED_ON: date(2026, 6, 1), Field.JUDGE: "周某"},
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, PaperKind) else "",
)
def test_papers_are_read(text, kind, procedure, values):
    paper = read_court_paper([text])
    assert (paper.kind, paper.procedure) == (kind, procedure)
    assert {field: first(paper, field) for field in values} == values


def test_parties_have_their_roles():
    paper = read_court_paper([PRESERVATION])
    assert [(one.role, one.value) for one in paper.all(Field.PARTY)] == [
        ("申请人", "南京某某银行股份有限公司"),
        ("被申请人", "南京恒某纺织有限公司"),
    ]
    paper = read_court_paper([APPEAL])
    assert [one.role for one in paper.all(Field.PARTY)] == ["上诉人", "被上诉人"]


def test_blanks_of_recognition_change_nothing():
    spaced = "\n".join(" ".join(line) for line in FEE_NOTICE.splitlines())
    tight, loose = read_court_paper([FEE_NOTICE]), read_court_paper([spaced])
    assert [(one.field, one.value) for one in loose.found] == [
        (one.field, one.value) for one in tight.found
    ]


def test_every_find_stands_where_it_says():
    pages = [PRESERVATION[:120], PRESERVATION[120:]]
    for one in read_court_paper(pages).found:
        text = pages[one.place.page - 1][one.place.start : one.place.end]
        assert FlatText([text]).text in one.words  # cut where the page ends, no other change


def test_a_paper_of_nobody_is_no_paper():
    paper = read_court_paper(["贷后检查报告\n检查日期 2026年3月5日", ""])
    assert paper.kind is None
    assert read_court_paper([]).found == ()


def test_a_contract_that_mentions_courts_is_no_court_paper():
    text = "保证合同\n因本合同发生争议，向甲方住所地人民法院提起诉讼。判决书送达之日起生效。"
    assert read_court_paper(["封面", "目录 " * 40 + text]).kind is None


@pytest.mark.parametrize(
    "bad", ["2026年13月40日", "（9999）苏0102民初1号号号", "受理费9" * 500]
)
def test_nonsense_is_no_fault(bad):
    read_court_paper([f"人民法院 判决书 {bad}"] * 3)


def test_a_long_text_is_read_in_time_of_its_length():
    text = "人民法院民事判决书（2026）" + "原告：张三与被告李四于二〇二六年" * 8_000
    read_court_paper([text])  # a pattern that doubles back would not come to an end
