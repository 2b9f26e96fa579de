"""Columns that formulas may name, with the unit and the N of each."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from shared.domain.errors import Text
from shared.domain.formulas.units import Unit

INDICATOR: Final = "indicator."
MSOKO: Final = "msoko."
_MSOKO_NAME: Final = re.compile(r"msoko\.([1-9][0-9]?)_([1-9][0-9]?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A figure that each school has, or lacks, in an academic year.

    `dataset` is where it is from; `n` names the column that says over how many it is
    counted, where there is one.
    """

    name: str
    title: Text
    unit: Unit
    dataset: str
    n: str | None = None


class Catalogue(Mapping[str, Column]):
    """The columns there are, by name.

    Groups of МСОКО are data: the group 2.3 is the column ``msoko.2_3``, in per cent of
    its maximum. Any code is one, though only the columns that were given are listed.
    """

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._columns = dict(columns)

    def __getitem__(self, name: str) -> Column:
        if name in self._columns:
            return self._columns[name]
        if (code := msoko_code(name)) is None:
            raise KeyError(name)
        return msoko_column(code)

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def with_columns(self, *columns: Column) -> "Catalogue":
        """Return the catalogue with some more, such as a municipality's indicators."""
        return Catalogue(self._columns | {column.name: column for column in columns})


def indicator_name(code: str) -> str:
    """Return the column that an indicator is in formulas of others.

    A hyphen would be a minus there.

    >>> indicator_name("bussed-share")
    'indicator.bussed_share'
    """
    return INDICATOR + re.sub(r"[^a-z0-9_]", "_", code)


def indicator_column(
    code: str, title: Text, unit: Unit, n: str | None = None
) -> Column:
    """Return the column of an indicator that others are counted from."""
    name = indicator_name(code)
    return Column(name=name, title=title, unit=unit, dataset="indicators", n=n)


def msoko_name(code: str) -> str:
    """Return the column of a group of МСОКО.

    >>> msoko_name("2.3")
    'msoko.2_3'
    """
    return MSOKO + code.replace(".", "_")


def msoko_code(name: str) -> str | None:
    """Return the code of the group that a column is of, or None if it is of none."""
    match = _MSOKO_NAME.fullmatch(name)
    return None if match is None else ".".join(match.groups())


def msoko_column(code: str, title: Text | None = None) -> Column:
    """Return the column of a group of МСОКО: its score in per cent of the maximum."""
    return Column(
        name=msoko_name(code),
        title=title or Text(f"МСОКО, группа {code}", f"МСОКО, group {code}"),
        unit=Unit.PERCENT,
        dataset="msoko-scores",
    )
