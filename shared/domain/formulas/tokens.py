"""A formula's text cut into numbers, names and signs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.domain.errors import Fault
from shared.domain.formulas.errors import InvalidFormulaError, fault_at
from shared.domain.formulas.hints import hint, too_long
from shared.domain.formulas.syntax import Span

LONGEST: Final = 2000
MOST_FAULTS: Final = 20
KEYWORDS: Final = ("and", "or", "not")


class TokenKind(StrEnum):
    """What a token is; END stands after the last one and has no characters."""

    NUMBER = "number"
    NAME = "name"
    SIGN = "sign"  # operators, also those that are words, parentheses and the comma
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign of a formula."""

    kind: TokenKind
    text: str
    span: Span


_TOKEN: Final = re.compile(
    r"""(?P<blank>\s+)
    | (?P<name>[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)(?![\w.])
    | (?P<number>[0-9]{1,9}(?:\.[0-9]{1,6})?)(?![\w.]|,[0-9])
    | (?P<sign><=(?!>)|>=|!=|[-+/(),]|\*(?!\*)|[<>](?![=>])|=(?![=>]))""",
    re.VERBOSE,
)
_PIECE: Final = re.compile(r"[\w.]+(?:,[0-9]\w*)?|==+|<>|=>|&+|\|+|\*\*|\W", re.DOTALL)


def tokenised(text: str) -> list[Token]:
    """Cut a formula; blanks and line breaks only separate.

    Raises:
        InvalidFormulaError: with each piece that is no word or sign of the language,
            up to `MOST_FAULTS` of them.
    """
    if len(text) > LONGEST:
        raise InvalidFormulaError(
            [fault_at(text, Span(LONGEST, len(text)), too_long(LONGEST))]
        )
    tokens: list[Token] = []
    faults: list[Fault] = []
    at = 0
    while at < len(text) and len(faults) < MOST_FAULTS:
        if match := _TOKEN.match(text, at):
            tokens.extend(_token(match))
        elif match := _PIECE.match(text, at):
            faults.append(_refusal(text, match))
        at = len(text) if match is None else match.end()
    if faults:
        raise InvalidFormulaError(faults)
    return [*tokens, Token(TokenKind.END, "", Span(len(text), len(text)))]


def _token(match: re.Match[str]) -> Iterator[Token]:
    piece, span = match.group(), Span(*match.span())
    match match.lastgroup:
        case "name" if piece not in KEYWORDS:
            yield Token(TokenKind.NAME, piece, span)
        case "number":
            yield Token(TokenKind.NUMBER, piece, span)
        case "name" | "sign":
            yield Token(TokenKind.SIGN, piece, span)


def _refusal(text: str, match: re.Match[str]) -> Fault:
    return fault_at(text, Span(*match.span()), hint(match.group()))
