"""What a number of a formula counts: a small algebra of units that stays honest.

A unit is one of a few, or a product of their powers, and a scale: per cent are a ratio
times 100. What the rules cannot decide is `Unit.ANY`, never a guess.
"""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from shared.domain.errors import Text


class Unit(StrEnum):
    """What a column or the result of a formula is in.

    ``one`` is a ratio or a number without a unit; ``any`` is a number of which the
    formula does not tell what it is in.
    """

    PERSONS = "persons"
    PERCENT = "percent"
    MARKS = "marks"
    HOURS = "hours"
    SCORE = "score"
    ITEMS = "items"
    ONE = "one"
    ANY = "any"

    @property
    def text(self) -> Text:
        """The unit's name for people."""
        return _TEXTS[self]

    def may_be(self, other: "Unit") -> bool:
        """Tell whether figures in the two units may be the same."""
        return Unit.ANY in (self, other) or self is other


_TEXTS: Final = {
    Unit.PERSONS: Text("человек", "persons"),
    Unit.PERCENT: Text("проценты", "per cent"),
    Unit.MARKS: Text("отметки", "marks"),
    Unit.HOURS: Text("часы", "hours"),
    Unit.SCORE: Text("баллы", "score points"),
    Unit.ITEMS: Text("штуки", "items"),
    Unit.ONE: Text("число без единицы", "a number without a unit"),
    Unit.ANY: Text("единица не определена", "an undecided unit"),
}
_HUNDRED: Final = 100
# A number that is written in a formula converts ratios by these; others are weights.
_CONVERSIONS: Final = (Fraction(1), Fraction(_HUNDRED), Fraction(1, _HUNDRED))


@dataclass(frozen=True, slots=True)
class Quantity:
    """A product of powers of units; the number shown is `scale` times the true one.

    `powers` is None where the unit is undecided, and `scale` where only the scale is.
    A `literal` was written as a number and may be in any unit.
    """

    powers: tuple[tuple[Unit, int], ...] | None
    scale: Fraction | None = Fraction(1)
    literal: bool = False

    @classmethod
    def of(cls, unit: Unit) -> "Quantity":
        """Return the quantity of figures in `unit`."""
        match unit:
            case Unit.ANY:
                return UNDECIDED
            case Unit.ONE:
                return cls(())
            case Unit.PERCENT:
                return cls((), Fraction(_HUNDRED))
            case _:
                return cls(((unit, 1),))

    @classmethod
    def of_literal(cls, value: Fraction | None) -> "Quantity":
        """Return the quantity of a number in the formula; None is of unknown size."""
        scale = value if value in _CONVERSIONS else None
        return cls((), scale, literal=True)

    @property
    def unit(self) -> Unit:
        """The one unit that it is in; `Unit.ANY` for products and odd scales.

        >>> Quantity.of(Unit.PERSONS).over(Quantity.of(Unit.PERSONS)).unit.value
        'one'
        """
        match self:
            case Quantity(literal=True):
                return Unit.ANY
            case Quantity(powers=(), scale=Fraction(numerator=1, denominator=1)):
                return Unit.ONE
            case Quantity(powers=(), scale=Fraction(numerator=100, denominator=1)):
                return Unit.PERCENT
            case Quantity(powers=((unit, 1),), scale=Fraction(numerator=1)):
                return unit
            case _:
                return Unit.ANY

    @property
    def text(self) -> Text:
        """What it is in, for people, products of units included."""
        if not self.powers:
            return self.unit.text
        return Text(_product(self.powers, "ru"), _product(self.powers, "en"))

    def times(self, other: "Quantity") -> "Quantity":
        """Return the quantity of a product."""
        return self._combined(other, 1)

    def over(self, other: "Quantity") -> "Quantity":
        """Return the quantity of a quotient."""
        return self._combined(other, -1)

    def _combined(self, other: "Quantity", sign: int) -> "Quantity":
        if self.powers is None or other.powers is None:
            return UNDECIDED
        sums = Counter(dict(self.powers))
        for unit, power in other.powers:
            sums[unit] += sign * power
        powers = tuple(sorted((unit, power) for unit, power in sums.items() if power))
        scale = None
        if self.scale is not None and other.scale is not None:
            scale = self.scale * other.scale**sign
        return Quantity(powers, scale, literal=self.literal and other.literal)

    def together(self, other: "Quantity") -> "Quantity | None":
        """Return the quantity of a sum or a choice; None where they do not go together.

        Counts may be weighted (``5 * n5 + 4 * n4``), which leaves their scale open;
        per cent and plain ratios do not mix.
        """
        if self.literal or other.literal:
            return other if self.literal else self
        if self.powers is None or other.powers is None:
            return UNDECIDED
        if self == other:
            return self
        is_ratio = not self.powers and None not in (self.scale, other.scale)
        if is_ratio or self.powers != other.powers:
            return None
        return Quantity(self.powers, None)


UNDECIDED: Final = Quantity(None, None)


def _product(powers: tuple[tuple[Unit, int], ...], language: str) -> str:
    over = [_power(unit, power, language) for unit, power in powers if power > 0]
    under = [_power(unit, -power, language) for unit, power in powers if power < 0]
    return " / ".join([" · ".join(over) or "1", *under])


def _power(unit: Unit, power: int, language: str) -> str:
    name = unit.text.in_language(language)
    return name if power == 1 else f"{name}^{power}"
