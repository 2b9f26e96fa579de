"""Errors as RFC 9457 problem details, and the catalogue of their types."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.preconditions import (
    PreconditionFailedError,
    PreconditionRequiredError,
)
from services.api.http.uploads import UploadTooLargeError
from shared.domain.errors import (
    ConflictError,
    DomainError,
    Fault,
    ForbiddenError,
    GoneError,
    InvalidInputError,
    NotFoundError,
    TooManyRequestsError,
    UnauthenticatedError,
    UnavailableError,
)

STATUSES: dict[type[DomainError], int] = {
    InvalidInputError: 422,
    UploadTooLargeError: 413,
    NotFoundError: 404,
    ForbiddenError: 403,
    UnauthenticatedError: 401,
    ConflictError: 409,
    GoneError: 410,
    TooManyRequestsError: 429,
    UnavailableError: 503,
    PreconditionFailedError: 412,
    PreconditionRequiredError: 428,
}

MEDIA_TYPE = "application/problem+json"


class PositionOut(BaseModel):
    """Where in a text of several lines, in characters; line and column from 1."""

    line: int
    column: int
    length: int


class FaultOut(BaseModel):
    """One place in the input that was not accepted."""

    sheet: str | None = None
    row: int | None = Field(None, description="1-based, as a spreadsheet shows it")
    column: str | None = None
    value: str | None = None
    reason: str
    reason_ru: str
    reason_en: str
    position: PositionOut | None = Field(
        default=None, description="In a text that is read as a language: a formula"
    )

    @classmethod
    def of(cls, fault: Fault, language: str) -> "FaultOut":
        """Translate a fault of the domain."""
        return cls(
            sheet=fault.sheet,
            row=fault.row,
            column=fault.column,
            value=fault.value,
            reason=fault.reason.in_language(language),
            reason_ru=fault.reason.ru,
            reason_en=fault.reason.en,
            position=(
                None
                if fault.position is None
                else PositionOut(**asdict(fault.position))
            ),
        )


class ProblemOut(BaseModel):
    """What went wrong and how to mend it, in the language of the request."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "/v1/problems/not_found",
                "title": "Не найдено",
                "status": 404,
                "code": "not_found",
                "detail": "Школы с номером 7 нет.",
                "faults": [],
                "request_id": "4f6c1d2e9a7b4c0d8e5f3a2b1c0d9e8f",
            }
        }
    )

    type: str = Field(description="Address of the description of this kind of problem")
    title: str
    status: int
    code: str
    detail: str
    faults: list[FaultOut] = []
    request_id: str | None = Field(
        default=None, description="As in the header X-Request-ID"
    )


class ProblemTypeOut(BaseModel):
    """A kind of problem, as the catalogue describes it."""

    type: str
    code: str
    status: int
    title_ru: str
    title_en: str
    description: str


def status_of(error_class: type[DomainError]) -> int:
    """Return the HTTP status of an error by its nearest mapped ancestor."""
    for ancestor in error_class.__mro__:
        if ancestor in STATUSES:
            return STATUSES[ancestor]
    return 500


def address_of(code: str) -> str:
    """Return the `type` of problems with this code."""
    return f"/v1/problems/{code}"


def problem_of(error: DomainError, language: str) -> ProblemOut:
    """Describe a domain error to the caller."""
    return ProblemOut(
        type=address_of(error.code),
        title=error.title.in_language(language),
        status=status_of(type(error)),
        code=error.code,
        detail=error.detail.in_language(language),
        faults=[FaultOut.of(fault, language) for fault in error.faults],
    )


def _all_errors(root: type[DomainError]) -> Iterator[type[DomainError]]:
    for error_class in root.__subclasses__():
        yield error_class
        yield from _all_errors(error_class)


def catalogue() -> dict[str, ProblemTypeOut]:
    """Return every kind of problem that the loaded code can answer, by code."""
    return {
        error_class.code: ProblemTypeOut(
            type=address_of(error_class.code),
            code=error_class.code,
            status=status_of(error_class),
            title_ru=error_class.title.ru,
            title_en=error_class.title.en,
            description=(error_class.__doc__ or "").strip(),
        )
        for error_class in _all_errors(DomainError)
    }


def problems(*error_classes: type[DomainError]) -> dict[int | str, dict[str, Any]]:
    """Return the `responses=` of a route that may answer these errors."""
    by_status: dict[int, list[type[DomainError]]] = {}
    for error_class in error_classes:
        by_status.setdefault(status_of(error_class), []).append(error_class)
    return {
        status: {
            "model": ProblemOut,
            "content": {MEDIA_TYPE: {}},
            "description": "; ".join(
                f"{error_class.title.en} (`{error_class.code}`)"
                for error_class in sorted(classes, key=lambda each: each.code)
            ),
        }
        for status, classes in by_status.items()
    }
