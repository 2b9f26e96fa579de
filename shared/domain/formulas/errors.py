"""The refusal of a formula: every fault with its place and with how to mend it."""

from collections.abc import Sequence
from typing import Final

from shared.domain.errors import Fault, InvalidInputError, Position, Text
from shared.domain.formulas.syntax import Span

MOST_SHOWN: Final = 40


class InvalidFormulaError(InvalidInputError):
    """A formula cannot be read, or does not fit the columns; each place is told."""

    code = "invalid_formula"
    title = Text("Формула не принята", "The formula was not accepted")

    def __init__(self, faults: Sequence[Fault]) -> None:
        reason, others = faults[0].reason, len(faults) - 1
        ru = f" Ещё ошибок: {others}." if others else ""
        en = f" Further mistakes: {others}." if others else ""
        detail = Text(
            f"Формула не принята. {reason.ru}{ru}",
            f"The formula was not accepted. {reason.en}{en}",
        )
        super().__init__(detail, faults=faults)


def fault_at(text: str, span: Span, reason: Text) -> Fault:
    """Return a fault of the stretch `span` of the formula `text`."""
    position = position_of(text, span)
    where = Text(
        f"Строка {position.line}, знак {position.column}",
        f"Line {position.line}, character {position.column}",
    )
    return Fault(
        reason=Text(f"{where.ru}: {reason.ru}", f"{where.en}: {reason.en}"),
        value=shown(text[span.start : span.end]) or None,
        position=position,
    )


def position_of(text: str, span: Span) -> Position:
    """Return where a stretch stands, for people and for editors."""
    line_start = text.rfind("\n", 0, span.start) + 1
    return Position(
        line=text.count("\n", 0, span.start) + 1,
        column=span.start - line_start + 1,
        length=span.end - span.start,
    )


def shown(piece: str) -> str:
    """Return a piece of a formula as it may be printed, not too long."""
    legible = "".join(
        sign if sign.isprintable() else f"U+{ord(sign):04X}"
        for sign in " ".join(piece.split())
    )
    return legible if len(legible) <= MOST_SHOWN else f"{legible[:MOST_SHOWN]}…"
