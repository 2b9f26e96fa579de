"""Indicators of indicators: the order in which they are counted; rings are refused.

An indicator ``bussed-share`` is ``indicator.bussed_share`` in the formulas of others.
"""

from collections.abc import Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from typing import Final

from shared.domain.errors import Fault, Text
from shared.domain.formulas.columns import indicator_name
from shared.domain.formulas.errors import InvalidFormulaError, fault_at
from shared.domain.formulas.syntax import Expression, names_of

MOST_FAULTS: Final = 20


def dependencies(formulas: Mapping[str, Expression]) -> dict[str, tuple[str, ...]]:
    """Return which of the indicators each is counted from, by code.

    Names of indicators that `formulas` has not are left aside: `check` tells them.
    """
    codes = {indicator_name(code): code for code in formulas}
    return {
        code: tuple(codes[name] for name in formula.columns if name in codes)
        for code, formula in formulas.items()
    }


def counting_order(formulas: Mapping[str, Expression]) -> tuple[str, ...]:
    """Return the codes so that each stands after those that it is counted from.

    Raises:
        InvalidFormulaError: Indicators are counted from each other in a ring: a fault
            for each ring, which names it (``a → b → a``). Its `column` is the code of
            the indicator in whose formula the place is.

    >>> from shared.domain.formulas import parse
    >>> counting_order({"a": parse("indicator.b / 2"), "b": parse("results.n")})
    ('b', 'a')
    """
    graph = {code: list(used) for code, used in dependencies(formulas).items()}
    faults: list[Fault] = []
    while True:
        try:
            order = tuple(TopologicalSorter(graph).static_order())
        except CycleError as error:
            ring = _from_least(error.args[1])
            faults.append(_fault(formulas, ring))
            graph[ring[0]].remove(ring[1])
        else:
            break
        if len(faults) == MOST_FAULTS:
            break
    if faults:
        raise InvalidFormulaError(faults)
    return order


def _from_least(cycle: list[str]) -> list[str]:
    """Return a ring by who uses whom, begun at the least code, which ends it, too."""
    users = cycle[:0:-1]
    start = users.index(min(users))
    return [*users[start:], *users[:start], users[start]]


def _fault(formulas: Mapping[str, Expression], ring: list[str]) -> Fault:
    formula, shown = formulas[ring[0]], " → ".join(ring)
    used = indicator_name(ring[1])
    span = next(name.span for name in names_of(formula.root) if name.name == used)
    reason = Text(
        f"показатели считаются друг через друга по кругу: {shown}. Уберите одну из "
        "ссылок.",
        f"the indicators are counted from each other in a ring: {shown}. Remove one of "
        "the references.",
    )
    return replace(fault_at(formula.text, span, reason), column=ring[0])
