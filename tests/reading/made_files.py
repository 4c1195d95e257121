"""Files made for the tests: small, whole or broken in one known way."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FONT_FILES = (
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
)
FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H"
    b"/DescendantFonts[4 0 R]>>"
)
DESCENDANT = (
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo"
    b"<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/DW 1000>>"
)
CJK_FONT = next((path for path in FONT_FILES if Path(path).exists()), None)


def zip_of(members: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as container:
        for name, data in members.items():
            container.writestr(name, data)
    return out.getvalue()


def docx(body: str, **parts: str | bytes) -> bytes:
    """A Word file whose body is the given XML; `parts` are further parts by path."""
    document = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return zip_of(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": document,
            **parts,
        }
    )


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def pdf(pages: list[str], extra: bytes = b"", trailer: bytes = b"") -> bytes:
    """A PDF with one line of Chinese text on each page; `extra` goes into the catalogue."""
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R" + extra + b">>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode(),
        FONT,
        DESCENDANT,
    ]
    for number, text in enumerate(pages):
        stream = f"BT /F1 12 Tf 60 780 Td <{text.encode('utf-16-be').hex()}> Tj ET".encode()
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {6 + 2 * number} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>".encode(),
            b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        ]
    return pdf_of(objects, trailer)


def pdf_of(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of the given objects, the first of them the catalogue."""
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R%s>>" % (len(objects) + 1, trailer)
    return bytes(out + b"\nstartxref\n%d\n%%%%EOF" % start)


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">L", len(data))
            + kind
            + data
            + struct.pack(">L", zlib.crc32(kind + data))
        )

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">2L5B", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(bytes(1_000)))
        + chunk(b"IEND", b"")
    )


class RawZip:
    """Writes zips that the standard library would refuse to write: raw names, flags, lies."""

    def __init__(self) -> None:
        self._body = bytearray()
        self._directory = bytearray()
        self._count = 0

    def add(
        self,
        name: bytes,
        data: bytes = b"x",
        *,
        flags: int = 0,
        extra: bytes = b"",
        mode: int = 0,
        claimed: int | None = None,
        descriptor: bool = False,
        crc: int | None = None,
        place: int | None = None,
    ) -> "RawZip":
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(data) + packer.flush()
        check = zlib.crc32(data) if crc is None else crc
        size = len(data) if claimed is None else claimed
        at = len(self._body) if place is None else place
        flags |= 8 if descriptor else 0
        local = (0, 0, 0) if descriptor else (check, len(packed), size)
        if place is None:
            self._body += struct.pack(
                "<4s5H3L2H", b"PK\x03\x04", 20, flags, 8, 0, 0, *local, len(name), 0
            )
            self._body += name + packed
            if descriptor:
                self._body += struct.pack("<4s3L", b"PK\x07\x08", check, len(packed), size)
        self._directory += struct.pack(
            "<4s6H3L5H2L",
            *(b"PK\x01\x02", 0x0314, 20, flags, 8, 0, 0, check, len(packed), size),
            *(len(name), len(extra), 0, 0, 0, mode << 16, at),
        )
        self._directory += name + extra
        self._count += 1
        return self

    def add_packed(self, name: bytes, packed: bytes, *, claimed: int = 100) -> "RawZip":
        """Add a member whose packed form is given; its size and check are lies."""
        at = len(self._body)
        head = struct.pack(
            "<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0, 0, len(packed), claimed, len(name), 0
        )
        self._body += head + name + packed
        self._directory += struct.pack(
            "<4s6H3L5H2L",
            *(b"PK\x01\x02", 0x0314, 20, 0, 8, 0, 0, 0, len(packed), claimed),
            *(len(name), 0, 0, 0, 0, 0, at),
        )
        self._directory += name
        self._count += 1
        return self

    def bytes(self, count: int | None = None, *, times: int = 1) -> bytes:
        """Return the zip; `count` is what it claims, `times` how often its directory stands."""
        self._directory *= times
        end = struct.pack(
            "<4s4H2LH",
            *(b"PK\x05\x06", 0, 0, *[min(count or self._count, 0xFFFF)] * 2),
            *(len(self._directory), len(self._body), 0),
        )
        return bytes(self._body + self._directory) + end
