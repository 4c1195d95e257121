"""Asking every question; a question that fails itself is a bad answer, not the end."""

from collections.abc import Callable
from typing import Final

from postloan_archive.admin.doctor import machine, records, stores
from postloan_archive.admin.doctor.answers import Answer, Grade, said
from postloan_archive.config import Settings
from postloan_archive.kernel.errors import _l
from postloan_archive.uow import System

Question = Callable[[System], Answer]
OfMachine = Callable[[Settings], Answer]

BROKE_OFF: Final = _l("检查本身失败（{kind}）：{message}")
SEE_LOG: Final = _l("请先解决上面列出的数据库与文件夹问题，再运行 postloan doctor。")

NOTHING_HERE: Final = _l("{data} 中还没有安装。")
INSTALL: Final = _l("请执行 postloan init；从备份恢复则直接执行 postloan restore 备份目录。")


def _of_machine(question: OfMachine) -> Question:
    return lambda system: question(system.settings)


QUESTIONS: Final[tuple[tuple[str, str, Question], ...]] = (
    ("settings", _l("设置"), _of_machine(machine.settings)),
    ("keys", _l("密钥"), _of_machine(machine.keys)),
    ("database", _l("数据库"), stores.database),
    ("vault", _l("档案库"), stores.vault),
    ("fixity", _l("完整性巡检"), stores.fixity),
    ("index", _l("检索索引"), stores.index),
    ("office", _l("LibreOffice"), _of_machine(machine.office)),
    ("fonts", _l("中文字体"), _of_machine(machine.fonts)),
    ("ocr", _l("文字识别"), _of_machine(machine.ocr)),
    ("workers", _l("后台任务"), records.workers),
    ("clock", _l("时钟"), records.clock),
    ("calendar", _l("工作日历"), records.calendar),
    ("administrators", _l("三员分立"), records.administrators),
    ("checkpoint", _l("审计检查点"), records.checkpoint),
    ("trail", _l("审计核对"), records.trail),
    ("backup", _l("备份"), records.backup),
)

QUICK: Final[dict[str, Question]] = {
    "database": stores.database_quickly,
    "office": _of_machine(machine.office_quickly),
}


def examine(system: System, *, quick: bool = False) -> list[Answer]:
    """Return the answers to all questions, in the order of `QUESTIONS`.

    Args:
        system: the installation.
        quick: leave out what reads the whole database or starts another program.
    """
    return [
        _asked(system, key, label, QUICK.get(key, question) if quick else question)
        for key, label, question in QUESTIONS
    ]


def examine_machine(settings: Settings) -> list[Answer]:
    """Return what can be said before there is an installation; nothing is created."""
    missing = Answer(
        key="database",
        label=_l("数据库"),
        grade=Grade.BAD,
        text=said(NOTHING_HERE, data=settings.data.absolute()),
        next_step=INSTALL,
    )
    questions = (machine.settings, machine.office, machine.fonts, machine.ocr)
    return [missing, *(question(settings) for question in questions)]


def _asked(system: System, key: str, label: str, question: Question) -> Answer:
    try:
        return question(system)
    except Exception as error:  # noqa: BLE001 - a sick installation must still be examined
        return Answer(
            key=key,
            label=label,
            grade=Grade.BAD,
            text=said(BROKE_OFF, kind=type(error).__name__, message=str(error)[:200]),
            next_step=SEE_LOG,
        )
