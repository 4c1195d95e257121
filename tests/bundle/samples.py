"""Small PDFs and images made on the spot, each with one peculiarity."""

import io
from datetime import date
from pathlib import Path

import pikepdf
from PIL import Image

from postloan_archive.bundle import (
    BundleResult,
    BundleSpec,
    CoverSheet,
    Exhibit,
    Source,
    build_bundle,
)

COVER = CoverSheet(
    court="示范市中级人民法院",
    parties=(("原告", "示范农村商业银行股份有限公司"), ("被告", "陈某某"), ("被告", "林某某")),
    case="金融借款合同纠纷",
    title="证据材料",
    date=date(2026, 11, 24),
    submitter="示范农村商业银行股份有限公司",
)


def pdf(
    pages: int = 1,
    *,
    box: tuple[float, ...] = (0, 0, 595, 842),
    crop: tuple[float, ...] | None = None,
    rotate: int = 0,
    content: bytes = b"BT /F1 24 Tf 100 400 Td (page) Tj ET",
) -> bytes:
    """A PDF whose pages all look alike; Helvetica is the font F1."""
    document = pikepdf.Pdf.new()
    font = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
    )
    for _ in range(pages):
        page = pikepdf.Dictionary(
            Type=pikepdf.Name.Page,
            MediaBox=list(box),
            Rotate=rotate,
            Contents=document.make_stream(content),
            Resources=pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font)),
        )
        if crop:
            page.CropBox = list(crop)
        document.pages.append(pikepdf.Page(document.make_indirect(page)))
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()


def image(kind: str, mode: str = "RGB", size: tuple[int, int] = (300, 400), **options) -> bytes:
    """A grey image of a format that Pillow writes."""
    out = io.BytesIO()
    Image.new(mode, size, 128 if mode in {"L", "P"} else None).save(out, kind, **options)
    return out.getvalue()


def exhibit(
    data: bytes | Path, name: str = "文件.pdf", label: str = "证据1", **changes
) -> Exhibit:
    """An exhibit with honest defaults."""
    facts = {"title": "借款合同", "purpose": "证明借款关系成立。"}
    return Exhibit(label=label, source=Source(name=name, data=data), **{**facts, **changes})


def bind(*exhibits: Exhibit, **changes) -> tuple[bytes, BundleResult]:
    """The bundle of some exhibits and what was said about it."""
    out = io.BytesIO()
    result = build_bundle(BundleSpec(cover=COVER, exhibits=exhibits, **changes), out)
    return out.getvalue(), result
