"""What a check of a package says: sentences for people, codes for programs."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.errors import _l as _l


class Code(StrEnum):
    """What is wrong."""

    NOT_A_PACKAGE = "not_a_package"
    CONTAINER_CHANGED = "container_changed"
    UNSAFE_NAME = "unsafe_name"
    DUPLICATE = "duplicate"
    UNREADABLE = "unreadable"
    DECLARATION = "declaration"
    LIST_MISSING = "list_missing"
    LIST_INVALID = "list_invalid"
    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"
    COUNT_DIFFERS = "count_differs"
    FACTS_INVALID = "facts_invalid"
    FACTS_DIFFER = "facts_differ"
    PAGES_DIFFER = "pages_differ"
    PROOF_INVALID = "proof_invalid"
    SIGNATURE_INVALID = "signature_invalid"
    PROOF_UNRELATED = "proof_unrelated"


SENTENCES: Final[dict[Code, str]] = {
    Code.NOT_A_PACKAGE: _l("文件不是材料包，或已损坏到无法打开：{name}。"),
    Code.CONTAINER_CHANGED: _l(
        "压缩包外壳与生成时不同，可能被改动或重新打包（位置 {detail}）。"
    ),
    Code.UNSAFE_NAME: _l("包内文件名“{name}”不安全，解压可能覆盖其他文件。"),
    Code.DUPLICATE: _l("包内文件“{name}”出现多次。"),
    Code.UNREADABLE: _l("包内文件“{name}”无法读取，内容已损坏。"),
    Code.DECLARATION: _l("bagit.txt 不是 BagIt 1.0 声明。"),
    Code.LIST_MISSING: _l("缺少清单文件“{name}”。"),
    Code.LIST_INVALID: _l("清单“{name}”第 {detail} 行格式不正确。"),
    Code.CHANGED: _l("文件“{name}”与清单记载的摘要不符，内容已被改动。"),
    Code.MISSING: _l("清单所列文件“{name}”不在包内。"),
    Code.ADDED: _l("文件“{name}”不在清单内，是后来加入的。"),
    Code.COUNT_DIFFERS: _l("bag-info.txt 记载的文件数和字节数与实际不符：{detail}。"),
    Code.FACTS_INVALID: _l("package.json 无法解析：{detail}。"),
    Code.FACTS_DIFFER: _l("package.json 对文件“{name}”的记载与包内文件不符。"),
    Code.PAGES_DIFFER: _l("“{name}”的页数与 package.json 的记载不符：{detail}。"),
    Code.PROOF_INVALID: _l("审计证明不成立：{detail}。"),
    Code.SIGNATURE_INVALID: _l("审计检查点的签名不成立：{detail}。"),
    Code.PROOF_UNRELATED: _l("审计证明所证的记录没有提到本材料包的清单摘要。"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong; `name` is the file concerned, or empty."""

    code: Code
    name: str = ""
    detail: str = ""

    @property
    def sentence(self) -> str:
        """Return the Chinese sentence."""
        return SENTENCES[self.code].format(name=self.name, detail=self.detail)

    def as_json(self) -> Mapping[str, str]:
        """Return what a program reads."""
        return {"code": self.code, "name": self.name, "sentence": self.sentence}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The result of a check.

    Attributes:
        findings: everything wrong, in the order found; none means the package is as written.
        files: payload files counted.
        size: bytes of the payload.
        manifest_sha256: digest of the list, to be compared with the one in the audit trail.
        proved: audit lines whose inclusion under a signed checkpoint was verified.
        key_id: name of the key that signed the checkpoint, or empty; whether it is the bank's
            is for the reader to compare, the zip cannot vouch for it.
    """

    findings: tuple[Finding, ...]
    files: int = 0
    size: int = 0
    manifest_sha256: str = ""
    proved: int = 0
    key_id: str = ""

    @property
    def is_intact(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.findings

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return what a person reads, a summary first."""
        if self.findings:
            head = f"材料包核验未通过，发现 {len(self.findings)} 处问题。"
        else:
            head = f"材料包核验通过：{self.files} 个文件，{self.size} 字节，与清单一致。"
        tail: tuple[str, ...] = ()
        if self.proved:
            tail = (f"{self.proved} 条审计记录的存证证明成立，签名公钥编号 {self.key_id}。",)
        return (head, *(finding.sentence for finding in self.findings), *tail)
