"""The evidence bundle (证据材料): merging, stamping, bookmarks; and the package it travels in."""

from postloan_archive.bundle.build import build_bundle, build_volumes
from postloan_archive.bundle.faults import (
    NoChineseTypefaceError,
    NotABundleError,
    PageCountError,
    PageRangeError,
    Problem,
    Reason,
    VolumeLimitError,
)
from postloan_archive.bundle.spec import (
    BundleResult,
    BundleSpec,
    CoverSheet,
    Exhibit,
    PlacedExhibit,
    Pleading,
    Source,
)

__all__ = [
    "BundleResult",
    "BundleSpec",
    "CoverSheet",
    "Exhibit",
    "NoChineseTypefaceError",
    "NotABundleError",
    "PageCountError",
    "PageRangeError",
    "PlacedExhibit",
    "Pleading",
    "Problem",
    "Reason",
    "Source",
    "VolumeLimitError",
    "build_bundle",
    "build_volumes",
]
