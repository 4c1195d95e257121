"""Reading pypdf's objects: a dictionary's own `get` does not follow references, this does."""

from pypdf.generic import DictionaryObject, NameObject, NullObject

# Names are bytes. Chinese files spell font names in GBK, and viewers know 宋体 by those bytes,
# so pypdf must not guess an encoding: Latin-1 keeps every byte as it is.
NameObject.CHARSETS = ("latin-1",)  # type: ignore[assignment]  # a tuple of any length will do


def entry(dictionary: DictionaryObject, key: str) -> object:
    """Return what an entry holds, references followed; None where it is missing or null."""
    return resolved(dict.get(dictionary, key))


def resolved(value: object) -> object:
    """Return the object behind a reference; null and a dangling reference are None."""
    getter = getattr(value, "get_object", None)
    found = getter() if getter is not None else value
    return None if isinstance(found, NullObject) else found
