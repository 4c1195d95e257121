"""Electronic signatures of PDF and OFD: who signed, and whether the content is what was signed.

A verdict is about the bytes alone. Whether a certificate deserves trust, and whether it was
revoked, needs the issuers' roots and a network, which a reader of strangers' files has not.
"""

import importlib
from typing import Any


def signing_of(form: str) -> Any:  # noqa: ANN401 - a module of this package
    """Return the module for `pdf` or `ofd`; loaded when the first signed file comes.

    The libraries behind them take a second to load, and few files are signed.
    """
    return importlib.import_module(f"{__name__}.{form}")
