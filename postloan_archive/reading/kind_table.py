"""The types of file that can be told apart, as data."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One type of file.

    Attributes:
        key: names it inside the package and picks its reader.
        label: as clerks call it.
        extensions: the ones that honestly name it, the usual one first, with dots.
    """

    key: str
    media_type: str
    label: str
    extensions: tuple[str, ...]


_OOXML: Final = "application/vnd.openxmlformats-officedocument"
_ODF: Final = "application/vnd.oasis.opendocument"
_PLAIN: Final = (
    ".txt", ".csv", ".tsv", ".md", ".log", ".json", ".xml", ".yaml", ".yml", ".ini", ".sql",
    ".eml", ".html", ".htm", ".mhtml", ".mht", ".svg", ".ics", ".srt", ".asc", ".text",
)  # fmt: skip

_TABLE: Final = (
    Kind(key="pdf", media_type="application/pdf", label="PDF", extensions=(".pdf",)),
    Kind(
        key="docx",
        media_type=f"{_OOXML}.wordprocessingml.document",
        label="Word 文档（docx）",
        extensions=(".docx", ".docm", ".dotx", ".dotm", ".wps"),
    ),
    Kind(
        key="xlsx",
        media_type=f"{_OOXML}.spreadsheetml.sheet",
        label="Excel 表格（xlsx）",
        extensions=(".xlsx", ".xlsm", ".xltx", ".xltm", ".et"),
    ),
    Kind(
        key="xlsb",
        media_type="application/vnd.ms-excel.sheet.binary.macroEnabled.12",
        label="Excel 二进制表格（xlsb）",
        extensions=(".xlsb",),
    ),
    Kind(
        key="pptx",
        media_type=f"{_OOXML}.presentationml.presentation",
        label="演示文稿（pptx）",
        extensions=(".pptx", ".pptm", ".potx", ".potm", ".ppsx", ".ppsm", ".dps"),
    ),
    Kind(
        key="vsdx",
        media_type="application/vnd.ms-visio.drawing.main+xml",
        label="Visio 绘图（vsdx）",
        extensions=(".vsdx", ".vsdm", ".vstx"),
    ),
    Kind(
        key="doc",
        media_type="application/msword",
        label="Word 文档（doc）",
        extensions=(".doc", ".dot", ".wps"),
    ),
    Kind(
        key="xls",
        media_type="application/vnd.ms-excel",
        label="Excel 表格（xls）",
        extensions=(".xls", ".xlt", ".et"),
    ),
    Kind(
        key="ppt",
        media_type="application/vnd.ms-powerpoint",
        label="演示文稿（ppt）",
        extensions=(".ppt", ".pps", ".pot", ".dps"),
    ),
    Kind(
        key="msg",
        media_type="application/vnd.ms-outlook",
        label="Outlook 邮件（msg）",
        extensions=(".msg", ".oft"),
    ),
    Kind(
        key="vsd",
        media_type="application/vnd.visio",
        label="Visio 绘图（vsd）",
        extensions=(".vsd", ".vst"),
    ),
    Kind(
        key="ole", media_type="application/x-ole-storage", label="OLE 复合文档", extensions=()
    ),
    Kind(
        key="encrypted_office",
        media_type="application/x-ole-storage",
        label="加密的 Office 文件",
        extensions=(),
    ),
    Kind(
        key="odt",
        media_type=f"{_ODF}.text",
        label="ODF 文档（odt）",
        extensions=(".odt", ".ott"),
    ),
    Kind(
        key="ods",
        media_type=f"{_ODF}.spreadsheet",
        label="ODF 表格（ods）",
        extensions=(".ods", ".ots"),
    ),
    Kind(
        key="odp",
        media_type=f"{_ODF}.presentation",
        label="ODF 演示文稿（odp）",
        extensions=(".odp", ".otp"),
    ),
    Kind(key="ofd", media_type="application/ofd", label="OFD 版式文件", extensions=(".ofd",)),
    Kind(
        key="zip",
        media_type="application/zip",
        label="ZIP 压缩包",
        extensions=(".zip", ".jar", ".epub", ".xps", ".oxps", ".apk", ".kmz"),
    ),
    Kind(key="rtf", media_type="application/rtf", label="RTF 文档", extensions=(".rtf",)),
    Kind(
        key="eml",
        media_type="message/rfc822",
        label="电子邮件（eml）",
        extensions=(".eml", ".txt", ".mht", ".mhtml"),
    ),
    Kind(
        key="mhtml",
        media_type="multipart/related",
        label="网页归档（mhtml）",
        extensions=(".mhtml", ".mht", ".eml"),
    ),
    Kind(
        key="html",
        media_type="text/html",
        label="网页（html）",
        extensions=(".html", ".htm", ".xhtml", ".shtml", ".txt", ".xml", ".md"),
    ),
    Kind(
        key="svg",
        media_type="image/svg+xml",
        label="SVG 图形",
        extensions=(".svg", ".xml"),
    ),
    Kind(
        key="csv", media_type="text/csv", label="CSV 表格", extensions=(".csv", ".tsv", ".txt")
    ),
    Kind(key="txt", media_type="text/plain", label="纯文本", extensions=_PLAIN),
    Kind(
        key="jpeg",
        media_type="image/jpeg",
        label="JPEG 图片",
        extensions=(".jpg", ".jpeg", ".jpe", ".jfif"),
    ),
    Kind(key="png", media_type="image/png", label="PNG 图片", extensions=(".png",)),
    Kind(key="tiff", media_type="image/tiff", label="TIFF 图片", extensions=(".tif", ".tiff")),
    Kind(key="bmp", media_type="image/bmp", label="BMP 图片", extensions=(".bmp", ".dib")),
    Kind(key="gif", media_type="image/gif", label="GIF 图片", extensions=(".gif",)),
    Kind(key="webp", media_type="image/webp", label="WebP 图片", extensions=(".webp",)),
    Kind(
        key="heic",
        media_type="image/heic",
        label="HEIC 照片",
        extensions=(".heic", ".heif", ".avif"),
    ),
    Kind(key="rar", media_type="application/vnd.rar", label="RAR 压缩包", extensions=(".rar",)),
    Kind(
        key="7z",
        media_type="application/x-7z-compressed",
        label="7z 压缩包",
        extensions=(".7z",),
    ),
    Kind(
        key="gzip",
        media_type="application/gzip",
        label="gzip 压缩文件",
        extensions=(".gz", ".tgz", ".svgz"),
    ),
    Kind(
        key="wpd",
        media_type="application/vnd.wordperfect",
        label="WordPerfect 文档",
        extensions=(".wpd", ".wp"),
    ),
    Kind(
        key="exe",
        media_type="application/x-msdownload",
        label="Windows 程序",
        extensions=(".exe", ".dll", ".scr", ".com"),
    ),
    Kind(
        key="elf",
        media_type="application/x-elf",
        label="Linux 程序",
        extensions=(".so", ".bin"),
    ),
    Kind(
        key="media",
        media_type="application/octet-stream",
        label="音像文件",
        extensions=(".mp4", ".mov", ".m4a", ".m4v", ".3gp", ".mp3", ".wav", ".avi", ".amr"),
    ),
    Kind(
        key="unknown",
        media_type="application/octet-stream",
        label="未知类型",
        extensions=(),
    ),
)
KINDS: Final = {kind.key: kind for kind in _TABLE}
PICTURES: Final = frozenset({"jpeg", "png", "tiff", "bmp", "gif", "webp"})
IN_OLE: Final = frozenset({"doc", "xls", "ppt", "msg", "vsd"})
TEXTS: Final = frozenset({"txt", "csv", "html", "mhtml", "eml", "svg"})
EXTENSIONS: Final = {
    extension: kind.key for kind in reversed(_TABLE) for extension in kind.extensions
} | {
    ".doc": "doc", ".xls": "xls", ".wps": "doc", ".et": "xls", ".dps": "ppt", ".xml": "txt",
    ".csv": "csv", ".tsv": "csv", ".txt": "txt", ".md": "txt", ".html": "html", ".htm": "html",
    ".eml": "eml", ".mht": "mhtml", ".mhtml": "mhtml", ".svg": "svg",
}  # fmt: skip
