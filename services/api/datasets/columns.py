"""What the dictionary says of a column of a dataset, and where its values come from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Float,
    Integer,
    Numeric,
)
from sqlalchemy import Text as SqlText
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import TypeEngine

from shared.domain.errors import Text


class Kind(StrEnum):
    """What a cell holds.

    A ``decimal`` is exact; a ``moment`` is in UTC; a ``list`` is written with `` | ``
    between its items, a ``record`` as JSON.
    """

    INTEGER = "integer"
    NUMBER = "number"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "moment"
    TEXT = "text"
    LIST = "list"
    RECORD = "record"


class Need(StrEnum):
    """Whether a row must have the value; the system itself gives the others."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    SYSTEM = "system"


KINDS: tuple[tuple[type[TypeEngine[Any]], Kind], ...] = (
    (Integer, Kind.INTEGER),
    (Float, Kind.NUMBER),
    (Numeric, Kind.DECIMAL),
    (Boolean, Kind.BOOLEAN),
    (Date, Kind.DATE),
    (DateTime, Kind.MOMENT),
    (ARRAY, Kind.LIST),
    (JSONB, Kind.RECORD),
    (SqlText, Kind.TEXT),
)

PERCENT = Text("%", "%")
ROUBLES = Text("руб.", "roubles")
PUPILS = Text("учеников", "pupils")
HOURS = Text("часов в неделю", "hours a week")
SHARE = Text("доля от 0 до 1", "share between 0 and 1")
ACADEMIC_YEAR = Text("учебный год: 2019 — 2019/2020", "academic year: 2019 is 2019/20")
CALENDAR_YEAR = Text("календарный год: 2020", "calendar year: 2020")


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column: its name in code, its title, and what may stand in it.

    `allowed` lists the values of a closed set; empty where any value may stand. Numbers
    lie between `least` and `most`; of a text `most` is the length. `default` stands
    where nobody fills the column in.
    """

    name: str
    title: Text
    kind: Kind
    need: Need
    source: ColumnElement[Any]
    unit: Text | None
    allowed: tuple[str, ...]
    least: float | None
    most: float | None
    default: str | bool | None


def column(
    source: Any,
    ru: str,
    en: str,
    *,
    name: str | None = None,
    unit: Text | None = None,
    allowed: Sequence[str] = (),
    least: float | None = None,
    most: float | None = None,
    default: str | bool | None = None,
) -> Column:
    """Describe a column that people fill in; type and need are those of the table."""
    kind = next(kind for sql, kind in KINDS if isinstance(source.type, sql))
    has_default = default is not None or kind is Kind.LIST
    may_be_empty = has_default or getattr(source, "nullable", True)
    if unit is PERCENT:
        least, most = 0, 100
    return Column(
        name or source.key,
        Text(ru, en),
        kind,
        Need.OPTIONAL if may_be_empty else Need.REQUIRED,
        source,
        unit,
        tuple(allowed),
        least,
        most,
        default,
    )


def given(
    source: Any,
    ru: str,
    en: str,
    *,
    name: str | None = None,
    unit: Text | None = None,
    allowed: Sequence[str] = (),
) -> Column:
    """Describe a column whose values the system gives."""
    described = column(source, ru, en, name=name, unit=unit, allowed=allowed)
    return replace(described, need=Need.SYSTEM)
