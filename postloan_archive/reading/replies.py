"""From what a worker reports, or fails to report, to the refusal that a caller sees."""

from collections.abc import Mapping
from typing import Any

from postloan_archive.kernel.errors import _l
from postloan_archive.reading.limits import Limits
from postloan_archive.reading.refusals import (
    DamagedError,
    NoPageError,
    NotRenderableError,
    TimedOutError,
    TooLargeError,
    UnreadableError,
    refusal,
)
from postloan_archive.reading.workers import WorkerLostError


class CrashedError(DamagedError):
    """The parser itself came to an end; another parser may do better."""


def raise_refusal(message: Mapping[str, Any], limits: Limits) -> None:
    """Raise what the last message of a worker says no with; return if it says nothing.

    Raises:
        UnreadableError: its kinds.
        NotRenderableError: the type has no page image.
        NoPageError: no such page.
    """
    if "state" in message:
        raise refusal(message["state"], message["reason"])
    if "not_renderable" in message:
        raise NotRenderableError(message["not_renderable"])
    if "no_page" in message:
        raise NoPageError(*message["no_page"])
    if message.get("fault") == "memory":
        raise TooLargeError(
            _l("解析所需内存超过上限 {limit} MB，已停止。"), limit=limits.memory_mb
        )
    if "fault" in message:
        raise DamagedError(
            _l("文件内容不符合其格式，无法解析（{detail}）。"), detail=message["detail"]
        )


def lost(error: WorkerLostError, limits: Limits) -> UnreadableError:
    """Return the refusal for a worker that gave no whole answer."""
    if error.reason == "late":
        return TimedOutError(
            _l("{seconds} 秒内未能读完，已停止。"), seconds=round(limits.wall_s)
        )
    if error.reason == "long":
        return TooLargeError(_l("读出的内容超过上限，已停止。"))
    return CrashedError(
        _l("解析程序在读取时意外终止（{signal}），文件可能已损坏。"),
        signal=error.signal_name or _l("原因不明"),
    )
