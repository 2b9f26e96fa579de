"""Indicators that are counted by formulas: whether they make sense, in what order."""

from collections.abc import Mapping, Sequence
from typing import Final

from shared.domain.errors import Fault, Text
from shared.domain.formulas import (
    Catalogue,
    Column,
    Expression,
    InvalidFormulaError,
    check,
    counting_order,
)
from shared.domain.formulas import Unit as FormulaUnit
from shared.domain.formulas.catalogue import CATALOGUE, RESULTS
from shared.domain.formulas.columns import (
    INDICATOR,
    indicator_column,
    indicator_name,
    msoko_name,
)
from shared.domain.methods.indicator_sources import (
    FormulaSource,
    MeasureSource,
    MsokoSource,
    Source,
    n_column,
)
from shared.domain.methods.indicators import Indicator, Unit
from shared.domain.methods.reading import Reader

# What a formula may be counted in for an indicator of the unit, the usual one first.
_UNITS: Final[Mapping[Unit, tuple[FormulaUnit, ...]]] = {
    Unit.PERCENT: (FormulaUnit.PERCENT,),
    Unit.MARK: (FormulaUnit.MARKS,),
    Unit.POINTS: (FormulaUnit.SCORE,),
    Unit.NUMBER: (
        FormulaUnit.ONE,
        FormulaUnit.PERSONS,
        FormulaUnit.ITEMS,
        FormulaUnit.HOURS,
    ),
}


def in_counting_order(indicators: Sequence[Indicator]) -> list[Indicator]:
    """Return the indicators so that each stands after those it is counted from."""
    by_code = {each.code: each for each in indicators}
    formulas = _formulas(indicators)
    others = [each for each in indicators if each.code not in formulas]
    return [*others, *(by_code[code] for code in counting_order(formulas))]


def needs_of(source: Source) -> tuple[str, ...]:
    """Return the columns, and the codes of indicators, that a source is counted from.

    >>> needs_of(MsokoSource(group="2.3"))
    ('msoko.2_3',)
    """
    match source:
        case MeasureSource(measure=measure):
            return (RESULTS + measure,)
        case MsokoSource(group=group):
            return (msoko_name(group),)
        case FormulaSource():
            # The code of an indicator has no hyphens, and is its name as it is.
            used = source.expression.columns
            return tuple(name.removeprefix(INDICATOR) for name in used)


def facts_of(indicators: Sequence[Indicator]) -> tuple[str, ...]:
    """Return the columns that formulas need beyond results and other indicators."""
    sources = (each.source for each in indicators)
    names = (
        name
        for source in sources
        if isinstance(source, FormulaSource)
        for name in source.columns
        if not name.startswith((RESULTS, INDICATOR))
    )
    return tuple(sorted(set(names)))


def refuse_formulas(readers: Sequence[Reader], indicators: Sequence[Indicator]) -> None:
    """Note with its reader what is wrong with each formula that could be read.

    Columns and units come first, and then the rings of indicators that are counted
    from each other.
    """
    by_code = dict(zip((each.code for each in indicators), readers, strict=True))
    formulas = _formulas(indicators)
    rings: Sequence[Fault] = ()
    try:
        order = counting_order(formulas)
    except InvalidFormulaError as error:
        order, rings = tuple(formulas), error.faults
    _check_all(order, formulas, indicators, by_code)
    for ring in rings:
        by_code[ring.column or ""].refuse_within("source.text", [ring])


def _check_all(
    order: Sequence[str],
    formulas: Mapping[str, Expression],
    indicators: Sequence[Indicator],
    readers: Mapping[str, Reader],
) -> None:
    own = {each.code: each for each in indicators}
    columns = CATALOGUE.with_columns(*map(_declared, indicators))
    for code in order:
        try:
            unit = check(formulas[code], columns).unit
        except InvalidFormulaError as error:
            readers[code].refuse_within("source.text", error.faults)
            continue
        _refuse_unit(readers[code], own[code], unit)
        columns = _with_unit(columns, own[code], unit)


def _formulas(indicators: Sequence[Indicator]) -> dict[str, Expression]:
    """Return the formulas that can be read, by the code of their indicator."""
    found = {}
    for each in indicators:
        if isinstance(each.source, FormulaSource):
            try:
                found[each.code] = each.source.expression
            except InvalidFormulaError:
                continue  # Its source has noted the faults.
    return found


def _declared(indicator: Indicator) -> Column:
    """Return the column of an indicator in the unit that it says it has."""
    usual, *others = _UNITS[indicator.unit]
    return _column(indicator, FormulaUnit.ANY if others else usual)


def _column(indicator: Indicator, unit: FormulaUnit) -> Column:
    name = indicator_name(indicator.code)
    return indicator_column(indicator.code, indicator.title, unit, n_column(name))


def _with_unit(
    columns: Catalogue, indicator: Indicator, unit: FormulaUnit
) -> Catalogue:
    """Say what a number counts, which only its formula tells."""
    if indicator.unit is not Unit.NUMBER:
        return columns
    return columns.with_columns(_column(indicator, unit))


def _refuse_unit(reader: Reader, indicator: Indicator, unit: FormulaUnit) -> None:
    if any(unit.may_be(allowed) for allowed in _UNITS[indicator.unit]):
        return
    fitting = ", ".join(own for own in Unit if unit in _UNITS[own])
    reader.refuse(
        "unit",
        indicator.unit.value,
        Text(
            f"Формула считает в единицах «{unit.text.ru}». Поставьте единицу {fitting} "
            "или измените формулу",
            f"The formula counts in “{unit.text.en}”. Put the unit {fitting}, or "
            "change the formula",
        ),
    )
