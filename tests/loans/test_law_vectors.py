"""Every worked example of group D that is not plain counting."""

from datetime import date

import pytest

from postloan_archive.loans.rules import guarantee, limitation, proof
from tests.law_vectors import vectors


def day(text):
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize("vector", vectors("D", "limitation_start"))
def test_the_anchors_are_as_the_worked_example_says(vector):
    given = vector["input"]
    start = limitation.limitation_start(
        [day(text) for text in given["installments"]], day(given["accelerated"])
    )
    assert {
        "legal_anchor": start.legal_anchor.isoformat(),
        "conservative_anchor": start.conservative_anchor.isoformat(),
    } == vector["expected"]


@pytest.mark.parametrize("vector", vectors("D", "guarantee_period_clause"))
def test_the_guarantee_period_is_as_the_worked_example_says(vector):
    given = vector["input"]
    period = guarantee.guarantee_period(
        day(given["main_due"]),
        clause_end=day(given.get("clause_end")),
        clause=given.get("clause"),
    )
    assert {
        "treated_as": period.treated_as.value,
        "last_day": period.last_day.isoformat(),
    } == vector["expected"]


@pytest.mark.parametrize("vector", vectors("D", "guarantee_right_exercised"))
def test_the_right_is_kept_as_the_worked_example_says(vector):
    given = vector["input"]
    acts = [
        guarantee.Act(
            kind=guarantee.ActKind(act["act"]),
            on=day(act.get("arrived") or act.get("filed") or act.get("date")),
            guarantor=act.get("guarantor"),
            copy_served=day(act.get("copy_served")),
            sent=day(act.get("sent")),
        )
        for act in given["acts"]
    ]
    kept = guarantee.guarantee_right_exercised(
        guarantee.GuaranteeKind(given["type"]),
        day(given["period_end"]),
        acts,
        given.get("guarantor"),
    )
    assert kept.value is vector["expected"]["guarantor_liable"]


@pytest.mark.parametrize("vector", vectors("D", "guarantor_signs_after_expiry"))
def test_a_guarantors_late_signature_is_as_the_worked_example_says(vector):
    given = vector["input"]
    signed = guarantee.guarantor_signs_after_expiry(
        period_end=day(given["period_end"]),
        signed_notice=day(given["signed_notice"]),
        new_guarantee_contract=given["new_guarantee_contract"],
    )
    assert signed.value is vector["expected"]["guarantor_liable"]


@pytest.mark.parametrize("vector", vectors("D", "debtor_signs_after_limitation"))
def test_a_debtors_late_signature_is_as_the_worked_example_says(vector):
    given = vector["input"]
    signed = limitation.debtor_signs_after_limitation(
        limitation_end=day(given["limitation_end"]), signed_demand=day(given["signed_demand"])
    )
    assert signed.value is vector["expected"]["defence_waived"]


def proof_of(given):
    match given["channel"].casefold():
        case "ems":
            return proof.Ems(agreed=given["address"] == "agreed", track=given["track"])
        case "sms":
            return proof.Message(
                agreed=given["number"] == "agreed", delivery_report=given["delivery_report"]
            )
        case "phone":
            return proof.Phone(recorded=given["recorded"])
    raise AssertionError(given)


@pytest.mark.parametrize("vector", vectors("D", "proof_level"))
def test_a_proof_is_as_strong_as_the_worked_example_says(vector):
    level = proof.proof_level(proof_of(vector["input"]))
    assert {
        "level": level.level.value,
        "resets_limitation": level.resets_limitation,
    } == vector["expected"]
