"""Names and types of files that others sent, made fit to be given out again."""

import re
import unicodedata
from typing import Final

LONGEST_NAME: Final = 120  # characters
LONGEST_EXTENSION: Final = 16  # characters, with the dot
UNNAMED: Final = "file"
UNKNOWN_TYPE: Final = "application/octet-stream"

# What Windows allows in no name; `/` and `\` divide folders and were cut off before.
_RESERVED: Final = str.maketrans('<>:"|?*', "_______")
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
# Controls, and what turns the direction of writing round.
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_TYPE: Final = re.compile(
    r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}"
)


def clean_file_name(name: str) -> str:
    r"""Return the name without folders, hidden characters and what no system allows.

    >>> clean_file_name("C:\\отчёты\\ВПР: итоги.docx")
    'ВПР_ итоги.docx'
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(
        sign for sign in last if unicodedata.category(sign) not in _HIDDEN
    ).translate(_RESERVED)
    plain = " ".join(seen.split()).strip(". ")
    if not plain:
        return UNNAMED
    if _DEVICES.match(plain):
        plain = f"_{plain}"
    return _shortened(plain)


def clean_content_type(stated: str | None) -> str:
    """Return the media type without parameters; what is none is a row of bytes."""
    media_type = (stated or "").partition(";")[0].strip().lower()
    return media_type if _TYPE.fullmatch(media_type) else UNKNOWN_TYPE


def _shortened(name: str) -> str:
    """Return the name in `LONGEST_NAME` characters, with its extension."""
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    ending = f"{dot}{extension}"
    if not stem or len(ending) > LONGEST_EXTENSION:
        stem, ending = name, ""
    return stem[: LONGEST_NAME - len(ending)].rstrip(". ") + ending
