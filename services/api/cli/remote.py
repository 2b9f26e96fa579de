"""An api somewhere else: asked with patience, since networks and servers restart."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Final

import httpx
import typer

from services.api.cli.running import REFUSED, UNREACHABLE
from services.api.cli.speaking import complain
from shared.domain.errors import Text
from shared.runtime.startup import UNUSABLE

PAGE: Final = 100
FIRST_PAUSE: Final = 1.0  # seconds; each next one is twice as long
TIMEOUT: Final = httpx.Timeout(300, connect=10)
BUSY: Final = frozenset({429, 502, 503, 504})
IN_PROGRESS: Final = "idempotency_in_progress"

Url = Annotated[
    str, typer.Option(envvar="PODYOM_URL", help="Where the api is: https://…")
]
Token = Annotated[
    str,
    typer.Option(
        envvar="PODYOM_TOKEN",
        help="API token; better in the variable, which no list of processes shows",
    ),
]
Language = Annotated[
    str | None,
    typer.Option(help="ru or en; else the terminal's", envvar="PODYOM_LANGUAGE"),
]

Patience = Annotated[
    float, typer.Option(min=0, help="Seconds to wait for a server that is away")
]
PATIENCE: Final = 60.0


class Remote:
    """Requests with a token; where the api refuses, the command ends."""

    def __init__(self, client: httpx.Client, language: str, patience: float) -> None:
        self.language = language
        self._client = client
        self._patience = patience

    def pauses(self) -> Iterator[float | None]:
        """Yield how long to wait after each try that failed; nothing after the last."""
        waited, pause = 0.0, FIRST_PAUSE
        while waited + pause <= self._patience:
            yield pause
            waited += pause
            pause *= 2
        yield None

    def ask(
        self,
        make: Callable[[httpx.Client], httpx.Request],
        *,
        foreseen: str | None = None,
    ) -> httpx.Response:
        """Return the whole answer to a request, which is made anew for each try.

        A refusal is returned where its code is `foreseen`.

        Raises:
            typer.Exit: the api refuses, or stays away too long.
        """
        answer = self._answer(make, stream=False)
        problem = _problem(answer) if answer.is_error else {}
        if answer.is_error and (foreseen is None or problem.get("code") != foreseen):
            raise self._refused(answer.status_code, problem)
        return answer

    @contextmanager
    def begin(
        self, make: Callable[[httpx.Client], httpx.Request]
    ) -> Iterator[httpx.Response]:
        """Yield the beginning of an answer, whose rest has not been received.

        Raises:
            typer.Exit: the api refuses, or stays away too long.
        """
        answer = self._answer(make, stream=True)
        try:
            if answer.is_error:
                answer.read()
                raise self._refused(answer.status_code, _problem(answer))
            yield answer
        finally:
            answer.close()

    def get(self, path: str, **parameters: Any) -> Any:
        """Return what is at a path."""
        given = {name: value for name, value in parameters.items() if value is not None}
        return self.ask(
            lambda client: client.build_request("GET", path, params=given)
        ).json()

    def all_items(self, path: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        """Yield a list's items, page by page."""
        after = None
        while True:
            page = self.get(path, **parameters, after=after, limit=PAGE)
            yield from page["items"]
            after = page["next_after"]
            if after is None:
                return

    def number_of(self, path: str, code: str | None, **parameters: Any) -> int | None:
        """Return the number of what a code names in a list; a number stays one.

        Raises:
            typer.Exit: there is none.
        """
        if code is None or code.isdecimal():
            return None if code is None else int(code)
        for item in self.all_items(path, **parameters):
            if item["code"] == code:
                return int(item["id"])
        text = Text(
            f"Среди доступного вам кода «{code}» нет: GET {path}.",
            f"Nothing that you may see has the code '{code}': GET {path}.",
        )
        raise complain(text, self.language, code=REFUSED)

    def _answer(
        self, make: Callable[[httpx.Client], httpx.Request], *, stream: bool
    ) -> httpx.Response:
        why = ""
        for pause in self.pauses():
            try:
                answer = self._client.send(make(self._client), stream=stream)
            except httpx.TransportError as error:
                why = f"{type(error).__name__}: {error}"
                stated = ""
            else:
                if not _is_busy(answer):
                    return answer
                why = f"{answer.status_code} {answer.reason_phrase}"
                stated = answer.headers.get("Retry-After", "")
                answer.close()
            if pause is not None:
                time.sleep(int(stated) if stated.isdecimal() else pause)
        raise self.unreachable(why)

    def unreachable(self, why: str) -> typer.Exit:
        """Tell that the api is away, and how to go on."""
        text = Text(
            f"Сервер не отвечает ({why}). Повторите ту же команду: она продолжит.",
            f"The server does not answer ({why}). Repeat the same command: it goes on.",
        )
        return complain(text, self.language, code=UNREACHABLE)

    def _refused(self, status: int, problem: dict[str, Any]) -> typer.Exit:
        lines = [problem.get("detail") or f"HTTP {status}"]
        lines += [told(fault, self.language) for fault in problem.get("faults", ())]
        said = "\n".join(lines)
        return complain(Text(said, said), self.language, code=REFUSED)


@contextmanager
def connected(
    url: str, token: str, language: str, *, patience: float
) -> Iterator[Remote]:
    """Yield the api at an address.

    Raises:
        typer.Exit: the address is none.
    """
    if not re.fullmatch(r"https?://[^\s/]+\S*", url) or not token.isascii():
        text = Text(
            "PODYOM_URL — адрес вида https://…, PODYOM_TOKEN — токен латиницей.",
            "PODYOM_URL is an address like https://…, PODYOM_TOKEN is plain letters.",
        )
        raise complain(text, language, code=UNUSABLE)
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
    with httpx.Client(base_url=url, headers=headers, timeout=TIMEOUT) as client:
        yield Remote(client, language, patience)


def told(fault: dict[str, Any], language: str) -> str:
    """Say in a line what is wrong where."""
    where = ", ".join(
        str(fault[name]) for name in ("sheet", "row", "column") if fault.get(name)
    )
    value = "" if fault.get("value") is None else f" «{fault['value']}»"
    return f"  {where}{value}: {fault.get(f'reason_{language}') or fault['reason']}"


def _is_busy(answer: httpx.Response) -> bool:
    if answer.status_code in BUSY:
        return True
    if answer.status_code != httpx.codes.CONFLICT:
        return False
    answer.read()
    return bool(_problem(answer).get("code") == IN_PROGRESS)


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
