"""Versions of templates: uploaded, agreed to by a second person, rolled back, by branch."""

import io

import docx
import pytest
from sqlalchemy import func, select

from postloan_archive.access import branches
from postloan_archive.access.permissions import Permission
from postloan_archive.audit.models import AuditRow
from postloan_archive.kernel.actor import Actor
from postloan_archive.notices import printing, queries, service, template_check
from postloan_archive.notices.letters import LETTERS, DemandLetter
from postloan_archive.notices.models import TemplateVersion
from postloan_archive.notices.service import PlanRun
from postloan_archive.notices.template_errors import (
    NeverPublishedError,
    NothingToFillError,
    NotYourPlaceError,
    ReasonNeededError,
    SamePublisherError,
    TemplateFaultyError,
    TemplateStateError,
    TemplateUnchangedError,
    TemplateVersionNotFoundError,
)
from postloan_archive.notices.template_trials import fill_with_loan
from postloan_archive.notices.template_versions import (
    DecideTemplate,
    UploadTemplate,
    decide,
    end_variant,
    get_version,
    roll_back,
    submit,
    upload,
)
from postloan_archive.notices.templates import in_use, template_bytes
from postloan_archive.wordgen import compare_docx, docx_text
from tests.notices.conftest import LOAN, TODAY

BOTH = frozenset({Permission.TEMPLATE_EDIT, Permission.TEMPLATE_PUBLISH})


def person(name, branch_ids=None):
    return Actor(name=name, permissions=BOTH, branch_ids=branch_ids, categories=None)


ANNA, BORIS = person("anna"), person("boris")


def edited(words="（新版）", name="demand_letter.docx"):
    """The shipped template with a paragraph more."""
    document = docx.Document(io.BytesIO(template_bytes(name)))
    document.paragraphs[5].add_run(words)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def faulty():
    return edited("{{ borower }}")


@pytest.fixture
def publish(new_uow):
    """Upload by one, publish by the other; returns the id of the version."""

    def through(data, *, branch_id=None, code="N02", reason=""):
        with new_uow(actor=ANNA) as uow:
            made = upload(
                uow,
                UploadTemplate(code=code, data=data, file_name="改.docx", branch_id=branch_id),
            )
            submit(uow, made.id)
            number = made.id
        with new_uow(actor=BORIS) as uow:
            decide(uow, DecideTemplate(version_id=number, publish=True, reason=reason))
        return number

    return through


def test_what_ships_is_version_one_of_every_letter(new_uow):
    with new_uow() as uow:
        found = [in_use(uow, letter) for letter in LETTERS]

        assert [(one.number, one.origin, one.state) for one in found] == [
            (1, "shipped", "published")
        ] * len(LETTERS)
        again = [in_use(uow, letter).id for letter in LETTERS]
        assert again == [one.id for one in found]


def test_a_version_is_used_once_a_second_person_agrees(new_uow, publish, issued):
    with new_uow() as uow:
        shipped = in_use(uow, DemandLetter).sha256

    number = publish(edited())

    (one,) = issued(loan_nos=(LOAN,))
    with new_uow() as uow:
        notice = queries.get_notice(uow, one)
        assert notice.template_version_id == number
        assert notice.template_sha256 != shipped
        assert "（新版）" in docx_text(printing.letter_file(uow, notice))


def test_a_letter_of_an_older_version_is_printed_again_as_it_was(new_uow, publish, issued):
    (one,) = issued(loan_nos=(LOAN,))
    with new_uow() as uow:
        before = printing.letter_file(uow, queries.get_notice(uow, one))

    publish(edited())

    with new_uow() as uow:
        assert service.render(uow, queries.get_notice(uow, one)) == before


def test_nobody_publishes_what_he_made(new_uow):
    with new_uow(actor=ANNA) as uow:
        made = upload(uow, UploadTemplate(code="N02", data=edited(), file_name="改.docx"))
        number = made.id
    with new_uow(actor=BORIS) as uow:
        submit(uow, number)
    for actor in (ANNA, BORIS):  # one uploaded it, the other submitted it
        with pytest.raises(SamePublisherError), new_uow(actor=actor) as uow:
            decide(uow, DecideTemplate(version_id=number, publish=True))
    with new_uow(actor=person("clara")) as uow:
        decide(uow, DecideTemplate(version_id=number, publish=True))
        assert in_use(uow, DemandLetter).id == number


