"""Sending a finished file: whole, or what a caller lacks of the very same bytes.

Its entity tag is the SHA-256 of its bytes, so that a part that was received before may
be completed by another answer if, and only if, both are of equal files (`If-Range`).
"""

import asyncio
import hashlib
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from tempfile import SpooledTemporaryFile
from typing import Any, Final

from fastapi import Response
from fastapi.responses import StreamingResponse
from starlette.datastructures import Headers

from services.api.http.conditional import CACHE_CONTROL, NOT_MODIFIED, VARY, is_listed

PIECE: Final = 1 << 16  # bytes
PARTIAL: Final = 206
_RANGE: Final = re.compile(r"bytes=(\d{1,18})-")

SHOWN: Final[dict[str, Any]] = {
    "ETag": {
        "description": "SHA-256 of the file, quoted",
        "schema": {"type": "string"},
    },
    "Repr-Digest": {
        "description": "SHA-256 of the whole file (RFC 9530)",
        "schema": {"type": "string"},
    },
    "Accept-Ranges": {"description": "`bytes`", "schema": {"type": "string"}},
}


async def answer_with(
    file: "SpooledTemporaryFile[bytes]",
    asked: Headers,
    *,
    headers: Mapping[str, str],
    media_type: str,
) -> Response:
    """Return the answer that sends the file, and closes it when all is sent.

    Only a single range to the end of the file is heeded (RFC 9110, 14.2); with any
    other the file is sent whole.
    """
    size = file.seek(0, 2)
    digest = await asyncio.to_thread(_digest, file)
    tag = f'"{digest.hex()}"'
    shown = {"ETag": tag, "Accept-Ranges": "bytes"}
    if is_listed(tag, ", ".join(asked.getlist("if-none-match"))):
        file.close()
        kept = {"Vary": VARY, "Cache-Control": CACHE_CONTROL}
        return Response(status_code=NOT_MODIFIED, headers=shown | kept)
    first = _first_byte(asked, tag, size)
    shown["Content-Length"] = str(size - first)
    shown["Repr-Digest"] = f"sha-256=:{b64encode(digest).decode()}:"
    if first:
        shown["Content-Range"] = f"bytes {first}-{size - 1}/{size}"
    file.seek(first)
    return StreamingResponse(
        _pieces(file),
        status_code=PARTIAL if first else 200,
        media_type=media_type,
        headers={**headers, **shown},
    )


def _first_byte(asked: Headers, tag: str, size: int) -> int:
    """Return where the caller wants the file to begin; 0 for all of it."""
    wanted = _RANGE.fullmatch(asked.get("range", "").replace(" ", ""))
    if wanted is None or asked.get("if-range", tag) != tag:
        return 0
    first = int(wanted[1])
    return first if first < size else 0


def _digest(file: "SpooledTemporaryFile[bytes]") -> bytes:
    file.seek(0)
    found = hashlib.sha256()
    while piece := file.read(PIECE):
        found.update(piece)
    return found.digest()


async def _pieces(file: "SpooledTemporaryFile[bytes]") -> AsyncIterator[bytes]:
    with file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece
