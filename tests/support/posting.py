"""Somebody who enters results all the time and gives up none of them."""

import itertools
import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

import httpx

from shared.runtime.embedded.processes import wait_until

PATIENCE = 60.0  # seconds; reached only where something is broken
PAUSE = 0.02  # between two results, to leave the machine to those who work
Body = dict[str, Any]

CREATED, CONFLICT, UNAVAILABLE = 201, 409, 503


def bodies(school_ids: list[int], year: int) -> Iterator[Body]:
    """Yield results with natural keys that differ, and counts that vary."""
    sittings = itertools.product(
        range(1, 100), ("russian", "mathematics", "biology"), (5, 6, 7), school_ids
    )
    for number, (wave, subject, grade, school_id) in enumerate(sittings):
        yield {
            "school_id": school_id,
            "procedure": "vpr",
            "subject": subject,
            "programme_grade": grade,
            "pupil_grade": grade,
            "academic_year": year,
            "wave": wave,
            "n2": number % 3,
            "n3": 1 + number % 7,
            "n4": 2 + (number * school_id) % 11,
            "n5": (number + school_id) % 5,
            "n_ungraded": number % 2,
        }


class Poster:
    """A thread that posts one result after the other until the block ends.

    A request that was not answered, or with 503, is repeated; then, and only then,
    409 says that the first one was kept.
    """

    def __init__(self, client: httpx.Client, results: Iterator[Body]) -> None:
        self.acknowledged: list[Body] = []
        self.repeated = 0
        self._client = client
        self._results = results
        self._failure: BaseException | None = None
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End with the result that is being entered; raise what went wrong."""
        self._is_stopping.set()
        self._thread.join(2 * PATIENCE)
        if self._failure is not None and error is None:
            raise self._failure

    def enter_more(self, count: int) -> None:
        """Wait until so many more results are acknowledged."""
        aim = len(self.acknowledged) + count
        wait_until(
            lambda: len(self.acknowledged) >= aim or not self._thread.is_alive(),
            seconds=PATIENCE,
        )
        if self._failure is not None:
            raise self._failure
        assert len(self.acknowledged) >= aim

    def _run(self) -> None:
        try:
            while not self._is_stopping.wait(PAUSE):
                body = next(self._results)
                self.repeated += post_surely(self._client, body) - 1
                self.acknowledged.append(body)
        except BaseException as failure:  # noqa: BLE001 - raised again by who waits
            self._failure = failure


def post_surely(client: httpx.Client, body: Body) -> int:
    """Post a result until it is known to be there; return how many times it took."""
    end = time.monotonic() + PATIENCE
    for attempt in itertools.count(1):
        try:
            answer = client.post("/v1/results", json=body)
        except httpx.TransportError as error:
            outcome = repr(error)
        else:
            if answer.status_code == CREATED:
                return attempt
            if answer.status_code == CONFLICT and attempt > 1:
                assert answer.json()["code"] == "result_exists"
                return attempt
            outcome = f"{answer.status_code} {answer.text}"
            assert answer.status_code == UNAVAILABLE, f"attempt {attempt}: {outcome}"
        assert time.monotonic() < end, f"attempt {attempt}: {outcome}"
        time.sleep(0.1)
    raise AssertionError
