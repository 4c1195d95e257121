"""From one line of the trail to a head outside of the machine, each step checked anew."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from postloan_archive import audit
from postloan_archive.admin import checkpointing
from postloan_archive.audit import AuditLine, Checkpoint, NoSuchLineError
from postloan_archive.audit.line import GENESIS, chain_hash
from postloan_archive.kernel.errors import FixityError, _l
from postloan_archive.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One step of the proof.

    Attributes:
        state: safe (checked), soon (still to come) or expired (does not hold).
        text: what was checked, Chinese, with `{blanks}` for `facts`.
    """

    icon: str
    title: str
    state: str
    words: str
    text: str
    facts: dict[str, object]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """A line with its neighbours and the steps of its proof."""

    line: AuditLine
    before: int | None
    after: int | None
    links: tuple[Link, ...]

    @property
    def holds(self) -> bool:
        """Return whether no step failed."""
        return all(link.state != "expired" for link in self.links)


GOOD, WAITS, FAILS = _l("已验证"), _l("待完成"), _l("不成立")
PLACE = _l("在树中的位置")


def prove_line(uow: UnitOfWork, seq: int) -> Proven:
    """Check one line against chain, tree, signature and outside copies.

    Raises:
        NoSuchLineError: the trail has no such line.
    """
    near = {line.seq: line for line in audit.lines_of(uow.session, [seq - 1, seq, seq + 1])}
    if seq not in near:
        raise NoSuchLineError(seq=seq)
    return Proven(
        line=near[seq],
        before=seq - 1 if seq - 1 in near else None,
        after=seq + 1 if seq + 1 in near else None,
        links=tuple(_links(uow, near, seq)),
    )


def _links(uow: UnitOfWork, near: dict[int, AuditLine], seq: int) -> Iterator[Link]:
    line = near[seq]
    found = _hash_of(line)
    yield _link(
        "hash",
        _l("内容"),
        _l("按内容重算的哈希 {hash}。"),
        holds=found == line.hash,
        hash=found,
    )
    before = near[seq - 1].hash if seq - 1 in near else GENESIS.hex()
    joined = line.prev_hash == before and (
        seq + 1 not in near or near[seq + 1].prev_hash == line.hash
    )
    yield _link(
        "link",
        _l("前后衔接"),
        _l("前一条的哈希 {hash}，本条记录的与之相同，后一条记录的与本条相同。"),
        holds=joined,
        hash=before,
    )
    head = audit.last_checkpoint(uow.session)
    if head is None or head.tree_size < seq:
        yield _waiting("merge", PLACE, _l("尚未被签名检查点覆盖，每小时签发一次。"))
        return
    try:
        proof = audit.proof_for(uow.session, [seq])
    except FixityError as error:
        yield _link("merge", PLACE, str(error), holds=False)
        return
    entries = proof["entries"]
    assert isinstance(entries, list)
    yield _link(
        "merge",
        PLACE,
        _l("第 {seq} 片叶，经 {steps} 步到达 {size} 条的根 {root}。"),
        holds=True,
        seq=seq,
        steps=len(entries[0]["path"]),
        size=head.tree_size,
        root=head.root,
    )
    trusted = head.public_key in checkpointing.trusted_keys(uow.settings)
    yield _link(
        "shield",
        _l("签名检查点"),
        _l("{at} 由密钥 {key} 签名。"),
        holds=head.is_genuine() and trusted,
        at=head.at,
        key=head.key_id,
    )
    yield _outside(uow, head)


def _hash_of(line: AuditLine) -> str:
    """Return the hash that the content gives; nothing where the row is not ours any more."""
    try:
        return chain_hash(bytes.fromhex(line.prev_hash), line.canonical().encode()).hex()
    except (ValueError, TypeError):
        return ""


def _outside(uow: UnitOfWork, head: Checkpoint) -> Link:
    title, folder = _l("库外副本"), uow.settings.checkpoint_folder
    if not folder:
        return _waiting("box", title, _l("检查点没有离开本机，请系统管理员设置库外位置。"))
    outside = audit.read_checkpoints(Path(folder))
    return _link(
        "box",
        title,
        _l("{folder} 中有同一检查点。"),
        holds=head in outside.checkpoints and not outside.bad_lines,
        folder=folder,
    )


def _link(icon: str, title: str, text: str, *, holds: bool, **facts: object) -> Link:
    return Link(
        icon=icon,
        title=title,
        state="safe" if holds else "expired",
        words=GOOD if holds else FAILS,
        text=text,
        facts=facts,
    )


def _waiting(icon: str, title: str, text: str) -> Link:
    return Link(icon=icon, title=title, state="soon", words=WAITS, text=text, facts={})
