"""What changed between two frozen versions of a package, in sentences."""

from collections.abc import Iterator, Mapping, Sequence

from postloan_archive.kernel.errors import _l

Content = Mapping[str, object]


def differences(old: Content, new: Content) -> tuple[str, ...]:
    """Return every difference: sum, cut-off day, exhibits, their order, papers.

    A version from before a fact was kept is silent on it.
    """
    return (
        *_values(old, new),
        *_exhibits(_rows(old, "exhibits"), _rows(new, "exhibits")),
        *_papers(_rows(old, "papers"), _rows(new, "papers")),
    )


def replaced(frozen: Content, now: Mapping[int, str]) -> tuple[str, ...]:
    """Return the exhibits whose document holds other bytes than were frozen.

    Args:
        frozen: content of a version.
        now: current digest by number of the document; one that is missing is gone.
    """
    found = []
    for row in _rows(frozen, "exhibits"):
        number = row.get("document_id")
        if not isinstance(number, int):
            continue  # frozen before the number was kept
        if number not in now:
            found.append(
                _l("{label}《{title}》的文件已不在案卷内。").format(
                    label=row.get("label"), title=row.get("title")
                )
            )
        elif now[number] != row.get("sha256"):
            found.append(
                _l("{label}《{title}》在冻结后已被替换为新的版本。").format(
                    label=row.get("label"), title=row.get("title")
                )
            )
    return tuple(found)


def _values(old: Content, new: Content) -> Iterator[str]:
    for key, label in (
        ("total", _l("标的总额")),
        ("cut_off", _l("计算截止日")),
        ("court", _l("法院")),
    ):
        before, after = old.get(key), new.get(key)
        if before is not None and after is not None and before != after:
            yield _l("{label}：{before} 改为 {after}。").format(
                label=label, before=before, after=after
            )


def _exhibits(old: Sequence[Content], new: Sequence[Content]) -> Iterator[str]:
    before = {_key(row): row for row in old}
    after = {_key(row): row for row in new}
    for key, row in before.items():
        if key not in after:
            yield _l("移出 {label}《{title}》。").format(**_named(row))
    for key, row in after.items():
        if key not in before:
            yield _l("加入 {label}《{title}》。").format(**_named(row))
            continue
        was = before[key]
        if was.get("sha256") != row.get("sha256"):
            yield _l("{label}《{title}》换为新的文件版本。").format(**_named(row))
        for field, label in (
            ("title", _l("名称")),
            ("purpose", _l("证明目的")),
            ("source_pages", _l("取用页码")),
            ("original", _l("原件或复印件")),
        ):
            if field in was and field in row and was[field] != row[field]:
                yield _l("{label}《{title}》的{what}已更改。").format(**_named(row), what=label)
    kept_old = [key for key in before if key in after]
    kept_new = [key for key in after if key in before]
    if kept_old != kept_new:
        yield _l("证据顺序已调整。")


def _papers(old: Sequence[Content], new: Sequence[Content]) -> Iterator[str]:
    if not old:
        return
    before = {str(row.get("title")): row.get("sha256") for row in old}
    after = {str(row.get("title")): row.get("sha256") for row in new}
    for title in before:
        if title not in after:
            yield _l("不再含文书《{title}》。").format(title=title)
    for title, digest in after.items():
        if title not in before:
            yield _l("加入文书《{title}》。").format(title=title)
        elif before[title] != digest:
            yield _l("文书《{title}》内容有变化。").format(title=title)


def _rows(content: Content, name: str) -> list[Content]:
    rows = content.get(name)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _key(row: Content) -> object:
    return row.get("item") or row.get("sha256")


def _named(row: Content) -> dict[str, object]:
    return {"label": row.get("label"), "title": row.get("title")}
