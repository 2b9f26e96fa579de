"""Answers made from rows of methods."""

from typing import Any

from fastapi import Response

from services.api.http.conditional import version_tag
from services.api.http.work import RequestWork
from services.api.methods import repository
from services.api.methods.ownership import visible_method, visible_period
from services.api.methods.schemas import (
    AssignedOut,
    MethodBriefOut,
    MethodVersionOut,
    PeriodOut,
    ThresholdOut,
)
from shared.domain.methods.comparison import value_at
from shared.persistence.paging import AnyRow


async def method_answer(
    work: RequestWork, method_id: int, response: Response
) -> MethodVersionOut:
    """Return a method that the caller may see, and tag the answer with its revision."""
    row = await visible_method(work, method_id)
    periods = await repository.read_periods(work, method_id)
    response.headers["ETag"] = version_tag(row.revision)
    return MethodVersionOut.model_validate(
        {
            **_fields_of(row),
            "thresholds": thresholds_of(row.content),
            "periods": [PeriodOut.model_validate(each) for each in periods],
        }
    )


async def period_answer(
    work: RequestWork, period_id: int, response: Response
) -> PeriodOut:
    """Return a period that the caller may see, and tag the answer with its version."""
    row = await visible_period(work, period_id)
    response.headers["ETag"] = version_tag(row.version)
    return PeriodOut.model_validate(row)


def brief_out(row: AnyRow) -> MethodBriefOut:
    """Return a method as lists show it."""
    return MethodBriefOut.model_validate(_fields_of(row))


def assigned_out(row: AnyRow) -> AssignedOut:
    """Return a method as it is assigned."""
    return AssignedOut.model_validate(_fields_of(row))


def thresholds_of(content: dict[str, Any]) -> list[ThresholdOut]:
    """Return each threshold with its value and source, by path."""
    return [
        ThresholdOut(path=path, value=value_at(content, path), **source)
        for path, source in sorted(content["provenance"].items())
    ]


def _fields_of(row: AnyRow) -> dict[str, Any]:
    values = dict(row._mapping)  # noqa: SLF001 (SQLAlchemy's public name)
    return values | {"title": row.content["title"], "hash": row.content_hash}
