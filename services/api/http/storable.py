"""Text that can be kept: neither half a character nor U+0000.

JSON can spell what no text in UTF-8 has, a surrogate without its other half, and what
PostgreSQL does not hold, U+0000. Both are refused before a route sees the body, so that
no field has to.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive, Scope

from shared.domain.errors import Fault, InvalidInputError, Text

UNKEPT: Final = re.compile("[\x00\ud800-\udfff]")
# What a body has to contain to spell such a character; zero bytes are UTF-16's too.
SUSPICIOUS: Final = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])|\xed[\xa0-\xbf]|\x00")
REASON: Final = Text(
    "В тексте есть знак, который нельзя сохранить: половина пары UTF-16 или U+0000. "
    "Уберите его.",
    "The text has a character that cannot be kept: half of a UTF-16 pair, or U+0000. "
    "Remove it.",
)
DETAIL: Final = Text(
    "В запросе есть знаки, которые нельзя сохранить; места перечислены в faults.",
    "The request has characters that cannot be kept; places are in faults.",
)


def legible(value: Any) -> Any:
    """Return what can be written as JSON in UTF-8: halves of characters as escapes."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, list):
        return [legible(each) for each in value]
    if isinstance(value, dict):
        return {legible(name): legible(each) for name, each in value.items()}
    return value


def check_query(query: bytes) -> None:
    """Refuse a query with a text that cannot be kept.

    Raises:
        InvalidInputError: such a text is there; the faults name the parameters.
    """
    given = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    _refuse([f"query.{name}" for name, value in given if UNKEPT.search(name + value)])


async def checked_body(scope: Scope, receive: Receive) -> Receive:
    """Read a body of JSON, and return what gives it to the route once more.

    What is no JSON at all is left to the route to refuse.

    Raises:
        InvalidInputError: a text in it cannot be kept; the faults name the places.
    """
    kind = Request(scope).headers.get("content-type", "")
    if "json" not in kind.partition(";")[0].lower():
        return receive
    try:
        body = await Request(scope, receive).body()
    except ClientDisconnect:
        return receive
    refuse_unkept(body)
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again


def refuse_unkept(body: bytes) -> None:
    """Refuse JSON with a text that cannot be kept.

    Raises:
        InvalidInputError: such a text is there; the faults name the places.
    """
    if SUSPICIOUS.search(body):
        _refuse(list(_unkept(body)))


def _unkept(body: bytes) -> Iterator[str]:
    """Yield the places of texts that cannot be kept, such as ``body.titles.0``."""
    try:
        left: list[tuple[str, Any]] = [("body", json.loads(body))]
    except (ValueError, RecursionError):
        return
    while left:
        place, value = left.pop()
        if isinstance(value, str) and UNKEPT.search(value):
            yield place
        elif isinstance(value, list):
            left += [(f"{place}.{at}", each) for at, each in enumerate(value)]
        elif isinstance(value, dict):
            yield from (f"{place}.{name}" for name in value if UNKEPT.search(name))
            left += [(f"{place}.{name}", each) for name, each in value.items()]


def _refuse(places: list[str]) -> None:
    if places:
        faults = [Fault(column=place, reason=REASON) for place in sorted(places)]
        raise InvalidInputError(DETAIL, faults=faults)
