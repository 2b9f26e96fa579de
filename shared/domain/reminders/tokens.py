"""Tokens that say what they allow, signed so that nobody can make one."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any


def key_for(secret: str, purpose: bytes) -> bytes:
    """Return the key of one purpose, so that a token is good for nothing else."""
    return hmac.digest(secret.encode(), purpose, hashlib.sha256)


def sealed(fields: Sequence[object], key: bytes) -> str:
    """Return a token: letters, digits, ``-``, ``_`` and one dot."""
    payload = json.dumps(fields, separators=(",", ":")).encode()
    return f"{_text(payload)}.{_text(hmac.digest(key, payload, hashlib.sha256))}"


def opened(token: str, key: bytes) -> list[Any]:
    """Return the fields of a token.

    Raises:
        ValueError: it was not signed with the key, or is spelt otherwise.
    """
    payload, _, signature = token.partition(".")
    content, found = _bytes(payload), _bytes(signature)
    if not hmac.compare_digest(found, hmac.digest(key, content, hashlib.sha256)):
        raise ValueError("not signed with the key")
    # The last sign has bits to spare: one token would have several spellings.
    if token != f"{_text(content)}.{_text(found)}":
        raise ValueError("another spelling of a token")
    fields: list[Any] = json.loads(content)
    return fields


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(
        text + "=" * (-len(text) % 4), altchars=b"-_", validate=True
    )
