"""Rows of methods and their periods, written past the API."""

from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import insert, select

from services.api.cli import DEPLOY
from shared.domain.methods.kinds import read_method
from shared.persistence.tables.methods import MethodPeriodRow, MethodRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.work import Work

SHIPPED: Path = DEPLOY / "methods" / "quality-of-results.yaml"
ORDER = {
    "order_body": "Управление образования",
    "order_number": "17",
    "order_on": "2020-09-01",
}


def content_of(**changes: Any) -> dict[str, Any]:
    """Return the content of a ranking of a municipality's own."""
    content: dict[str, Any] = yaml.safe_load(SHIPPED.read_text("utf-8"))
    content.pop("in_force", None)
    return content | {"code": "own-ranking"} | changes


async def write_method(work: Work, *, approved: bool = True, **values: Any) -> int:
    """Write a method, approved unless told otherwise, and return its number."""
    content = content_of(
        **{key: values[key] for key in ("code", "version") if key in values}
    )
    method = read_method(content)
    row = {
        "kind": method.kind,
        "code": method.code,
        "version": method.version,
        "content": method.to_mapping(),
        "content_hash": method.content_hash,
        "state": "draft",
        "created_at": work.now,
    }
    if approved:
        row |= {"state": "approved", "approved_at": work.now, **order(work)}
    statement = insert(MethodRow).values(row | values).returning(MethodRow.id)
    return (await work.session.scalars(statement)).one()


def order(work: Work) -> dict[str, Any]:
    """Return the columns of an order of today."""
    return ORDER | {"order_on": work.now.date()}


async def write_period(work: Work, method_id: int, **values: Any) -> int:
    """Put a method into force for a period, from 2019 on unless told otherwise."""
    row = {
        "method_id": method_id,
        "slot": "ranking",
        "valid_from": 2019,
        "created_at": work.now,
        **order(work),
    }
    statement = insert(MethodPeriodRow).values(row | values)
    return (await work.session.scalars(statement.returning(MethodPeriodRow.id))).one()


async def municipality(work: Work, code: str) -> int:
    """Return the number of a municipality."""
    statement = select(MunicipalityRow.id).where(MunicipalityRow.code == code)
    return (await work.session.scalars(statement)).one()
