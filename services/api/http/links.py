"""The `Link` of a page to the next one (RFC 8288), made in one place for every list.

Lists end their pages with `page_of`, which knows where the next one begins and nothing
of HTTP; the middleware knows the address. Between them lies a variable of the request's
own context, so that no list can forget its link.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(slots=True)
class _PageEnd:
    next_after: int | str | None = None


_page_end: ContextVar[_PageEnd | None] = ContextVar("page_end", default=None)


def announce_next(next_after: int | str) -> None:
    """Say that the list which is being answered goes on after this key."""
    end = _page_end.get()
    if end is not None:
        end.next_after = next_after


class NextPageLinks:
    """Middleware that links a page to the next one of the same list."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        end = _PageEnd()

        async def linked(message: Message) -> None:
            if message["type"] == "http.response.start" and end.next_after is not None:
                link = f'<{next_address(scope, end.next_after)}>; rel="next"'
                MutableHeaders(raw=message["headers"]).append("Link", link)
            await send(message)

        token = _page_end.set(end)
        try:
            await self._app(scope, receive, linked)
        finally:
            _page_end.reset(token)


def next_address(scope: Scope, next_after: int | str) -> str:
    """Return the request's own address with another `after`.

    It is relative to the host: behind a proxy the api does not know its outer name.
    """
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    kept = [(name, value) for name, value in query if name != "after"]
    path = scope.get("raw_path") or scope["path"].encode()
    target = path.partition(b"?")[0].decode("latin-1")
    return f"{target}?{urlencode([*kept, ('after', next_after)])}"
