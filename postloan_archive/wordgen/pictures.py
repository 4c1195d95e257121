"""A PDF of our own making as page images, for looking at a letter before it is issued."""

import io

import pypdfium2 as pdfium


def pdf_pictures(data: bytes, *, width: int) -> tuple[bytes, ...]:
    """Return a PNG of each page, `width` pixels wide.

    Only for files that this program made: a file from outside goes through `reading`.
    """
    document = pdfium.PdfDocument(data)
    try:
        pictures = []
        for page in document:
            scale = width / page.get_width()
            out = io.BytesIO()
            page.render(scale=scale).to_pil().save(out, "PNG", optimize=False)
            pictures.append(out.getvalue())
            page.close()
        return tuple(pictures)
    finally:
        document.close()
