"""Reading a page of a list by the key that orders it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    or_,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute

from shared.domain.errors import Fault, InvalidInputError, Text
from shared.persistence.work import Work

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
Key: TypeAlias = ColumnElement[int]
Sortable: TypeAlias = Mapping[str, ColumnElement[Any]]

BY_KEY: Final = "id"  # sorts by the key itself, which is unique
LARGEST: Final = 2**63 - 1  # of PostgreSQL's bigint


async def read_page(
    work: Work,
    statement: Select[Any],
    key: InstrumentedAttribute[int],
    *,
    after: int,
    limit: int,
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` rows after the key `after`: one more tells of a next."""
    page = statement.where(key > after).order_by(key).limit(limit + 1)
    rows: Sequence[AnyRow] = (await work.session.execute(page)).all()
    return rows


@dataclass(frozen=True, slots=True)
class Place:
    """The last row of the page before: what it was sorted by, and its key."""

    value: Any
    key: int


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a page decides its statement; all else is a parameter."""

    sort: str
    goes_on: bool
    from_null: bool

    @property
    def name(self) -> str:
        """What the list is sorted by."""
        return self.sort.removeprefix("-")

    @property
    def descends(self) -> bool:
        """Whether the largest comes first; nulls are last either way."""
        return self.sort.startswith("-")


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page of a list: `sort` is a name or, descending, `-name`."""

    sort: str
    place: Place | None
    limit: int

    @property
    def shape(self) -> Shape:
        """What of the page decides its statement."""
        from_null = self.place is not None and self.place.value is None
        return Shape(self.sort, self.place is not None, from_null)

    def parameters(self, by: Sortable) -> dict[str, Any]:
        """Return the values that the statement of the page asks for.

        Raises:
            InvalidInputError: the place is none that a page of the list has given.
        """
        given: dict[str, Any] = {"page_rows": self.limit + 1}
        if self.place is None:
            return given
        given["after_key"] = _whole(self.place.key)
        if self.shape.name != BY_KEY and self.place.value is not None:
            kind = by[self.shape.name].type.python_type
            given["after_value"] = _typed(self.place.value, kind)
        return given


def ordered(statement: Select[Any], shape: Shape, *, key: Key, by: Sortable) -> Any:
    """Return the statement of a page, which asks for `Paging.parameters`.

    Rows with equal values follow each other by `key`. The statement selects what it is
    sorted by under its name in `by`. Where the value may be null, so does the table
    say; of an outer join only the key is to be sorted by.
    """
    after_key = bindparam("after_key", type_=BigInteger)
    if shape.name == BY_KEY:
        beyond = key < after_key if shape.descends else key > after_key
        order = [key.desc() if shape.descends else key.asc()]
    else:
        column = by[shape.name]
        beyond = _beyond(column, key, shape, after_key)
        order = [_direction(column, shape), key.desc() if shape.descends else key.asc()]
    if shape.goes_on:
        statement = statement.where(beyond)
    return statement.order_by(*order).limit(bindparam("page_rows", type_=BigInteger))


async def read_sorted_page(
    work: Work, statement: Select[Any], paging: Paging, *, key: Key, by: Sortable
) -> Sequence[AnyRow]:
    """Return up to `paging.limit + 1` rows: one more tells of a next page."""
    page = ordered(statement, paging.shape, key=key, by=by)
    found = await work.session.execute(page, paging.parameters(by))
    rows: Sequence[AnyRow] = found.all()
    return rows


def _beyond(
    column: ColumnElement[Any], key: Key, shape: Shape, after_key: Any
) -> ColumnElement[bool]:
    """Return what holds of the rows after the place, for a value that is not unique."""
    further = key < after_key if shape.descends else key > after_key
    if shape.from_null:
        return and_(column.is_(None), further)
    value = bindparam("after_value", type_=_wide(column))
    if not _may_be_null(column):
        # Compared as a whole, so that one step down an index finds the place.
        row, place = tuple_(column, key), tuple_(value, after_key)
        return row < place if shape.descends else row > place
    return or_(
        column < value if shape.descends else column > value,
        and_(column == value, further),
        column.is_(None),
    )


def _direction(column: ColumnElement[Any], shape: Shape) -> Any:
    if not shape.descends:
        return column.asc()
    # An index in the usual order has its nulls first when it is read backwards.
    return column.desc().nulls_last() if _may_be_null(column) else column.desc()


def _may_be_null(column: ColumnElement[Any]) -> bool:
    return bool(getattr(column, "nullable", True))


def _wide(column: ColumnElement[Any]) -> Any:
    """Return the type of a parameter; any whole number fits into its own."""
    return BigInteger() if column.type.python_type is int else column.type


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST:
        raise foreign_place()
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise foreign_place()
    return float(value)


def _text(value: object) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise foreign_place()
    return value


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise foreign_place()
    return moment


_READ: Final[Mapping[type, Callable[[object], Any]]] = {
    int: _whole,
    float: _number,
    str: _text,
    date: lambda value: date.fromisoformat(_text(value)),
    datetime: _moment,
    Decimal: lambda value: Decimal(_text(value)),
}


def _typed(value: object, kind: type) -> Any:
    """Return a value of a place as what the column holds."""
    try:
        return _READ[kind](value)
    except (ValueError, ArithmeticError):
        raise foreign_place() from None


def foreign_place() -> InvalidInputError:
    """Return the refusal of a place that no page has given."""
    reason = Text(
        "Возьмите next_after предыдущей страницы того же списка с тем же sort.",
        "Take next_after from the page before, of the same list with the same sort.",
    )
    detail = Text(
        f"Не понять, где продолжить: {reason.ru}",
        f"Where to go on is not clear: {reason.en}",
    )
    return InvalidInputError(
        detail, faults=[Fault(column="query.after", reason=reason)]
    )
