"""Errors of the domain: what is wrong, where, how to mend it; in two languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence for people, in Russian and in English."""

    ru: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the sentence in `language`; anything but ``en`` is Russian."""
        return self.en if language == "en" else self.ru


@dataclass(frozen=True, slots=True)
class Position:
    """A stretch of a text of several lines, in characters; line and column from 1."""

    line: int
    column: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One place in the input that cannot be accepted, and why.

    `position` is where in a text that is read as a language, as a formula is.
    """

    reason: Text
    sheet: str | None = None
    row: int | None = None  # 1-based, as the spreadsheet program shows it
    column: str | None = None
    value: str | None = None
    position: Position | None = None


class DomainError(Exception):
    """A request that the domain refuses; nothing has been changed.

    Subclasses set `code` (stable, part of the API) and `title`. The HTTP layer maps
    the direct subclasses below to status codes; features derive from those.
    """

    code: ClassVar[str] = "error"
    title: ClassVar[Text] = Text("Ошибка", "Error")

    def __init__(self, detail: Text, *, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail.en)
        self.detail = detail
        self.faults = tuple(faults)


class InvalidInputError(DomainError):
    """The input contradicts a rule of the domain."""

    code = "invalid_input"
    title = Text("Данные не приняты", "The input was not accepted")


class NotFoundError(DomainError):
    """The thing does not exist, or the caller may not know that it does."""

    code = "not_found"
    title = Text("Не найдено", "Not found")


class ForbiddenError(DomainError):
    """The caller lacks a permission, which the detail names."""

    code = "forbidden"
    title = Text("Недостаточно прав", "Permission denied")


class UnauthenticatedError(DomainError):
    """The caller is not signed in."""

    code = "unauthenticated"
    title = Text("Требуется вход", "Sign-in required")


class ConflictError(DomainError):
    """The present state does not allow the change."""

    code = "conflict"
    title = Text("Изменение невозможно", "The change conflicts with the present state")


class GoneError(DomainError):
    """The thing was there, and will not be again."""

    code = "gone"
    title = Text("Больше недоступно", "Gone")


class UnavailableError(DomainError):
    """Something that the answer depends on does not work for now; try again later."""

    code = "unavailable_elsewhere"
    title = Text("Временно недоступно", "Unavailable for now")


class TooManyRequestsError(DomainError):
    """The caller must wait; `retry_after` says for how many seconds."""

    code = "too_many_requests"
    title = Text("Слишком часто", "Too many requests")

    def __init__(self, detail: Text, *, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
