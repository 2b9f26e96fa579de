"""Reading a formula: what belongs to what, by the usual precedence.

From weakest to strongest: ``or``, ``and``, ``not``, comparison, ``+ -``, ``* /``, sign.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from shared.domain.errors import Text
from shared.domain.formulas import hints
from shared.domain.formulas.errors import InvalidFormulaError, fault_at
from shared.domain.formulas.syntax import (
    COMPARISONS,
    NOT,
    Binary,
    Call,
    Expression,
    Name,
    Node,
    Number,
    Span,
    Unary,
    children_of,
)
from shared.domain.formulas.tokens import Token, TokenKind, tokenised

DEEPEST: Final = 50

_POWERS: Final = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(COMPARISONS, 4),
    **dict.fromkeys("+-", 5),
    **dict.fromkeys("*/", 6),
}
_OF_NOT, _OF_COMPARISON, _OF_SIGN = 3, 4, 7


def parse(text: str) -> Expression:
    """Read a formula such as ``share(results.n4 + results.n5, results.n_marked)``.

    Raises:
        InvalidFormulaError: It is no formula; of mistakes in the order of its parts
            the first is told, of unknown signs each.
    """
    reader = _Reader(text, tokenised(text))
    root = reader.expression(0)
    reader.expect_end()
    reader.refuse_deep(root)
    return Expression(text, root)


@dataclass(slots=True)
class _Reader:
    text: str
    tokens: list[Token]
    at: int = 0
    depth: int = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.next
        self.at += 1
        return token

    def expression(self, weakest: int) -> Node:
        """Read operands and what binds them at least as strongly as `weakest`."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._too_deep(self.next.span)
        left = self._operand()
        compared = False
        while (power := _POWERS.get(self.next.text, -1)) >= max(weakest, 1):
            sign = self.take()
            if power == _OF_COMPARISON and compared:
                raise self._refusal(sign.span, hints.CHAINED)
            compared = compared or power == _OF_COMPARISON
            right = self.expression(power + 1)
            left = Binary(sign.text, left, right, left.span.to(right.span))
        self.depth -= 1
        return left

    def _operand(self) -> Node:
        token = self.take()
        match token.kind, token.text:
            case TokenKind.NUMBER, figures:
                return Number(Fraction(figures), token.span)
            case TokenKind.NAME, name if self.next.text == "(":
                return self._call(name, token.span)
            case TokenKind.NAME, name:
                return Name(name, token.span)
            case TokenKind.SIGN, "-" | "not" as sign:
                operand = self.expression(_OF_NOT if sign == NOT else _OF_SIGN)
                return Unary(sign, operand, token.span.to(operand.span))
            case TokenKind.SIGN, "(":
                inner = self.expression(0)
                return replace(inner, span=token.span.to(self._close(token).span))
        raise self._no_operand(token, before=self.at - 2)

    def _call(self, function: str, name: Span) -> Call:
        opened = self.take()
        arguments: list[Node] = []
        while self.next.text != ")":
            arguments.append(self.expression(0))
            if self.next.text != ",":
                break
            comma = self.take()
            if self.next.text == ")":
                raise self._refusal(comma.span, hints.nothing_after(","))
        closed = self._close(opened)
        return Call(function, tuple(arguments), name.to(closed.span), name)

    def _close(self, opened: Token) -> Token:
        if self.next.text == ")":
            return self.take()
        if self.next.kind is TokenKind.END:
            raise self._refusal(opened.span, hints.NOT_CLOSED)
        raise self._unexpected(self.next)

    def expect_end(self) -> None:
        """Refuse whatever stands after the end of the formula."""
        token = self.next
        if token.text == ")":
            raise self._refusal(token.span, hints.ONE_TOO_MANY)
        if token.kind is not TokenKind.END:
            raise self._unexpected(token)

    def refuse_deep(self, root: Node) -> None:
        """Refuse a formula of more levels than `DEEPEST`, long sums included."""
        level: tuple[Node, ...] = (root,)
        for _ in range(DEEPEST):
            level = tuple(child for node in level for child in children_of(node))
        if level:
            raise self._too_deep(level[0].span)

    def _no_operand(self, token: Token, *, before: int) -> InvalidFormulaError:
        """Refuse a token where a number, a column or a function must stand."""
        if token.kind is not TokenKind.END:
            return self._refusal(token.span, hints.nothing_before(token.text))
        if before < 0:
            return self._refusal(token.span, hints.EMPTY)
        last = self.tokens[before]
        return self._refusal(last.span, hints.nothing_after(last.text))

    def _unexpected(self, token: Token) -> InvalidFormulaError:
        if token.text == ",":
            return self._refusal(token.span, hints.STRAY_COMMA)
        before = self.tokens[self.at - 1].text
        return self._refusal(token.span, hints.no_sign(before, token.text))

    def _too_deep(self, span: Span) -> InvalidFormulaError:
        return self._refusal(span, hints.too_deep(DEEPEST))

    def _refusal(self, span: Span, reason: Text) -> InvalidFormulaError:
        return InvalidFormulaError([fault_at(self.text, span, reason)])
