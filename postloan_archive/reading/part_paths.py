"""Where a part of a container lies that another part names."""

import posixpath


def path_from(base: str, target: str) -> str:
    """Return a location: absolute from the container, else from the folder of `base`."""
    target = target.strip().replace("\\", "/")
    if target.startswith("/"):
        return posixpath.normpath(target.lstrip("/"))
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), target))
