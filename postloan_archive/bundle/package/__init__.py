"""The package (材料包): a BagIt 1.0 zip that anyone can check with nothing but the zip."""

from postloan_archive.bundle.package.names import PackageNameError
from postloan_archive.bundle.package.report import Code, Finding, Report
from postloan_archive.bundle.package.verify import verify_package
from postloan_archive.bundle.package.write import (
    PackageEntry,
    PackageFile,
    PackageManifest,
    write_package,
)

__all__ = [
    "Code",
    "Finding",
    "PackageEntry",
    "PackageFile",
    "PackageManifest",
    "PackageNameError",
    "Report",
    "verify_package",
    "write_package",
]