def test_a_template_with_faults_is_kept_as_a_draft_and_goes_no_further(new_uow):
    with new_uow(actor=ANNA) as uow:
        number = upload(uow, UploadTemplate(code="N02", data=faulty(), file_name="错.docx")).id
    with pytest.raises(TemplateFaultyError, match="borrower"), new_uow(actor=ANNA) as uow:
        submit(uow, number)


def test_a_file_that_is_no_template_is_not_kept(new_uow):
    with pytest.raises(TemplateFaultyError), new_uow(actor=ANNA) as uow:
        upload(uow, UploadTemplate(code="N02", data=b"PK nothing", file_name="坏.docx"))
    with new_uow() as uow:
        assert uow.session.scalar(select(func.count(TemplateVersion.id))) == 0


def test_the_same_file_is_no_new_version(new_uow):
    data = template_bytes(DemandLetter.template)
    with pytest.raises(TemplateUnchangedError), new_uow(actor=ANNA) as uow:
        upload(uow, UploadTemplate(code="N02", data=data, file_name="同.docx"))


def test_a_refusal_says_why_and_ends_the_version(new_uow):
    with new_uow(actor=ANNA) as uow:
        number = upload(uow, UploadTemplate(code="N02", data=edited(), file_name="改.docx")).id
        submit(uow, number)
    with pytest.raises(ReasonNeededError), new_uow(actor=BORIS) as uow:
        decide(uow, DecideTemplate(version_id=number, publish=False))
    with new_uow(actor=BORIS) as uow:
        decide(uow, DecideTemplate(version_id=number, publish=False, reason="落款有误"))
    with pytest.raises(TemplateStateError), new_uow(actor=BORIS) as uow:
        decide(uow, DecideTemplate(version_id=number, publish=True))
    with new_uow() as uow:
        assert in_use(uow, DemandLetter).origin == "shipped"


def test_an_older_version_comes_back_with_a_reason(new_uow, publish):
    with new_uow() as uow:
        first = in_use(uow, DemandLetter).id
    second, third = publish(edited("二")), publish(edited("三"))
    with new_uow(actor=BORIS) as uow:
        with pytest.raises(ReasonNeededError):
            roll_back(uow, second, " ")
        roll_back(uow, second, "三版有误")
        assert in_use(uow, DemandLetter).id == second
        with pytest.raises(TemplateUnchangedError):
            roll_back(uow, second, "再来")
        roll_back(uow, first, "回到产品附带的")
        assert in_use(uow, DemandLetter).id == first
    with new_uow(actor=BORIS) as uow:
        roll_back(uow, third, "改好了")
        assert in_use(uow, DemandLetter).id == third


def test_what_was_never_published_does_not_come_back(new_uow):
    with new_uow(actor=ANNA) as uow:
        number = upload(uow, UploadTemplate(code="N02", data=edited(), file_name="改.docx")).id
        with pytest.raises(NeverPublishedError):
            roll_back(uow, number, "试试")


def test_a_branch_takes_its_variant_and_others_the_head_office(new_uow, publish, loan):
    del loan
    with new_uow() as uow:
        here = branches.id_of(uow, "0201")
        other = branches.create(uow, branches.CreateBranch(code="0999", name="别的支行")).id
        below = branches.create(
            uow, branches.CreateBranch(code="020109", name="下级网点", parent_id=here)
        ).id
    variant = publish(edited("（支行）"), branch_id=here)

    with new_uow() as uow:
        assert in_use(uow, DemandLetter, here).id == variant
        assert in_use(uow, DemandLetter, below).id == variant  # from the branch above it
        assert in_use(uow, DemandLetter, other).origin == "shipped"
        assert in_use(uow, DemandLetter).origin == "shipped"
        run = service.plan_run(uow, PlanRun(kind="N02", as_of=TODAY, loan_nos=(LOAN,)))
        assert run.notices[0].template_version_id == variant
        text = docx_text(service.preview(uow, run.notices[0]))
        assert "（支行）" in text

    with new_uow(actor=BORIS) as uow:
        end_variant(uow, "N02", here, "统一用总部模板")
        assert in_use(uow, DemandLetter, here).origin == "shipped"
        with pytest.raises(TemplateVersionNotFoundError):
            end_variant(uow, "N02", here, "再停一次")


