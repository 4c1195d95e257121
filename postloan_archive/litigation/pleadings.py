"""The court papers beside the complaint as dataclasses: their blanks are the keys of R-H02a.

One table of keys (`rules.papers`) is the truth of what a paper must say; the class of a paper
is made from it, so that class, Word file and check cannot drift apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass, make_dataclass
from typing import ClassVar, Final, cast

from postloan_archive.litigation.papers import Paper
from postloan_archive.litigation.rules.blanks import BlankKind, blanks_of
from postloan_archive.litigation.rules.papers import ALL_PAPERS

STEMS: Final[Mapping[str, str]] = {  # code: name of the Word file
    "P02": "payment_order",
    "P03": "preservation_application",
    "P06": "security_realisation",
    "P07": "appeal",
    "P08": "withdrawal",
    "P09": "jurisdiction_opinion",
    "P10": "evidence_extension",
    "P11": "investigation_order",
    "P12": "public_notice_service",
    "P13": "claim_change",
    "P14": "party_addition",
    "P15": "preservation_security",
    "P16": "reconsideration",
    "P17": "supervision",
    "P18": "retrial",
    "P19": "fee_refund",
    "P20": "mediation_confirmation",
    "X01": "enforcement_application",
    "X02": "enforcement_resumption",
    "X03": "distribution_application",
    "X04": "enforced_party_change",
    "X05": "asset_leads",
    "X06": "valuation_auction",
    "X07": "debt_asset",
    "X08": "consumption_limits",
    "X09": "enforcement_objection",
    "X10": "settlement_agreement",
    "X11": "outsider_suit",
    "X12": "bankruptcy_claim",
    "X13": "plan_objection",
    "P01K": "card_complaint",
    "P01B": "guarantee_complaint",
    "A04": "firm_letter",
    "A05": "service_address",
    "A09": "receiving_account",
    "A10": "employment_certificate",
    "A11": "effectiveness_certificate",
}
LISTS: Final = frozenset({BlankKind.PARTY, BlankKind.TEXT})  # printed as paragraphs


def _paper(code: str, stem: str) -> type[Paper]:
    fields = [
        (blank.key, tuple[str, ...] if blank.kind in LISTS else str)
        for blank in blanks_of(code)
    ]
    made = make_dataclass(
        f"Paper{code}",
        fields,
        bases=(Paper,),
        frozen=True,
        slots=True,
        kw_only=True,
        namespace={"template": f"{stem}.docx", "code": code, "title": ALL_PAPERS[code].title},
    )
    made.__module__ = __name__
    return cast("type[Paper]", made)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetRow:
    """One line of the list of assets."""

    no: str
    type: str
    identifier: str
    location: str
    holder: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetList(Paper):
    """A08 被保全财产清单."""

    template: ClassVar[str] = "asset_list.docx"
    code: ClassVar[str] = "A08"
    title: ClassVar[str] = "被保全财产清单"
    applicant_name: str
    cause: str
    rows: tuple[AssetRow, ...]
    date: str


PLEADINGS: Final[Mapping[str, type[Paper]]] = {
    code: _paper(code, stem) for code, stem in STEMS.items()
}
