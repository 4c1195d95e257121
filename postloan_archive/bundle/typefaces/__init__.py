"""Chinese typefaces: finding them, measuring with them, embedding the glyphs in use."""

from postloan_archive.bundle.typefaces.faces import (
    HEI,
    SONG,
    Typeface,
    Typefaces,
    load_typefaces,
)
from postloan_archive.bundle.typefaces.ink import Ink, Subset

__all__ = ["HEI", "SONG", "Ink", "Subset", "Typeface", "Typefaces", "load_typefaces"]
