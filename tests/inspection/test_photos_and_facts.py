"""Photos in the report, forms by product, facts behind the class, collateral that runs out."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from PIL import Image

from postloan_archive.archive import queries as archive
from postloan_archive.inspection import queries
from postloan_archive.inspection.errors import RiskFactError
from postloan_archive.inspection.photos import (
    MOST,
    PhotoError,
    TooManyPhotosError,
    jpeg_size,
    take,
)
from postloan_archive.inspection.questions import FormKind, form_kind, questions
from postloan_archive.inspection.rules import InspectionKind, observation_end
from postloan_archive.inspection.service import classes, facts, inspections, signals
from postloan_archive.inspection.service.facts import NoteFact
from postloan_archive.inspection.service.inspections import MakeInspection
from postloan_archive.loans import amending, collateral
from postloan_archive.loans import queries as loans
from postloan_archive.loans.amending import AmendPlan
from postloan_archive.loans.collateral import (
    AskedCollateral,
    CollateralNotFoundError,
    Revalue,
    RevaluedMeanwhileError,
    ValuedEarlierError,
    ValuedInFutureError,
    WorthNothingError,
)
from postloan_archive.loans.rules.ageing import RiskClass
from postloan_archive.loans.rules.new_plan import Method, NewPlan
from postloan_archive.loans.service import NewCollateral
from postloan_archive.reading import Limits
from tests.builders import a_customer
from tests.reports.conftest import TODAY, late, refresh

pytestmark = pytest.mark.usefixtures("ledger")
MONTH = "2026-11"


def picture(form="JPEG", size=(80, 40), *, turned=False) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", size, "green")
    exif = image.getexif()
    if turned:
        exif[0x0112] = 6  # taken upright with a phone held upright
    image.save(out, form, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(
    ("product", "customer", "form"),
    [
        ("国家助学贷款", "person", FormKind.STUDENT),
        ("房地产开发贷款", "company", FormKind.DEVELOPMENT),
        ("流动资金贷款", "company", FormKind.COMPANY),
        ("个人住房贷款", "person", FormKind.PERSON),
        ("房地产开发贷款", "person", FormKind.PERSON),
    ],
)
def test_the_form_follows_the_product(product, customer, form):
    assert form_kind(product, customer) is form


def test_a_development_is_asked_for_progress_and_escrow():
    keys = {one.key for one in questions(InspectionKind.REGULAR, FormKind.DEVELOPMENT)}
    assert {"progress", "progress_fits", "escrow", "escrow_balance", "operating"} <= keys


def test_photos_are_shown_upright():
    (photo,) = take([("门头.jpg", picture(turned=True))], Limits())
    width, height = jpeg_size(photo.shown)
    assert (width < height, photo.ratio > 1) == (True, True)
    with pytest.raises(ValueError, match=r"\\xff"):
        jpeg_size(b"\xff\xd8\xff\xd9")


def test_what_is_no_photo_is_refused():
    for data in (b"%PDF-1.4", b"\xff\xd8\xff broken", b""):
        with pytest.raises(PhotoError):
            take([("x.jpg", data)], Limits())
    with pytest.raises(TooManyPhotosError):
        take([("x.png", picture("PNG"))] * (MOST + 1), Limits())
    assert take([("", b"")], Limits()) == ()


def test_photos_go_into_the_file_and_behind_the_report(acting):
    shots = take([("门头.jpg", picture()), ("厂房.png", picture("PNG", (30, 60)))], Limits())
    asked = questions(InspectionKind.REGULAR, FormKind.PERSON)
    with acting("account_manager") as uow:
        made = inspections.make(
            uow,
            MakeInspection(
                loan_no="JJ1",
                kind=InspectionKind.REGULAR,
                made_on=TODAY,
                answers={one.key: (one.choices or ("见底稿",))[0] for one in asked},
                conclusion="正常",
                photos=shots,
            ),
        )
        assert len(made.photo_ids) == 2
        report = archive.get_document(uow, made.document_id)
        filed = archive.get_document(uow, made.photo_ids[0])
        assert filed.item_code == report.item_code == "GL09"
        assert uow.vault.read(filed.sha256) == shots[0].data
        with zipfile.ZipFile(io.BytesIO(uow.vault.read(report.sha256))) as word:
            assert sum(name.startswith("word/media/") for name in word.namelist()) == 2


def test_an_inspection_with_photos_on_the_page(browser):
    manager = browser("account_manager")
    page = manager.get("/loans/JJ1/inspections/new?kind=日常检查").get_data(as_text=True)
    assert 'capture="environment"' in page
    asked = questions(InspectionKind.REGULAR, FormKind.PERSON)
    sent = {f"q-{one.key}": (one.choices or ("见底稿",))[0] for one in asked} | {
        "kind": "日常检查",
        "made_on": "2026-11-24",
        "conclusion": "正常",
    }
    bad = manager.post(
        "/loans/JJ1/inspections/new",
        sent | {"photos": (io.BytesIO(b"no photo"), "x.jpg")},
        content_type="multipart/form-data",
    )
    assert bad.status_code == 422
    assert "不是可识别的照片" in bad.get_data(as_text=True)
    good = manager.post(
        "/loans/JJ1/inspections/new",
        sent | {"photos": (io.BytesIO(picture()), "x.jpg")},
        content_type="multipart/form-data",
    )
    assert good.status_code == 302
    assert "照片 1" in manager.get("/loans/JJ1/inspections").get_data(as_text=True)


@pytest.mark.parametrize(
    ("dues", "missed", "end"),
    [
        ([], None, date(2027, 1, 15)),
        ([date(2026, 2, 15), date(2026, 3, 15), date(2026, 4, 15)], None, date(2027, 2, 15)),
        (  # yearly payments: two periods are longer than a year
            [date(2027, 1, 15), date(2028, 1, 15), date(2029, 1, 15)],
            None,
            date(2029, 1, 15),
        ),
        (  # a missed payment starts it anew
            [date(2026, 2, 15), date(2026, 3, 15)],
            date(2026, 3, 15),
            date(2027, 3, 15),
        ),
    ],
)
def test_a_restructured_loan_is_observed(dues, missed, end):
    assert observation_end(date(2026, 1, 15), dues, missed).value == end


def decision(uow, loan_no):
    loan = loans.get_loan(uow, loan_no)
    return next(row for row in queries.history_of(uow, loan.id) if row.month == MONTH)


def test_facts_set_a_floor_until_they_end(acting):
    with acting("account_manager") as uow:
        row = facts.note_fact(
            uow, NoteFact(loan_no="JJ1", name="credit_impaired", note="减值测试")
        )
        facts.note_fact(
            uow, NoteFact(loan_no="JJ1", name="ecl_ratio", note="减值测试", value="55%")
        )
        number = row.id
        for wrong in ("120", "-1", "NaN", "很多", ""):
            with pytest.raises(RiskFactError):
                facts.note_fact(
                    uow, NoteFact(loan_no="JJ1", name="ecl_ratio", note="x", value=wrong)
                )
        with pytest.raises(RiskFactError):
            facts.note_fact(uow, NoteFact(loan_no="JJ1", name="restructured", note="x"))
    with acting("legal") as uow:
        classes.propose(uow, MONTH)
        assert decision(uow, "JJ1").floor == "可疑"
        facts.end_fact(uow, number, "减值已转回")
        classes.propose(uow, MONTH)
        assert decision(uow, "JJ1").floor == "关注"  # the ratio counts only with impairment


def test_a_restructuring_is_at_least_watched_and_a_second_is_substandard(acting, new_uow):
    def amend(uow):
        amending.amend(
            uow,
            AmendPlan(
                loan_id=loans.get_loan(uow, "JJ1").id,
                kind="restructuring",
                plan=NewPlan(
                    effective_on=TODAY,
                    due_on=date(2027, 11, 24),
                    method=Method.EQUAL_PRINCIPAL,
                    months=12,
                    first_due_on=date(2026, 12, 24),
                ),
                reference="CZ",
            ),
        )

    with new_uow() as uow:
        amend(uow)
    with acting("legal") as uow:
        classes.propose(uow, MONTH)
        row = decision(uow, "JJ1")
        assert row.floor == "关注"
        assert any("观察" in one for one in row.reasons)
    with new_uow() as uow:
        amend(uow)
    with acting("legal") as uow:
        classes.propose(uow, MONTH)
        assert decision(uow, "JJ1").floor == "次级"


@pytest.fixture
def security(new_uow):
    """JJ7 with a flat worth 125,000, its insurance about to end; the id."""
    with new_uow() as uow:
        provider = a_customer(uow)
        late(
            uow,
            "JJ7",
            -100,
            collateral=(
                NewCollateral(
                    provider_id=provider,
                    kind="mortgage_real_estate",
                    contract_no="抵1",
                    signed_on=date(2026, 1, 1),
                    description="某路 1 号",
                    value=Decimal(125_000),
                    facts={
                        "valued_on": date(2025, 11, 1),
                        "insured_until": date(2026, 12, 1),
                    },
                ),
            ),
        )
    refresh(new_uow)
    with new_uow() as uow:
        (row,) = collateral.register(uow, AskedCollateral(word="JJ7"))
        return row.id


def test_the_register_says_what_runs_out_and_what_it_covers(acting, security):
    with acting("account_manager") as uow:
        (row,) = collateral.register(
            uow, AskedCollateral(valued_before=(date(2025, 11, 24), date(2026, 8, 24)))
        )
        assert row.ltv == Decimal("80.00")
        assert queries.revalue_by(row.kind, row.valued_on, queries.intervals_of(uow)) == date(
            2026, 11, 1
        )
        assert collateral.total_value(uow, AskedCollateral()) == Decimal(125_000)
    with acting("other_branch") as uow:
        assert collateral.register(uow, AskedCollateral()) == []
        with pytest.raises(CollateralNotFoundError):
            collateral.get_collateral(uow, security)


@pytest.mark.usefixtures("security")
def test_insurance_about_to_end_is_a_signal_once(new_uow, acting):
    with new_uow() as uow:
        signals.find_signals(uow, TODAY)
        assert signals.find_signals(uow, TODAY) == 0
    with acting("account_manager") as uow:
        loan = loans.get_loan(uow, "JJ7")
        (row,) = [one for one in queries.signals_of(uow, loan.id) if one.kind == "押品"]
        assert "2026-12-01" in row.text
        taken = signals.take_up(uow, row.id, "account_manager", "催办续保")
        assert (taken.owner, taken.closed_on) == ("account_manager", None)


def test_a_new_value_keeps_the_old_one_in_the_trail(acting, security):
    cmd = Revalue(
        collateral_id=security,
        value=Decimal(100_000),
        valued_on=TODAY,
        insured_until=date(2027, 12, 1),
        registered_until=None,
        basis="评估报告",
    )
    with acting("account_manager") as uow:
        collateral.revalue(uow, cmd)
        (row,) = collateral.register(uow, AskedCollateral(word="JJ7"))
        assert row.ltv == Decimal("100.00")
        with pytest.raises(ValuedInFutureError):
            collateral.revalue(
                uow,
                Revalue(
                    collateral_id=security,
                    value=Decimal(1),
                    valued_on=date(2026, 11, 25),
                    insured_until=None,
                    registered_until=None,
                    basis="x",
                ),
            )


def test_the_pages(browser, security):
    manager, lead = browser("account_manager"), browser("legal")
    for path in (
        "/collateral",
        "/collateral?view=insurance&q=JJ7",
        "/collateral?view=value&kind=²&branch=x",
        "/collateral/register.xlsx",
        f"/collateral/{security}",
        "/inspections",
        "/classification?state=proposed&branch=²&changed=1&proposed=关注",
        "/classification.xlsx",
    ):
        assert manager.get(path).status_code == 200, path
    assert manager.get("/classification?month=²").status_code == 422
    assert manager.get("/collateral/99999").status_code == 404
    sent = {"value": "11万", "valued_on": "2026.11.20", "basis": "评估报告"}
    assert manager.post(f"/collateral/{security}", sent).status_code == 302
    assert "110,000.00" in manager.get("/collateral").get_data(as_text=True)
    here = "/loans/JJ7/risk-facts"
    assert manager.post(here, {"name": "funds_misused", "note": "挪用"}).status_code == 302
    assert "未按用途使用" in manager.get("/loans/JJ7/inspections").get_data(as_text=True)
    assert manager.post("/risk-facts/1/end", {"why": "已收回"}).status_code == 403
    assert lead.post("/risk-facts/1/end", {"why": "已收回"}).status_code == 302
    assert lead.post("/classification/propose").status_code == 302
    assert "JJ7" in lead.get("/classification").get_data(as_text=True)
    assert RiskClass.NORMAL in lead.get("/classification").get_data(as_text=True)


@pytest.mark.usefixtures("security")
def test_signals_entered_meanwhile_are_not_entered_twice(new_uow):
    with new_uow() as uow:
        found = signals.look_for_signals(uow, TODAY)
    with new_uow() as uow:
        first = signals.enter_signals(uow, found, TODAY)
    with new_uow() as uow:
        assert signals.enter_signals(uow, found, TODAY) == 0
        assert signals.look_for_signals(uow, TODAY) == []
    assert first == len(found) > 0


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"valued_on": date(2025, 10, 31)}, ValuedEarlierError),
        ({"value": Decimal(0)}, WorthNothingError),
        ({"seen": "1.00|2020-01-01||"}, RevaluedMeanwhileError),
    ],
)
def test_a_value_goes_forward_and_over_no_other_persons_value(acting, security, changes, error):
    values = {
        "collateral_id": security,
        "value": Decimal(100_000),
        "valued_on": TODAY,
        "insured_until": None,
        "registered_until": None,
        "basis": "评估报告",
    }
    with acting("account_manager") as uow, pytest.raises(error):
        collateral.revalue(uow, Revalue(**values | changes))
