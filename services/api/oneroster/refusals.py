"""Errors in the words of OneRoster: `imsx_StatusInfo` in place of a problem."""

import json
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from typing import Any, Final

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from typing_extensions import TypedDict

from services.api.http.errors import language_of
from shared.domain.errors import Text

PREFIX: Final = "/ims/oneroster/"
BAD_REQUEST: Final = 400
NOT_FOUND: Final = 404
NOT_ALLOWED: Final = 405
SERVER_ERROR: Final = 500

Handler = Callable[[Request, Any], Awaitable[Response]]


class CodeMinor(StrEnum):
    """What went wrong, by the standard's closed list."""

    INVALID_FILTER_FIELD = "invalid_filter_field"
    INVALID_SELECTION_FIELD = "invalid_selection_field"
    INVALID_DATA = "invaliddata"
    UNAUTHORISED = "unauthorisedrequest"
    FORBIDDEN = "forbidden"
    SERVER_BUSY = "server_busy"
    UNKNOWN_OBJECT = "unknownobject"
    INTERNAL = "internal_server_error"


BY_STATUS: Final = {
    401: CodeMinor.UNAUTHORISED,
    403: CodeMinor.FORBIDDEN,
    NOT_FOUND: CodeMinor.UNKNOWN_OBJECT,
    429: CodeMinor.SERVER_BUSY,
    SERVER_ERROR: CodeMinor.INTERNAL,
    503: CodeMinor.SERVER_BUSY,
}
_NO_PUPILS: Final = Text(
    "Ученики здесь не хранятся: результаты — это число учеников школы, поэтому "
    "ресурсов, которым нужен ученик или класс, нет. Результаты школ: GET "
    "/ims/oneroster/gradebook/v1p2/assessmentLineItems.",
    "No pupils are kept here: results are numbers of pupils of a school, so there are "
    "no resources that need a pupil or a class. Results of schools: GET "
    "/ims/oneroster/gradebook/v1p2/assessmentLineItems.",
)
_NO_TEACHERS: Final = Text(
    "Персональные данные через OneRoster не передаются.",
    "Personal data are not given away by OneRoster.",
)
# Collections of the standard that would have to be made up here, and why.
REFUSED: Final[Mapping[str, Text]] = {
    "users": _NO_TEACHERS,
    "teachers": _NO_TEACHERS,
    "demographics": _NO_PUPILS,
    "students": _NO_PUPILS,
    "classes": _NO_PUPILS,
    "courses": _NO_PUPILS,
    "enrollments": _NO_PUPILS,
    "categories": _NO_PUPILS,
    "lineItems": _NO_PUPILS,
    "results": _NO_PUPILS,
    "scoreScales": _NO_PUPILS,
    "assessmentResults": _NO_PUPILS,
}


class BadQueryError(Exception):
    """A filter or a selection that cannot be answered."""

    def __init__(self, code: CodeMinor, reason: Text) -> None:
        super().__init__(reason.en)
        self.code = code
        self.reason = reason


class CodeMinorFieldOut(TypedDict):
    """Who found what."""

    imsx_codeMinorFieldName: str
    imsx_codeMinorFieldValue: CodeMinor


class CodeMinorOut(TypedDict):
    """What went wrong."""

    imsx_codeMinorField: list[CodeMinorFieldOut]


class StatusInfoOut(TypedDict):
    """An error, as OneRoster tells of one (imsx_StatusInfo)."""

    imsx_codeMajor: str
    imsx_severity: str
    imsx_description: str
    imsx_CodeMinor: CodeMinorOut


def status_info(
    code: CodeMinor, description: str, *, major: str = "failure"
) -> dict[str, Any]:
    """Return the body of an error."""
    field = {
        "imsx_codeMinorFieldName": "TargetEndSystem",
        "imsx_codeMinorFieldValue": code.value,
    }
    return {
        "imsx_codeMajor": major,
        "imsx_severity": "error",
        "imsx_description": description,
        "imsx_CodeMinor": {"imsx_codeMinorField": [field]},
    }


def speaking_oneroster(
    handlers: Mapping[int | type[Exception], Callable[[Request, Any], Any]],
) -> dict[int | type[Exception], Callable[[Request, Any], Any]]:
    """Return the handlers of errors, which speak OneRoster to whoever asked in it."""
    known = {kind: _speaking(handler) for kind, handler in handlers.items()}
    return {**known, BadQueryError: on_bad_query}


async def on_bad_query(request: Request, error: BadQueryError) -> JSONResponse:
    """Answer a filter or a selection that cannot be answered."""
    description = error.reason.in_language(language_of(request))
    return JSONResponse(status_info(error.code, description), BAD_REQUEST)


def _speaking(handler: Handler) -> Handler:
    async def answer(request: Request, error: Any) -> Response:
        answered = await handler(request, error)
        if not request.url.path.startswith(PREFIX):
            return answered
        return _in_its_words(request, answered)

    return answer


def _in_its_words(request: Request, answered: Response) -> JSONResponse:
    problem = json.loads(bytes(answered.body))
    status = answered.status_code
    headers = {
        name: value
        for name, value in answered.headers.items()
        if name not in {"content-length", "content-type"}
    }
    refused = REFUSED.get(_collection_of(request.url.path))
    if status == NOT_FOUND and refused is not None:
        description = refused.in_language(language_of(request))
        body = status_info(CodeMinor.UNKNOWN_OBJECT, description, major="unsupported")
        return JSONResponse(body, status, headers)
    reasons = [
        f"{fault.get('column') or '—'}: {fault['reason']}"
        for fault in problem.get("faults", ())
    ]
    body = status_info(
        BY_STATUS.get(status, CodeMinor.INVALID_DATA),
        " ".join([problem["detail"], *reasons]),
        major="unsupported" if status == NOT_ALLOWED else "failure",
    )
    return JSONResponse(body, status, headers)


def _collection_of(path: str) -> str:
    """Return the first name below the service: `users` of `…/rostering/v1p2/users`."""
    names = path.removeprefix(PREFIX).split("/")
    return names[2] if len(names) > 2 else ""  # noqa: PLR2004 (service, version, name)


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the `responses=` of a route of OneRoster that may answer these errors."""
    return {
        status: {"model": StatusInfoOut, "description": "imsx_StatusInfo"}
        for status in statuses
    }
