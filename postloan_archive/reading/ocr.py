"""Recognition for callers: long-lived workers, because loading the models is slow."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from postloan_archive.kernel.errors import _l
from postloan_archive.reading.limits import Limits
from postloan_archive.reading.refusals import OcrUnavailableError
from postloan_archive.reading.replies import lost, raise_refusal
from postloan_archive.reading.results import OcrBox, OcrPage
from postloan_archive.reading.workers import WorkerLostError, WorkerPool

OCR_LIMITS: Final = Limits(wall_s=120, cpu_s=115, memory_mb=4_096)
_RECYCLE: Final = 300
_MODELS: Final = 3  # finding lines, their direction, reading them


def ocr_available() -> str | None:
    """Return why recognition is not available, Chinese; None if it is."""
    for module in ("onnxruntime", "rapidocr"):
        spec = find_spec(module)
        if spec is None or spec.origin is None:
            return _l("未安装可选组件 ocr（缺少 {module}）").format(module=module)
    assert spec is not None
    assert spec.origin is not None
    models = list((Path(spec.origin).parent / "models").glob("*.onnx"))
    if len(models) < _MODELS:
        return _l("识别模型不完整，请重新安装可选组件 ocr")
    return None


class OcrPool:
    """Workers that recognise pages, one thread and about 0.9 GB each.

    Args:
        workers: pages that are recognised at the same time; callers beyond it wait.
    """

    def __init__(self, workers: int = 2) -> None:
        self._pool = WorkerPool("ocr", idle=workers, recycle=_RECYCLE, at_once=workers)

    def page(
        self, path: Path, media_type: str, page_no: int, *, limits: Limits = OCR_LIMITS
    ) -> OcrPage:
        """Return the words on a page.

        Args:
            path: the file, a PDF or a picture.
            media_type: as `read_file` found it.
            page_no: from 1.
            limits: what the page may cost.

        Raises:
            OcrUnavailableError: recognition is not installed or does not start.
            NotRenderableError: the type has no page image.
            NoPageError: no such page.
            UnreadableError: the page cannot be drawn, or it took too long.
        """
        reason = ocr_available()
        if reason is not None:
            raise OcrUnavailableError(reason)
        request = {"path": str(path.absolute()), "media_type": media_type, "page_no": page_no}
        page = None
        try:
            for message, _ in self._pool.ask("ocr", request, limits):
                raise_refusal(message, limits)
                page = page or _page(message)
        except WorkerLostError as error:
            if error.starting:
                raise OcrUnavailableError(_l("识别程序无法启动")) from error
            raise lost(error, limits) from error
        assert page is not None  # a worker that refuses nothing has sent it
        return page

    def close(self) -> None:
        """End the workers."""
        self._pool.close()


def _page(message: dict[str, Any]) -> OcrPage:
    return OcrPage(
        text=message["text"],
        boxes=tuple(
            OcrBox(text=text, x0=x0, y0=y0, x1=x1, y1=y1, confidence=confidence)
            for text, x0, y0, x1, y1, confidence in message["boxes"]
        ),
        confidence=message["confidence"],
        turn=message["turn"],
    )


_POOL: Final = OcrPool(min(2, os.cpu_count() or 1))


def ocr_page(
    path: Path, media_type: str, page_no: int, *, limits: Limits = OCR_LIMITS
) -> OcrPage:
    """Return the words on a page, from the pool of this process; see `OcrPool.page`."""
    return _POOL.page(path, media_type, page_no, limits=limits)
