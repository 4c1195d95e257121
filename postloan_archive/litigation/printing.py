"""The list for the printer: which file, how many pages, in how many sets."""

from postloan_archive.bundle import BundleResult
from postloan_archive.litigation.planning import Plan
from postloan_archive.sheets import Cell, Column, Kind, Table, workbook

TITLE = "打印清单"


def print_list(plan: Plan, result: BundleResult, volumes: tuple[tuple[str, int], ...]) -> bytes:
    """Return the workbook: bundle first, then each paper and exhibit with its pages.

    Each set goes to the court or to a party; one more stays with us. The seal across the pages
    covers all pages of a set.
    """
    sets = plan.sets + 1
    rows: list[tuple[Cell, ...]] = []
    first = 1
    for name, pages in volumes:
        rows.append(
            (
                len(rows) + 1,
                name,
                f"{first}–{first + pages - 1}",
                pages,
                sets,
                pages * sets,
                "双面；每套加盖骑缝章",
            )
        )
        first += pages
    for placed in (*result.pleadings, *result.exhibits):
        title = f"{placed.label} {placed.title}".strip()
        signed = placed in result.pleadings
        rows.append(
            (
                len(rows) + 1,
                title,
                f"{placed.first}–{placed.last}",
                placed.pages,
                sets,
                None,
                "已含在合订本内；单面，末页签章" if signed else "已含在合订本内",
            )
        )
    total = sum(pages for _name, pages in volumes) * sets
    table = Table(
        columns=(
            Column(label="序号", kind=Kind.COUNT, width=6),
            Column(label="文件", width=44),
            Column(label="页码", kind=Kind.CODE, width=12),
            Column(label="页数", kind=Kind.COUNT, width=8),
            Column(label="套数", kind=Kind.COUNT, width=8),
            Column(label="打印面数", kind=Kind.COUNT, width=10),
            Column(label="说明", width=32),
        ),
        rows=tuple(rows),
        foot=("", "合计", "", None, None, total, ""),
        notes=(f"法院及对方当事人 {plan.sets} 套，另留存 1 套。",),
    )
    line = f"案件 {plan.case_no}　{plan.court}　{plan.day.isoformat()}"
    return workbook(table, title=TITLE, line=line)
