"""Turns exceptions into problem answers; nothing internal is ever shown."""

from collections.abc import Callable
from typing import Any

import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from services.api.http.idempotency import IdempotencyInProgressError
from services.api.http.problems import (
    MEDIA_TYPE,
    ProblemOut,
    address_of,
    problem_of,
)
from services.api.http.request_ids import HEADER, request_id_of
from shared.domain.errors import (
    DomainError,
    Fault,
    InvalidInputError,
    Text,
    TooManyRequestsError,
    UnauthenticatedError,
)
from shared.persistence.outages import is_outage

log = structlog.stdlib.get_logger()

UNAVAILABLE = Text(
    "База данных временно недоступна. Сохранено ли изменение, неизвестно: проверьте "
    "и повторите запрос.",
    "The database is not available for now. Whether a change was kept is unknown: "
    "look, and repeat the request.",
)
INTERNAL = Text(
    "Внутренняя ошибка, ничего не изменено. Она записана в журнал.",
    "Internal error; nothing was changed. It has been logged.",
)


def language_of(request: Request) -> str:
    """Return `en` where the caller prefers English to Russian, else `ru`."""
    wanted: dict[str, float] = {}
    for part in request.headers.get("accept-language", "").split(","):
        name, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            weight = 0.0
        primary = name.strip().lower().partition("-")[0]
        wanted[primary] = max(weight, wanted.get(primary, 0.0))
    return "en" if wanted.get("en", 0.0) > wanted.get("ru", 0.0) else "ru"


def answer(
    request: Request, problem: ProblemOut, headers: dict[str, str] | None = None
) -> JSONResponse:
    """Return the problem as a response that names the request."""
    problem.request_id = request_id_of(request)
    # The middleware does not see the answer to an unexpected error.
    named = {} if problem.request_id is None else {HEADER: problem.request_id}
    return JSONResponse(
        problem.model_dump(),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=named | (headers or {}),
    )


async def on_domain_error(request: Request, error: DomainError) -> JSONResponse:
    """Answer an error of the domain."""
    problem = problem_of(error, language_of(request))
    headers: dict[str, str] = {}
    if isinstance(error, UnauthenticatedError):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooManyRequestsError | IdempotencyInProgressError):
        headers["Retry-After"] = str(error.retry_after)
    return answer(request, problem, headers)


def _shown(fault: dict[str, Any]) -> str | None:
    """Return what was sent, unless it is secret or was not sent at all."""
    if "input" not in fault or "password" in str(fault["loc"]):
        return None
    return str(fault["input"])[:200]


async def on_invalid_request(
    request: Request, error: RequestValidationError
) -> JSONResponse:
    """Answer a body or a parameter that does not fit the schema."""
    faults = [
        Fault(
            column=".".join(str(part) for part in fault["loc"]),
            value=_shown(fault),
            reason=Text(f"Не соответствует схеме: {fault['msg']}", fault["msg"]),
        )
        for fault in error.errors()
    ]
    detail = Text(
        "Запрос не соответствует схеме; места и причины перечислены в faults.",
        "The request does not fit the schema; places and reasons are in faults.",
    )
    return await on_domain_error(request, InvalidInputError(detail, faults=faults))


async def on_http_exception(request: Request, error: HTTPException) -> JSONResponse:
    """Answer what the framework itself refuses: unknown path, wrong method."""
    english = language_of(request) == "en"
    problem = ProblemOut(
        type="about:blank",
        title=str(error.detail),
        status=error.status_code,
        code="http",
        detail=(
            f"{request.method} {request.url.path}: {error.detail}. "
            + ("See /docs." if english else "Описание API: /docs.")
        ),
    )
    return answer(request, problem, dict(error.headers or {}))


async def on_unavailable(request: Request, error: Exception) -> JSONResponse:
    """Answer when the database cannot be reached or dropped the connection."""
    if not is_outage(error):
        return await on_unexpected(request, error)
    log.warning("database_unavailable", error=type(error).__name__)
    problem = ProblemOut(
        type=address_of("unavailable"),
        title="Service Unavailable",
        status=503,
        code="unavailable",
        detail=UNAVAILABLE.in_language(language_of(request)),
    )
    return answer(request, problem, {"Retry-After": "1"})


async def on_unexpected(request: Request, error: Exception) -> JSONResponse:
    """Answer what nobody expected, and log it with its trace."""
    log.error(
        "unexpected_error",
        path=request.url.path,
        request_id=request_id_of(request),
        exc_info=error,
    )
    problem = ProblemOut(
        type=address_of("internal"),
        title="Internal Server Error",
        status=500,
        code="internal",
        detail=INTERNAL.in_language(language_of(request)),
    )
    return answer(request, problem)


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Any]] = {
    DomainError: on_domain_error,
    RequestValidationError: on_invalid_request,
    HTTPException: on_http_exception,
    DBAPIError: on_unavailable,
    OSError: on_unavailable,
    Exception: on_unexpected,
}
