"""A proxy on loopback that loses answers, as networks do, when it is told to."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from shared.runtime.embedded.ports import LOOPBACK

HOP_BY_HOP = {"connection", "transfer-encoding", "host", "content-length", "keep-alive"}
PATIENCE = 60.0


class Fault(Enum):
    """What becomes of an answer."""

    NONE = auto()
    LOST = auto()  # after the api has answered
    CUT = auto()  # in the middle of its body
    HELD = auto()  # until the proxy ends
    STUCK = auto()  # in the middle of its body, until the proxy ends


Judge = Callable[[str, str, int], Fault]  # of method, path, and how many came before


@dataclass
class FaultyProxy:
    """Where it is, what came through, and whether an answer is held by now.

    `statuses` are those of what was answered, in the order of `seen`.
    """

    upstream: str
    judge: Judge
    address: str = ""
    seen: list[tuple[str, str]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    is_held: threading.Event = field(default_factory=threading.Event)
    is_over: threading.Event = field(default_factory=threading.Event)

    def decide(self, method: str, path: str) -> Fault:
        """Return what happens to the next answer."""
        count = self.seen.count((method, path))
        self.seen.append((method, path))
        return self.judge(method, path, count)


@contextmanager
def faulty_proxy(upstream: str, judge: Judge) -> Iterator[FaultyProxy]:
    """Yield a proxy before `upstream` that does to answers what `judge` says."""
    proxy = FaultyProxy(upstream, judge)

    class Handler(_Handler):
        pass

    Handler.proxy = proxy
    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    server.daemon_threads = True
    proxy.address = f"http://{LOOPBACK}:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.is_over.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    proxy: FaultyProxy

    def do_GET(self) -> None:
        self._pass_on()

    def do_POST(self) -> None:
        self._pass_on()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _pass_on(self) -> None:
        body = self._body()
        headers = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in HOP_BY_HOP
        }
        url = f"{self.proxy.upstream}{self.path}"
        answer = httpx.request(
            self.command,
            url,
            content=body,
            headers=headers | {"Accept-Encoding": "identity"},
            trust_env=False,
            timeout=PATIENCE,
        )
        with contextlib.suppress(OSError):
            self._answer(answer)

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length")
        if length is not None:
            return self.rfile.read(int(length))
        pieces = []
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                pieces.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
        return b"".join(pieces)

    def _answer(self, answer: httpx.Response) -> None:
        fault = self.proxy.decide(self.command, self.path.partition("?")[0])
        self.proxy.statuses.append(answer.status_code)
        self.close_connection = True
        if fault is Fault.LOST:
            return
        if fault is Fault.HELD:
            self.proxy.is_held.set()
            self.proxy.is_over.wait(PATIENCE)
            return
        self.send_response(answer.status_code)
        for name, value in answer.headers.items():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        whole = answer.content
        is_half = fault in {Fault.CUT, Fault.STUCK}
        self.wfile.write(whole[: len(whole) // 2] if is_half else whole)
        if fault is Fault.STUCK:
            self.wfile.flush()
            self.proxy.is_held.set()
            self.proxy.is_over.wait(PATIENCE)
