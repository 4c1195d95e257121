"""The evidence bundle (证据材料): merging, stamping, bookmarks; the package around it."""

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
from postloan_archive.bundle.package import (
    Code,
    Finding,
    PackageEntry,
    PackageFile,
    PackageManifest,
    PackageNameError,
    Report,
    verify_package,
    write_package,
)
from postloan_archive.bundle.package.names import is_safe
from postloan_archive.bundle.restamp import remove_stamps, restamp
from postloan_archive.bundle.spec import (
    BundleResult,
    BundleSpec,
    CoverSheet,
    Exhibit,
    PlacedExhibit,
    Pleading,
    Source,
)
from postloan_archive.bundle.typefaces import load_typefaces

__all__ = [
    "BundleResult",
    "BundleSpec",
    "Code",
    "CoverSheet",
    "Exhibit",
    "Finding",
    "NoChineseTypefaceError",
    "NotABundleError",
    "PackageEntry",
    "PackageFile",
    "PackageManifest",
    "PackageNameError",
    "PageCountError",
    "PageRangeError",
    "PlacedExhibit",
    "Pleading",
    "Problem",
    "Reason",
    "Report",
    "Source",
    "VolumeLimitError",
    "build_bundle",
    "build_volumes",
    "is_safe",
    "load_typefaces",
    "remove_stamps",
    "restamp",
    "verify_package",
    "write_package",
]
