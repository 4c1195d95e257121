"""Word → PDF and old Word → new through a headless LibreOffice that is killed when it hangs."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal
from xml.sax.saxutils import escape

from lxml import etree

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.wordgen.container import read_zip
from postloan_archive.wordgen.faults import TemplateRefusedError
from postloan_archive.wordgen.fonts import face_for, installed_fonts, used_fonts
from postloan_archive.wordgen.merging import CannotMergeError, Start, merge_print_file
from postloan_archive.wordgen.splitting import split_at_bookmarks

TIMEOUT_S: Final = 120
AT_ONCE: Final = 100  # letters in one conversion: enough to forget the start of the program
_BOOKMARK: Final = "letter"
_PLACES: Final = (
    "/usr/bin/soffice", "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)  # fmt: skip
_FILTERS: Final = {
    "pdf": (
        'pdf:writer_pdf_Export:{"ExportBookmarksToPDFDestination":'
        '{"type":"boolean","value":"true"},"IsSkipEmptyPages":{"type":"boolean","value":"true"}}'
    ),
    "docx": "docx:MS Word 2007 XML",
    "txt": "txt:Text (encoded):UTF8",
}
# No macros, no links followed, no content fetched from places not named here.
_SETTINGS: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop
 oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop
 oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop
 oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link"
 oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


class OfficeMissingError(RuleError):
    """LibreOffice is not on this machine."""

    next_step = _l(
        "请管理员安装 LibreOffice（libreoffice-writer-nogui），或下载 .docx 自行转换。"
    )

    def __init__(self) -> None:
        super().__init__(_l("本机没有 LibreOffice，不能把 Word 文档转换为 PDF。"))


class OfficeFailedError(RuleError):
    """LibreOffice gave no result: it hung, fell over or could not read the file."""

    next_step = _l("请检查文件能否在 Word 中打开，稍后重试。")

    def __init__(self, *, name: str, reason: str) -> None:
        super().__init__(_l("{name} 转换失败：{reason}。"), name=name, reason=reason)


def soffice_path(configured: str = "") -> Path | None:
    """Return the program: the configured one, else one on the PATH or in the usual places.

    A configured path that is no program gives None, never another program.
    """
    if configured:
        return Path(configured) if shutil.which(configured) else None
    names = (shutil.which("soffice"), shutil.which("libreoffice"), *_PLACES)
    return next((Path(name) for name in names if name and Path(name).is_file()), None)


def convert(
    source: Path,
    to: Literal["pdf", "docx", "txt"],
    *,
    soffice: Path | None,
    timeout_s: int = TIMEOUT_S,
) -> bytes:
    """Return a file that LibreOffice can read in another format.

    Raises:
        OfficeMissingError: there is no LibreOffice.
        OfficeFailedError: no result within the time.
    """
    return _convert_all([source], to, soffice=soffice, timeout_s=timeout_s)[0]


def to_docx(source: Path, *, soffice: Path | None, timeout_s: int = TIMEOUT_S) -> bytes:
    """Return an old .doc as .docx; raises as `convert` does."""
    return convert(source, "docx", soffice=soffice, timeout_s=timeout_s)


def docx_to_pdf(
    letters: Sequence[bytes], *, soffice: Path | None, timeout_s: int = TIMEOUT_S
) -> list[bytes]:
    """Return a PDF for each letter, in order.

    Letters are joined, converted together and split at their first pages. A letter that counts
    its pages, or that cannot be joined, is converted in a file of its own.

    Args:
        letters: .docx files of our own making.
        soffice: what `soffice_path` found.
        timeout_s: seconds for each conversion of at most 100 letters.

    Raises:
        OfficeMissingError: there is no LibreOffice.
        OfficeFailedError: no result within the time.
    """
    if soffice is None:
        raise OfficeMissingError
    pdfs: list[bytes] = []
    for start in range(0, len(letters), AT_ONCE):
        some = letters[start : start + AT_ONCE]
        pdfs += _joined(some, soffice, timeout_s) or _one_by_one(some, soffice, timeout_s)
    return pdfs


def _joined(letters: Sequence[bytes], soffice: Path, timeout_s: int) -> list[bytes]:
    """Return the PDFs of letters converted together; nothing where that is not possible."""
    if len(letters) == 1 or any(map(_counts_pages, letters)):
        return []
    try:
        merged = merge_print_file(letters, start=Start.NEXT_PAGE, bookmark=_BOOKMARK)
    except CannotMergeError:
        return []
    with tempfile.TemporaryDirectory(prefix="postloan-letters-") as folder:
        file = Path(folder) / "letters.docx"
        file.write_bytes(merged)
        pdf = convert(file, "pdf", soffice=soffice, timeout_s=timeout_s)
    return split_at_bookmarks(pdf, _BOOKMARK, len(letters))


def _one_by_one(letters: Sequence[bytes], soffice: Path, timeout_s: int) -> list[bytes]:
    with tempfile.TemporaryDirectory(prefix="postloan-letters-") as folder:
        files = [Path(folder) / f"letter{number}.docx" for number in range(len(letters))]
        for file, letter in zip(files, letters, strict=True):
            file.write_bytes(letter)
        return _convert_all(files, "pdf", soffice=soffice, timeout_s=timeout_s)


def _counts_pages(letter: bytes) -> bool:
    members = read_zip(letter)
    return any(
        b"NUMPAGES" in member.unpack() or b"SECTIONPAGES" in member.unpack()
        for name, member in members.items()
        if re.fullmatch(r"word/(document|header.*|footer.*)\.xml", name)
    )


def _convert_all(
    sources: Sequence[Path], to: str, *, soffice: Path | None, timeout_s: int
) -> list[bytes]:
    if soffice is None:
        raise OfficeMissingError
    with tempfile.TemporaryDirectory(prefix="postloan-office-") as folder:
        home = Path(folder)
        _write_profile(home, sources)
        out = home / "out"
        command = [
            str(soffice), "--headless", "--norestore", "--nologo", "--nofirststartwizard",
            f"-env:UserInstallation={(home / 'profile').as_uri()}",
            "--convert-to", _FILTERS[to], "--outdir", str(out),
            *(str(source.resolve()) for source in sources),
        ]  # fmt: skip
        reason = _run(command, home, timeout_s)
        results: list[bytes] = []
        for source in sources:
            made = out / f"{source.stem}.{to}"
            if not made.is_file():
                raise OfficeFailedError(name=source.name, reason=reason or _l("没有产生结果"))
            results.append(made.read_bytes())
        return results


def _run(command: list[str], home: Path, timeout_s: int) -> str:
    """Run to the end or to the time limit; return why there may be no result."""
    environment = {
        "PATH": os.defpath, "HOME": str(home), "TMPDIR": str(home), "LANG": "C.UTF-8",
        "FONTCONFIG_FILE": str(home / "fonts.conf"), "SAL_USE_VCLPLUGIN": "svp",
    }  # fmt: skip
    process = subprocess.Popen(  # noqa: S603  # the program is configured, the files are ours
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=environment, start_new_session=True, cwd=home,
    )  # fmt: skip
    try:
        code = process.wait(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        return _l("超过 {seconds} 秒未完成").format(seconds=timeout_s)
    finally:
        _end_group(process)
    return "" if code == 0 else _l("程序异常退出（{code}）").format(code=code)


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    """End the program with everything it started: `soffice` is a script around the real one."""
    with suppress(ProcessLookupError):  # all of them have ended by themselves
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _write_profile(home: Path, sources: Sequence[Path]) -> None:
    user = home / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    (home / "out").mkdir()
    (home / "fonts.conf").write_text(_font_settings(sources), encoding="utf-8")


def _font_settings(sources: Sequence[Path]) -> str:
    """Return settings that name a stand-in for each font that is missing here.

    Without them LibreOffice looks for each Chinese sign in every font, which takes fifty times
    as long and prints whatever it finds.
    """
    rules: list[str] = []
    installed = installed_fonts() or frozenset()
    for font in sorted(_fonts_of(sources)):
        face = face_for(font, installed)
        if face and font.lower() not in installed:  # a twin of its widths does not count here
            rules.append(
                f'<match target="pattern"><test name="family"><string>{escape(font)}</string>'
                f'</test><edit name="family" mode="assign" binding="same"><string>{face}'
                "</string></edit></match>"
            )
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"{''.join(rules)}</fontconfig>\n"
    )


def _fonts_of(sources: Sequence[Path]) -> set[str]:
    fonts = set(_USUAL_FONTS)
    for source in sources[:1]:  # letters converted together come from like templates
        try:
            contents = {
                name: member.unpack()
                for name, member in read_zip(source.read_bytes()).items()
                if name.endswith(".xml")
            }
            fonts |= {font for font, _ in used_fonts(contents, themes=True)}
        except (TemplateRefusedError, etree.XMLSyntaxError):
            continue  # not a .docx: the usual fonts are named above
    return fonts


_USUAL_FONTS: Final = (
    "宋体", "SimSun", "新宋体", "NSimSun", "黑体", "SimHei", "楷体", "KaiTi", "楷体_GB2312",
    "KaiTi_GB2312", "仿宋", "FangSong", "仿宋_GB2312", "FangSong_GB2312", "微软雅黑",
    "Microsoft YaHei", "等线", "DengXian", "方正小标宋简体", "华文中宋", "STZhongsong",
    "华文仿宋",
)  # fmt: skip
