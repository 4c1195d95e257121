"""收件回执 as a table: n in = n stored + n linked + n named exceptions, then each file."""

from postloan_archive.archive.batches import Receipt
from postloan_archive.sheets import Column, Kind, Table


def receipt_table(receipt: Receipt) -> Table:
    """Return every file of the delivery with what became of it; the sum stands below."""
    arrived = receipt.arrived
    kept = f"存入 {receipt.stored} + 重复已关联 {receipt.linked}"
    sums = [
        f"收到 {receipt.received} 个 = {kept} + 列名的异常 {receipt.exceptions}。",
        "合计相符。" if receipt.adds_up else "合计未平：还有文件在途或尚未登记。",
    ]
    if receipt.expected is not None:
        sums.append(f"应收 {receipt.expected} 个，实收 {receipt.received} 个。")
    if arrived.found:
        sums.append(
            f"来源处发现 {arrived.found} 个：已取 {arrived.taken}，未能取 {arrived.failed}，"
            f"放弃 {arrived.given_up}，在途 {arrived.coming}。"
        )
    return Table(
        columns=(
            Column(label="序号", kind=Kind.COUNT, width=7),
            Column(label="文件名", width=46),
            Column(label="字节", kind=Kind.COUNT, width=12),
            Column(label="结果", width=12),
            Column(label="说明", width=44),
            Column(label="借据号", kind=Kind.CODE, width=18),
            Column(label="件类", kind=Kind.CODE, width=8),
            Column(label="件类名称", width=22),
            Column(label="页数", kind=Kind.COUNT, width=7),
            Column(label="未归卷原因", width=34),
        ),
        rows=tuple(
            (
                number,
                file.name,
                file.size,
                str(file.words.word),
                str(file.sentence),
                file.loan_no,
                file.item_code,
                str(file.item),
                file.pages,
                str(file.unmatched),
            )
            for number, file in enumerate(receipt.files, start=1)
        ),
        notes=tuple(sums),
    )
