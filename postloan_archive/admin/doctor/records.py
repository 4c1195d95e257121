"""Questions that the records of the installation answer: work, time, people, trail, backup."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from postloan_archive import audit, jobs
from postloan_archive.access import grants
from postloan_archive.access.roles import ADMINISTRATORS, ROLES
from postloan_archive.admin.doctor.answers import Answer, Grade, said
from postloan_archive.db import new_session
from postloan_archive.jobs import JobState
from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.errors import _l
from postloan_archive.uow import System
from postloan_archive.workdays.service import load_calendar, notice_is_missing

WAIT: Final = timedelta(minutes=15)
AHEAD: Final = timedelta(minutes=5)  # a line later than now by more than this: the clock jumped
CHECKPOINT_AGE: Final = timedelta(hours=2)
BACKUP_AGE: Final = timedelta(days=2)
TRAIL_AGE: Final = timedelta(days=2)


def workers(system: System) -> Answer:
    """Does somebody do the jobs, and do they end well?"""
    label, now = _l("后台任务"), system.clock.now()
    with new_session(system.engine) as session:
        alive = [one for one in jobs.list_workers(session) if one.is_alive(now)]
        waiting = jobs.oldest_waiting(session, at=now)
        counts = jobs.count_jobs(session)
    words = said(
        _l("工作进程 {alive} 个，排队 {queued}，失败 {failed}。"),
        alive=len(alive),
        queued=counts[JobState.QUEUED],
        failed=counts[JobState.FAILED],
    )
    late = waiting is not None and waiting + WAIT < now
    if not alive:
        step = _l("请启动 postloan serve 或 postloan worker。")
        grade = Grade.BAD if late else Grade.NOTE
        return Answer(key="workers", label=label, grade=grade, text=words, next_step=step)
    if late:
        step = _l("有任务等待超过一刻钟；请查看 postloan jobs list，必要时增加工作进程。")
        return Answer(key="workers", label=label, grade=Grade.NOTE, text=words, next_step=step)
    if counts[JobState.FAILED]:
        step = _l("请查看原因：postloan jobs list --state failed；排除后 postloan jobs retry。")
        return Answer(key="workers", label=label, grade=Grade.NOTE, text=words, next_step=step)
    return Answer(key="workers", label=label, grade=Grade.GOOD, text=words)


def clock(system: System) -> Answer:
    """Is the clock later than everything recorded?"""
    label, now = _l("时钟"), system.clock.now()
    with new_session(system.engine) as session:
        newest = audit.read(session, limit=1).lines
    words = said(_l("{now}（中国时间）。"), now=_moment(now))
    if newest and newest[0].at > now + AHEAD:
        return Answer(
            key="clock",
            label=label,
            grade=Grade.BAD,
            text=words + said(_l("最近的审计记录在未来：{at}。"), at=_moment(newest[0].at)),
            next_step=_l("请核对系统时间并启用 NTP 校时；期限以时钟为准。"),
        )
    return Answer(key="clock", label=label, grade=Grade.GOOD, text=words)


def calendar(system: System) -> Answer:
    """Are the holidays of the years ahead known?"""
    label, today = _l("工作日历"), system.clock.today()
    with new_session(system.engine) as session:
        known = load_calendar(session).loaded_until
        missing = notice_is_missing(session, today)
    words = said(_l("已载入至 {until}；之后的期限标为“暂定”。"), until=known)
    if known < today:
        step = _l("请立即导入本年的国务院放假通知（管理 › 日历）。")
        return Answer(key="calendar", label=label, grade=Grade.BAD, text=words, next_step=step)
    if missing:
        step = _l("请导入下一年的国务院放假通知（管理 › 日历）。")
        return Answer(key="calendar", label=label, grade=Grade.NOTE, text=words, next_step=step)
    return Answer(key="calendar", label=label, grade=Grade.GOOD, text=words)


def administrators(system: System) -> Answer:
    """Is there a system, a security and an audit administrator, three different people?"""
    label = _l("三员分立")
    with new_session(system.engine) as session:
        held = grants.holders(session, ADMINISTRATORS)
    missing = [ROLES[role].label for role in sorted(ADMINISTRATORS) if not held.get(role)]
    if missing:
        return Answer(
            key="administrators",
            label=label,
            grade=Grade.NOTE,
            text=said(_l("没有在用的{missing}。"), missing="、".join(missing)),
            next_step=_l("请用 postloan user add 分别添加，三项职责由三个人担任。"),
        )
    words = "，".join(
        f"{ROLES[role].label} {len(held[role])} 人" for role in sorted(ADMINISTRATORS)
    )
    return Answer(
        key="administrators", label=label, grade=Grade.GOOD, text=said("{words}。", words=words)
    )


def checkpoint(system: System) -> Answer:
    """Does a signed head leave the machine at least hourly?"""
    label, now = _l("审计检查点"), system.clock.now()
    with new_session(system.engine) as session:
        last = audit.last_checkpoint(session)
        signed = jobs.last_done(session, "sign_checkpoint")
    if last is None:
        step = _l("请执行 postloan audit checkpoint，或启动工作进程。")
        words = said(_l("还没有签名检查点。"))
        return Answer(
            key="checkpoint", label=label, grade=Grade.NOTE, text=words, next_step=step
        )
    at = max(filter(None, (signed, datetime.fromisoformat(last.at))))
    words = said(_l("最近一次 {at}，覆盖 {size} 条。"), at=_moment(at), size=last.tree_size)
    if not system.settings.checkpoint_folder:
        return Answer(
            key="checkpoint",
            label=label,
            grade=Grade.NOTE,
            text=words + said(_l("检查点没有离开本机，取得本机控制权的人可以一并改写。")),
            next_step=_l("请把 POSTLOAN_CHECKPOINT_FOLDER 指向另一台机器或只追加的存储。"),
        )
    outside = audit.read_checkpoints(Path(system.settings.checkpoint_folder))
    if last not in outside.checkpoints:
        step = _l("请检查该位置是否可写，然后执行 postloan audit checkpoint。")
        words += said(_l("库外位置缺少最近的检查点。"))
        return Answer(
            key="checkpoint", label=label, grade=Grade.BAD, text=words, next_step=step
        )
    if at + CHECKPOINT_AGE < now:
        step = _l("请确认工作进程在运行。")
        return Answer(
            key="checkpoint", label=label, grade=Grade.NOTE, text=words, next_step=step
        )
    return Answer(key="checkpoint", label=label, grade=Grade.GOOD, text=words)


def trail(system: System) -> Answer:
    """Was the trail read lately, and did it hold?"""
    label, now = _l("审计核对"), system.clock.now()
    with new_session(system.engine) as session:
        at, facts = _last(session, "audit.verified")
    if at is None:
        step = _l("请执行 postloan audit verify，或启动工作进程。")
        words = said(_l("还没有核对过。"))
        return Answer(key="trail", label=label, grade=Grade.NOTE, text=words, next_step=step)
    words = said(
        _l("最近一次 {at}：{lines} 条，问题 {faults} 个。"),
        at=_moment(at),
        lines=facts.get("lines"),
        faults=facts.get("faults"),
    )
    if facts.get("faults"):
        step = _l("请审计管理员保全现场，执行 postloan audit verify 并对照库外检查点。")
        return Answer(key="trail", label=label, grade=Grade.BAD, text=words, next_step=step)
    if at + TRAIL_AGE < now:
        step = _l("每日核对没有进行；请确认工作进程在运行。")
        return Answer(key="trail", label=label, grade=Grade.NOTE, text=words, next_step=step)
    return Answer(key="trail", label=label, grade=Grade.GOOD, text=words)


def backup(system: System) -> Answer:
    """Is there a recent backup?"""
    label, now = _l("备份"), system.clock.now()
    with new_session(system.engine) as session:
        at, facts = _last(session, "backup.made")
        began = audit.lines_of(session, [1])
    if at is None:
        step = _l("请执行 postloan backup 目录，并安排每日进行。")
        words = said(_l("没有备份记录。"))
        new = not began or began[0].at + BACKUP_AGE > now
        grade = Grade.NOTE if new else Grade.BAD
        return Answer(key="backup", label=label, grade=grade, text=words, next_step=step)
    words = said(
        _l("最近一次 {at}，文件 {blobs} 个，{folder}。"),
        at=_moment(at),
        blobs=facts.get("blobs"),
        folder=facts.get("folder"),
    )
    if facts.get("bad"):
        step = _l("有文件因已损坏而未备份；请用更早的备份修复后重做。")
        return Answer(key="backup", label=label, grade=Grade.BAD, text=words, next_step=step)
    if at + BACKUP_AGE < now:
        step = _l("备份已过两天；请检查每日备份任务。")
        return Answer(key="backup", label=label, grade=Grade.NOTE, text=words, next_step=step)
    return Answer(key="backup", label=label, grade=Grade.GOOD, text=words)


def _last(session: Session, event: str) -> tuple[datetime | None, dict[str, object]]:
    line = audit.last_of(session, event)
    return (None, {}) if line is None else (line.at, json.loads(line.facts))


def _moment(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
