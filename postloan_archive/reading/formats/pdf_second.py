"""The second PDF reader: slower, in Python, at times right where the first one is not."""

import contextlib
import functools
import importlib
import logging
import signal
import types
from collections.abc import Iterator
from typing import Any, Final

from postloan_archive.kernel.errors import _l
from postloan_archive.reading.pages import clean
from postloan_archive.reading.refusals import DamagedError, EncryptedError, TimedOutError
from postloan_archive.reading.results import PageText
from postloan_archive.reading.source import Content, Source

_PAGE_S: Final = 8.0
_FAILURES: Final = 3  # pages in a row that it may fail before it is not asked again


@functools.cache
def _library() -> Any:  # noqa: ANN401 - a module
    """Return pypdf, loaded when first needed: it takes a while and few files need it."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    return importlib.import_module("pypdf")


class _SlowPageError(Exception):
    """One page took too long."""


class SecondReader:
    """Opens the file only when the first page is asked for.

    Attributes:
        used: it has given at least one page.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._reader: Any = None
        self._failures = 0
        self.used = False

    def text(self, index: int) -> str:
        """Return the text of a page from 0; empty where there is none or it cannot be had."""
        if self._failures >= _FAILURES or self._source.late:
            return ""
        try:
            _library()  # loading it is not the page's fault
            with _within(_PAGE_S):
                if self._reader is None:
                    self._reader = open_reader(self._source)
                text: str = self._reader.pages[index].extract_text()
        except Exception:  # noqa: BLE001 - it throws anything on hostile input
            self._failures += 1
            return ""
        self._failures = 0 if text.strip() else self._failures + 1
        self.used = self.used or bool(text.strip())
        return text


def open_reader(source: Source) -> Any:  # noqa: ANN401 - pypdf is loaded late
    """Return the opened file.

    Raises:
        EncryptedError: the empty password does not open it.
    """
    reader = _library().PdfReader(str(source.path), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise EncryptedError(_l("PDF 设有打开密码。"))
    return reader


def read_all(source: Source, content: Content) -> None:
    """Read a file that the first reader cannot open.

    Raises:
        EncryptedError: a password is needed.
        DamagedError: it cannot be opened here either.
    """
    try:
        with _within(_PAGE_S * 2):
            reader = open_reader(source)
            count = len(reader.pages)
    except EncryptedError:
        raise
    except Exception as error:
        raise DamagedError(_l("PDF 结构已损坏，两种解析程序均无法打开。")) from error
    content.reader = "pypdf"
    if not count:
        raise DamagedError(_l("PDF 没有任何页面。"))
    second = SecondReader(source)
    for index in range(min(count, source.limits.pages)):
        if source.late:
            content.trouble = TimedOutError(
                _l("共 {count} 页，仅读出前 {done} 页。"), count=count, done=index
            )
            return
        text = clean(second.text(index)).strip()
        content.pages.append(PageText(no=index + 1, text=text))
    content.trouble = DamagedError(
        _l("PDF 结构已损坏，改用后备程序读出 {count} 页，页面图像可能无法显示。"), count=count
    )


@contextlib.contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Break off Python code that takes longer."""

    def stop(_number: int, _frame: types.FrameType | None) -> None:
        raise _SlowPageError

    previous = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
