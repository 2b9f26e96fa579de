"""Answers that are files to be saved, under a Russian name."""

from typing import Any, Final
from urllib.parse import quote

from services.api.http.conditional import CACHE_CONTROL, VARY

A_FILE: Final = {"schema": {"type": "string", "format": "binary"}}


def attachment_headers(ascii_name: str, title: str, extension: str) -> dict[str, str]:
    """Name the file in Russian, and in ASCII for old programs (RFC 6266, app. D)."""
    return saved_as(f"{ascii_name}.{extension}", f"{title}.{extension}")


def saved_as(ascii_name: str, name: str) -> dict[str, str]:
    """Let an answer be saved under a name, for old programs under one in ASCII."""
    named = quote(name, safe="")
    return {
        "Content-Disposition": (
            f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{named}"
        ),
        "Cache-Control": CACHE_CONTROL,
        "Vary": VARY,
    }


def answers_with_file(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """Return the part of a route's `responses=` that describes the file."""
    types = [media_type.partition(";")[0] for media_type in media_types]
    answer = {
        "description": "A file",
        "content": dict.fromkeys(types, A_FILE),
        "headers": {
            "Content-Disposition": {
                "description": "The file's name, in Russian (RFC 6266)",
                "schema": {"type": "string"},
            }
        },
    }
    return {200: answer}
