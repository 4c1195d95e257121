"""Questions about the machine and how it is set up."""

import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from postloan_archive import audit
from postloan_archive.admin.doctor.answers import (
    NOTHING,
    Answer,
    Grade,
    Said,
    refusal,
    said,
)
from postloan_archive.bundle import NoChineseTypefaceError, load_typefaces
from postloan_archive.config import Settings
from postloan_archive.kernel.errors import _l
from postloan_archive.reading import ocr_available
from postloan_archive.wordgen import installed_fonts, is_installed, soffice_path

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
PRINTED: Final = ("宋体", "黑体", "仿宋", "楷体")  # what letters and court papers ask for
OFFICE_S: Final = 20
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def settings(chosen: Settings) -> Answer:
    """Are the settings right for production?"""
    notes: list[Said] = []
    if not chosen.secure_cookies and chosen.host not in LOOPBACK:
        notes.append(
            said(_l("登录凭证未限定加密传输（POSTLOAN_SECURE_COOKIES=0），而服务对外监听。"))
        )
    if chosen.demo_day:
        notes.append(said(_l("当前为演示日期，不能用于生产。")))
    elif chosen.institution == Settings().institution:
        notes.append(said(_l("机构名称仍是示例（POSTLOAN_INSTITUTION）。")))
    if not chosen.embedded_worker:
        notes.append(said(_l("网页进程不做后台任务，须另行运行 postloan worker。")))
    return Answer(
        key="settings",
        label=_l("设置"),
        grade=Grade.NOTE if notes else Grade.GOOD,
        text=sum(notes, NOTHING)
        if notes
        else said(_l("数据文件夹 {data}。"), data=chosen.data.absolute()),
        next_step=_l("各项设置见 docs/operations.md。") if notes else "",
    )


def keys(chosen: Settings) -> Answer:
    """Is the signing key there, and only for its owner?"""
    label = _l("密钥")
    folder = chosen.data / "keys"
    try:
        signer = audit.load_key(chosen.data)
    except audit.NoKeyError as error:
        return Answer(
            key="keys",
            label=label,
            grade=Grade.BAD,
            text=refusal(error),
            next_step=error.next_step or "",
        )
    open_ones = [
        path.name
        for path in sorted(folder.iterdir())
        if path.is_file() and path.stat().st_mode & OTHERS
    ]
    if open_ones:
        return Answer(
            key="keys",
            label=label,
            grade=Grade.BAD,
            text=said(_l("其他用户可以读取密钥文件：{names}。"), names="、".join(open_ones)),
            next_step=_l("请执行 chmod 600，并考虑更换密钥。"),
        )
    text = said(
        _l("审计签名公钥 {key}（编号 {key_id}）。"), key=signer.public_key, key_id=signer.key_id
    )
    return Answer(key="keys", label=label, grade=Grade.GOOD, text=text)


def office(chosen: Settings) -> Answer:
    """Can Word files become PDF? Asks the program for its version."""
    return _office(chosen, _version)


def office_quickly(chosen: Settings) -> Answer:
    """Is the program that makes PDF out of Word files there?"""
    return _office(chosen, str)


def _office(chosen: Settings, describe: Callable[[Path], str]) -> Answer:
    label = _l("LibreOffice")
    path = soffice_path(chosen.soffice)
    if path is None:
        return Answer(
            key="office",
            label=label,
            grade=Grade.NOTE,
            text=said(_l("没有找到；函件只生成 Word 文件，材料包只装订已有的 PDF。")),
            next_step=_l("Debian/Ubuntu：apt-get install libreoffice-writer-nogui。"),
        )
    return Answer(
        key="office", label=label, grade=Grade.GOOD, text=said("{what}", what=describe(path))
    )


def fonts(chosen: Settings) -> Answer:
    """Are there Chinese typefaces to print with?"""
    label, install = _l("中文字体"), _l("Debian/Ubuntu：apt-get install fonts-noto-cjk。")
    try:
        faces = load_typefaces(chosen.cjk_font)
    except NoChineseTypefaceError as error:
        return Answer(
            key="fonts", label=label, grade=Grade.BAD, text=refusal(error), next_step=install
        )
    used = "、".join(dict.fromkeys(face.path.name for face in faces.faces))
    installed = installed_fonts()
    missing = (
        []
        if installed is None
        else [name for name in PRINTED if not is_installed(name, installed)]
    )
    if missing:
        text = said(
            _l("装订用 {used}；没有 {missing}，转换 PDF 时以相近字体代替。"),
            used=used,
            missing="、".join(missing),
        )
        step = _l("如需与 Word 版式一致，请安装贵行有权使用的这些字体。")
        return Answer(key="fonts", label=label, grade=Grade.NOTE, text=text, next_step=step)
    text = said(_l("装订用 {used}。"), used=used)
    return Answer(key="fonts", label=label, grade=Grade.GOOD, text=text)


def ocr(chosen: Settings) -> Answer:
    """Can scanned pages be recognised?"""
    del chosen
    reason = ocr_available()
    if reason is None:
        return Answer(
            key="ocr", label=_l("文字识别"), grade=Grade.GOOD, text=said(_l("可用。"))
        )
    return Answer(
        key="ocr",
        label=_l("文字识别"),
        grade=Grade.NOTE,
        text=said(_l("不可用：{reason}；扫描件可以存放，但搜不到其中的字。"), reason=reason),
        next_step=_l("请安装附加组件 ocr：pip install 'postloan-archive[ocr]'。"),
    )


def _version(path: Path) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - the program that the settings name
            [str(path), "--version"], capture_output=True, timeout=OFFICE_S, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        return f"{path}（{error}）"
    return done.stdout.decode("utf-8", "replace").strip() or str(path)
