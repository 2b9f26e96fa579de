"""Validators of answers, and answering 304 where the caller has the answer already.

An entity tag is made from the bytes of the body, not from a version or the number of a
run: answers carry what changes without either (`is_stale`, `days_left`, the names of
schools, what the caller may do), and hashing a page costs less than one statement.
Being equal only where the bytes are, it is a strong validator (RFC 9110, 8.8.1).
"""

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OK: Final = 200
NOT_MODIFIED: Final = 304
# Answers depend on the account and its language; caches ask before they use one again.
VARY: Final = "Accept-Language, Authorization"
CACHE_CONTROL: Final = "private, no-cache"
# What a 304 repeats of the answer that it stands for (RFC 9110, 15.4.5).
KEPT: Final = frozenset({"etag", "vary", "cache-control"})

_OPAQUE: Final = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_VERSIONED: Final = re.compile(r'"(\d+)"')


def digest_of(body: bytes) -> str:
    """Return what stands for these bytes in an entity tag."""
    return blake2b(body, digest_size=16).hexdigest()


def version_tag(version: int) -> str:
    """Return the tag that a route gives; on its way out it gets the body's digest."""
    return f'"{version}"'


def is_listed(tag: str, if_none_match: str) -> bool:
    """Tell whether the field names the tag, by the weak comparison (RFC 9110, 8.8.3.2).

    >>> is_listed('"a"', 'W/"a", "b"')
    True
    """
    if if_none_match.strip() == "*":
        return True
    return tag.strip('"') in _OPAQUE.findall(if_none_match)


class ConditionalRequests:
    """Middleware that tags JSON answers under /v1 (RFC 9110, 8.8.3 and 13.1.2).

    A body that comes in one piece, as those of all routes with a model do, is hashed as
    it is; one that is streamed goes through untagged, without being held back.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] == "http" and scope["path"].startswith("/v1/"):
            send = _Tagging(scope, send).send
        await self._app(scope, receive, send)


@dataclass(slots=True)
class _Tagging:
    """The answer to one request; its start waits for the first piece of the body."""

    scope: Scope
    forward: Send
    start: Message | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and self._concerns(message):
            self.start = message
            return
        if self.start is not None:
            start, self.start = self.start, None
            if message["type"] == "http.response.body" and not message.get("more_body"):
                message = self._tag(start, message)
            await self.forward(start)
        await self.forward(message)

    def _concerns(self, start: Message) -> bool:
        """Tell whether it reads JSON, or changes what has a version."""
        headers = MutableHeaders(raw=start["headers"])
        if not headers.get("content-type", "").startswith("application/json"):
            return False
        if self.scope["method"] != "GET":
            return "etag" in headers
        headers.add_vary_header(VARY)
        headers.setdefault("Cache-Control", CACHE_CONTROL)
        return bool(start["status"] == OK)

    def _tag(self, start: Message, message: Message) -> Message:
        """Tag the answer; return its body, empty where the caller has it already."""
        headers = MutableHeaders(raw=start["headers"])
        version = _VERSIONED.fullmatch(headers.get("etag", ""))
        prefix = f"{version[1]}-" if version else ""
        tag = f'"{prefix}{digest_of(message.get("body", b""))}"'
        headers["ETag"] = tag
        wanted = ", ".join(Headers(scope=self.scope).getlist("if-none-match"))
        if self.scope["method"] != "GET" or not is_listed(tag, wanted):
            return message
        start["status"] = NOT_MODIFIED
        start["headers"] = [
            (name, value)
            for name, value in start["headers"]
            if name.decode("latin-1").lower() in KEPT
        ]
        return {"type": "http.response.body", "body": b""}