def test_a_branch_changes_only_its_own(new_uow, loan):
    del loan
    with new_uow() as uow:
        here = branches.id_of(uow, "0201")
        other = branches.create(uow, branches.CreateBranch(code="0999", name="别的支行")).id
    mine = person("dora", frozenset({here}))
    for place in (None, other):
        with pytest.raises(NotYourPlaceError), new_uow(actor=mine) as uow:
            upload(
                uow,
                UploadTemplate(code="N02", data=edited(), file_name="改.docx", branch_id=place),
            )
    with new_uow(actor=mine) as uow:
        number = upload(
            uow, UploadTemplate(code="N02", data=edited(), file_name="改.docx", branch_id=here)
        ).id
    stranger = person("emil", frozenset({other}))
    with pytest.raises(TemplateVersionNotFoundError), new_uow(actor=stranger) as uow:
        get_version(uow, number)


def test_a_new_edition_of_the_product_is_used_until_the_bank_has_its_own(
    new_uow, publish, monkeypatch
):
    with new_uow() as uow:
        assert in_use(uow, DemandLetter).number == 1
    monkeypatch.setattr(
        "postloan_archive.notices.templates.template_bytes",
        lambda _: edited("（产品二版）"),
    )
    with new_uow() as uow:
        assert (in_use(uow, DemandLetter).number, in_use(uow, DemandLetter).origin) == (
            2,
            "shipped",
        )
    own = publish(edited("（本行）"))
    monkeypatch.setattr(
        "postloan_archive.notices.templates.template_bytes",
        lambda _: edited("（产品三版）"),
    )
    with new_uow() as uow:
        assert in_use(uow, DemandLetter).id == own


def test_each_step_leaves_a_line_in_the_trail(new_uow, publish):
    publish(edited(), reason="核对无误")

    with new_uow() as uow:
        acts = uow.session.scalars(
            select(AuditRow.event).where(AuditRow.event.startswith("notices.template"))
        ).all()
        assert set(acts) >= {
            "notices.template_shipped",
            "notices.template_uploaded",
            "notices.template_submitted",
            "notices.template_published",
        }


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.code)
def test_a_version_is_tried_with_a_loan_and_nothing_is_kept(letter, new_uow, loan):
    del loan
    with new_uow() as uow:
        found = in_use(uow, letter)
        try:
            trial = fill_with_loan(uow, found, LOAN)
        except NothingToFillError:
            assert letter.code == "N16"  # no maximum security in this file
            return
        assert "试填" in docx_text(trial.docx)
        assert queries.count_runs(uow) == 0


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.code)
def test_the_reference_names_type_sample_and_duty_of_every_field(letter):
    rows = template_check.fields_of(letter, ())

    assert all(row.sample and row.label != row.name for row in rows)
    assert {row.kind for row in rows} <= set(template_check.KIND_LABELS)
    assert any(row.required for row in rows)


def test_a_template_that_leaves_out_a_duty_is_told():
    document = docx.Document()
    document.add_paragraph("{{ borrower }}")
    out = io.BytesIO()
    document.save(out)

    absent = {row.name for row in template_check.missing_required(DemandLetter, out.getvalue())}

    assert "contract_no" in absent
    assert "borrower" not in absent


def test_a_comparison_shows_changed_added_and_removed_paragraphs():
    def file(*lines):
        document = docx.Document()
        for line in lines:
            document.add_paragraph(line)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()

    found = compare_docx(
        file("一", "请于十日内归还", "三", "四"), file("一", "请于七日内归还", "四", "五")
    )

    kinds = [line.kind for line in found.lines]
    assert kinds == ["same", "changed", "removed", "same", "added"]
    changed = found.lines[1]
    assert [piece.text for piece in changed.new if piece.changed] == ["七"]
    assert compare_docx(file("一"), file("一")).changes == 0
