"""Deadlines of disposal: to file a claim in bankruptcy, to sell an asset that was taken."""

from collections.abc import Iterator
from datetime import date

from postloan_archive.disposal.models import BankruptcyClaim, Disposal, ForeclosedAsset
from postloan_archive.disposal.rules import (
    ASSET_TERM,
    CLAIM_PERIOD,
    OPEN,
    AssetKind,
    asset_deadline,
)
from postloan_archive.disposal.rules import (
    State as Stands,
)
from postloan_archive.kernel.law import Citation, Due
from postloan_archive.worklist.rules.computed import (
    COMPUTED,
    COURT_DOCUMENT,
    Computed,
    Ended,
    State,
)
from postloan_archive.worklist.rules.kinds import Kind
from postloan_archive.worklist.sources.as_of import AsOf
from postloan_archive.worklist.sources.facts import LoanFile


def deadlines(file: LoanFile, at: AsOf) -> Iterator[Computed]:
    """Yield the last day of each claim to file and of each asset to sell."""
    for claim, proposal in file.claims:
        yield _claim(file, claim, proposal, at)
    for asset in file.assets:
        if asset.sell_by is not None:
            yield _asset(file, asset, asset.sell_by, at)


def _claim(file: LoanFile, claim: BankruptcyClaim, proposal: Disposal, at: AsOf) -> Computed:
    ended: Ended | None = None
    if claim.filed_on is not None:
        ended = Ended(
            state=State.DONE,
            on=claim.filed_on,
            why=f"已于 {claim.filed_on} 申报债权。",
            document_id=claim.filed_document_id,
        )
    elif Stands(proposal.state) not in OPEN:
        ended = Ended(
            state=State.STRUCK, on=at.day, why=f"处置 {proposal.disposal_no} 已终止。"
        )
    return Computed(
        key=f"bankruptcy_claim:{claim.id}:file",
        kind=Kind.FILING,
        rule="R-B56",
        subject=f"disposal:{proposal.id}",
        title=f"向{claim.court}破产程序申报债权（以公告载明的期限为准）",
        due=_due(
            claim.file_by, CLAIM_PERIOD, (f"法院公告载明的申报截止日 {claim.file_by}",), at
        ),
        trigger=f"{claim.court}受理破产申请",
        trigger_on=claim.announced_on or claim.accepted_on,
        source=COURT_DOCUMENT,
        owner=file.owner,
        ended=ended,
    )


def _asset(file: LoanFile, asset: ForeclosedAsset, sell_by: date, at: AsOf) -> Computed:
    limit = asset_deadline(AssetKind(asset.kind), asset.acquired_on)
    ended = None
    if asset.sold_on is not None:
        ended = Ended(state=State.DONE, on=asset.sold_on, why=f"已于 {asset.sold_on} 处置。")
    return Computed(
        key=f"foreclosed_asset:{asset.id}:sell",
        kind=Kind.OTHER,
        rule="R-B55",
        subject=f"disposal:{asset.disposal_id}",
        title=f"处分抵债资产：{asset.description}",
        due=_due(sell_by, ASSET_TERM, limit.steps if limit else (), at),
        trigger=f"取得抵债资产（{asset.source}）",
        trigger_on=asset.acquired_on,
        source=COMPUTED,
        owner=file.owner,
        ended=ended,
    )


def _due(day: date, basis: Citation, steps: tuple[str, ...], at: AsOf) -> Due:
    """Return a day that rest days do not extend; one plans for the working day before it."""
    return Due(
        nominal=day,
        legal=day,
        safe=at.calendar.safe_day(day),
        provisional=False,
        basis=(basis,),
        steps=steps,
        calendar_edition=at.calendar.edition,
    )
