"""The one way by which figures reach the public: with small counts withheld."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from services.api.http.state import state_of
from shared.domain.permissions import Permission
from shared.domain.suppression import suppress, with_sums


@dataclass(frozen=True, slots=True)
class PublicRow:
    """Figures of a school or of all; None is withheld, rates are in per cent."""

    participants: int | None
    success_rate: float | None
    quality_rate: float | None


@dataclass(frozen=True, slots=True)
class Released:
    """Tables that may be told, each with its total as the last row."""

    tables: list[list[PublicRow]]
    minimum: int


async def release(
    request: Request, tables: Sequence[Sequence[Sequence[int]]]
) -> Released:
    """Return what may be told of tables of schools.

    A table has a row per school: pupils who failed, who passed, who passed well. It
    holds all schools of the municipality, whatever was asked for: what is withheld of
    a table must not depend on the question.
    """
    minimum = state_of(request).settings.public_minimum
    # Finding what else to withhold takes the processor; others are answered meanwhile.
    rows = await asyncio.to_thread(
        lambda: [_released(table, minimum) for table in tables]
    )
    request.state.released = True
    return Released(rows, minimum)


def _released(parts: Sequence[Sequence[int]], minimum: int) -> list[PublicRow]:
    table = with_sums(parts)
    withheld = suppress(table, minimum=minimum)
    rows = []
    for number, counts in enumerate(table):
        failed, _satisfactory, good, n = (
            None if (number, column) in withheld else count
            for column, count in enumerate(counts)
        )
        success = None if failed is None or not n else _percent(n - failed, n)
        quality = None if good is None or not n else _percent(good, n)
        rows.append(PublicRow(n, success, quality))
    return rows


def release_names(request: Request) -> None:
    """Say that an answer to the public holds names and numbers of rows, no figures."""
    request.state.released = True


class PublicRoute(APIRoute):
    """A route that anybody may ask; it answers nothing that was not released."""

    permission = Permission.PUBLIC_READ

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request, or fails where nothing was released."""
        return _guarded(super().get_route_handler())


def _guarded(
    handle: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    async def handle_released(request: Request) -> Response:
        response = await handle(request)
        if not getattr(request.state, "released", False):
            raise UnreleasedAnswerError
        return response

    return handle_released


class UnreleasedAnswerError(Exception):
    """A public route has answered without `release`: a mistake of the program."""


def _percent(count: int, n: int) -> float:
    return round(100 * count / n, 1)
