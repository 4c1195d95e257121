"""Mail that nobody has filed yet: what a clerk finds in the inbox of the demonstration."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, time
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from postloan_archive.archive.intake import Source, store_sources
from postloan_archive.demo.loan_facts import DEMO_DAY
from postloan_archive.demo.loans import LOANS
from postloan_archive.demo.people import PARTIES
from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.clock import CHINA
from postloan_archive.uow import System

ONE, OTHER = LOANS[1], LOANS[3]
MAILS: Final = (  # name, subject, text: a sure case, a name only, and none of ours
    (
        "邮件-0001.eml",
        "收入证明",
        (
            f"贵行：\n\n本人 {PARTIES[ONE.borrower].name}，合同编号 {ONE.contract_no}，"
            "现补交本年度收入证明，月均收入人民币 12,600.00 元，请查收归档。\n"
        ),
    ),
    (
        "邮件-0002.eml",
        "联系方式变更",
        (
            f"贵行：\n\n{PARTIES[OTHER.borrower].name}的联系电话已变更为 12000009999，"
            "其余不变，今后的通知请拨打新号码。\n"
        ),
    ),
    (
        "邮件-0003.eml",
        "同业研讨会邀请",
        "尊敬的同业：\n\n诚邀参加下月举行的不良资产处置研讨会，会务费 2,800 元。\n",
    ),
)


def fill_the_inbox(system: System, actor: Actor, runner: JobRunner) -> int:
    """Let the mails arrive and be looked into; return how many there are."""
    with ExitStack() as kept:
        folder = Path(kept.enter_context(TemporaryDirectory(prefix="postloan-mail-")))
        store_sources(system, actor, _arrived(folder), channel="mail")
    runner.run_until_empty()
    return len(MAILS)


def _arrived(folder: Path) -> Iterator[Source]:
    for name, subject, text in MAILS:
        mail = EmailMessage()
        mail["Subject"] = subject
        mail["From"] = "kehu@example.com"
        mail["To"] = "dangan@example.com"
        mail["Date"] = format_datetime(datetime.combine(DEMO_DAY, time(9, 30), CHINA))
        mail.set_content(text)
        path = folder / name
        path.write_bytes(mail.as_bytes())
        yield Source(name=name, path=path)
