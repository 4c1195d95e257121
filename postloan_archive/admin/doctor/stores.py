"""Questions about database, vault and index."""

from datetime import timedelta
from typing import Final

from sqlalchemy import text

from postloan_archive.admin import rechecking
from postloan_archive.admin.doctor.answers import Answer, Grade, refusal, said
from postloan_archive.archive.queries import page_count
from postloan_archive.db import new_session
from postloan_archive.db.schema import SchemaNotCurrentError, ensure_current
from postloan_archive.kernel.errors import PostloanError, _l
from postloan_archive.search import Health
from postloan_archive.uow import System

MEBIBYTE: Final = 1024 * 1024
LOW: Final = 5  # times the reserve
LATE: Final = rechecking.PASS + timedelta(days=3)


def database(system: System) -> Answer:
    """Does the database answer, does this program fit it, is the file sound?"""
    return _database(system, whole=True)


def database_quickly(system: System) -> Answer:
    """Does the database answer, and does this program fit it?"""
    return _database(system, whole=False)


def _database(system: System, *, whole: bool) -> Answer:
    label = _l("数据库")
    try:
        ensure_current(system.engine)
    except SchemaNotCurrentError as error:
        return Answer(
            key="database",
            label=label,
            grade=Grade.BAD,
            text=refusal(error),
            next_step=error.next_step or "",
        )
    with system.engine.connect().execution_options(read_only=True) as connection:
        if system.engine.dialect.name != "sqlite":
            version = str(connection.scalar(text("SHOW server_version")))
            return Answer(
                key="database",
                label=label,
                grade=Grade.GOOD,
                text=said("PostgreSQL {version}", version=version),
            )
        mode = connection.scalar(text("PRAGMA journal_mode"))
        faults, broken = ["ok"], False
        if whole:
            faults = [row[0] for row in connection.execute(text("PRAGMA quick_check(5)"))]
            broken = bool(connection.execute(text("PRAGMA foreign_key_check")).fetchmany(5))
        pages = connection.scalar(text("PRAGMA page_count")) or 0
        size = connection.scalar(text("PRAGMA page_size")) or 0
    if faults != ["ok"] or broken:
        return Answer(
            key="database",
            label=label,
            grade=Grade.BAD,
            text=said(_l("数据库文件已损坏：{faults}"), faults="；".join(map(str, faults))),
            next_step=_l("请停止服务，保全现场，用 postloan restore 恢复最近的备份。"),
        )
    words = said(
        _l("SQLite，{size} MB，日志方式 {mode}"), size=pages * size // MEBIBYTE, mode=mode
    ) + said(_l("，自检通过。") if whole else "。")
    return Answer(key="database", label=label, grade=Grade.GOOD, text=words)


def vault(system: System) -> Answer:
    """Can a file be stored, and is there room for more?"""
    label, store = _l("档案库"), system.vault
    free, total = store.files.space(store.root)
    reserve = store.reserve(total)
    try:
        store.probe()
    except PostloanError as error:
        return Answer(
            key="vault",
            label=label,
            grade=Grade.BAD,
            text=refusal(error),
            next_step=error.next_step or "",
        )
    words = said(
        _l("可写，剩余 {free} MB，保留 {reserve} MB。"),
        free=free // MEBIBYTE,
        reserve=reserve // MEBIBYTE,
    )
    if free < reserve * LOW:
        step = _l("空间将尽，请扩容；到保留线时停止接收文件，其他功能不受影响。")
        return Answer(key="vault", label=label, grade=Grade.NOTE, text=words, next_step=step)
    return Answer(key="vault", label=label, grade=Grade.GOOD, text=words)


def fixity(system: System) -> Answer:
    """Was every stored file read in the last thirty days, and was it good?"""
    label = _l("完整性巡检")
    with new_session(system.engine) as session:
        state = rechecking.check_state(session)
    if state.bad:
        names = "、".join(f"{sha256[:8]}…（{found}）" for sha256, found in state.bad[:5])
        return Answer(
            key="fixity",
            label=label,
            grade=Grade.BAD,
            text=said(_l("{count} 个文件有问题：{names}"), count=len(state.bad), names=names),
            next_step=_l("请用备份修复：postloan vault verify --repair-from 备份目录。"),
        )
    if state.oldest is None:
        return Answer(
            key="fixity", label=label, grade=Grade.GOOD, text=said(_l("尚无巡检记录。"))
        )
    words = said(
        _l("文件 {files} 个，最久未核对的自 {oldest}，尚未轮到 {unread} 个。"),
        files=state.files,
        oldest=f"{state.oldest:%Y-%m-%d}",
        unread=state.unread,
    )
    if state.oldest + LATE < system.clock.now():
        step = _l(
            "三十天一轮的计划没有跟上；请确认后台任务在运行，或执行 postloan vault verify。"
        )
        return Answer(key="fixity", label=label, grade=Grade.NOTE, text=words, next_step=step)
    return Answer(key="fixity", label=label, grade=Grade.GOOD, text=words)


def index(system: System) -> Answer:
    """Can every page be found?"""
    label = _l("检索索引")
    with new_session(system.engine) as session:
        status = system.index.status(session, expected=page_count(session))
    words = said(_l("{pages} 页可检索，滞后 {lag} 页。"), pages=status.pages, lag=status.lag)
    if status.health is not Health.GOOD:
        return Answer(
            key="index",
            label=label,
            grade=Grade.BAD,
            text=sum(map(said, status.problems), words),
            next_step=_l("请执行 postloan search rebuild；重建期间旧索引继续可用。"),
        )
    if status.lag:
        step = _l("请查看后台任务；仍不消失时执行 postloan search rebuild。")
        return Answer(key="index", label=label, grade=Grade.NOTE, text=words, next_step=step)
    return Answer(key="index", label=label, grade=Grade.GOOD, text=words)
