"""Files as they were received in a form."""

import hashlib
from dataclasses import dataclass
from typing import IO, Final

from starlette.datastructures import UploadFile

from shared.domain.file_names import clean_content_type, clean_file_name

_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file as it was received; `sha256` is of its bytes."""

    name: str
    content_type: str
    size: int
    sha256: bytes
    content: IO[bytes]


def described(sent: UploadFile) -> SentFile:
    """Return a received file with its size and hash; it is read once for them."""
    digest, size = hashlib.sha256(), 0
    while chunk := sent.file.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    sent.file.seek(0)
    return SentFile(
        name=clean_file_name(sent.filename or ""),
        content_type=clean_content_type(sent.content_type),
        size=size,
        sha256=digest.digest(),
        content=sent.file,
    )
