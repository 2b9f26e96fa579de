"""The refusal of a term that cannot be read."""

from shared.domain.errors import Fault, InvalidInputError, Text


class UnreadableTermError(InvalidInputError):
    """A term's text is unknown or contradicts itself; it is shown, never guessed."""

    code = "unreadable_term"
    title = Text("Срок не прочитан", "The term could not be read")

    def __init__(self, term: str, reason: Text, column: str | None = None) -> None:
        shown = " ".join(term.split())
        super().__init__(
            Text(
                f"Срок «{shown}» не прочитан: {reason.ru}",
                f"The term “{shown}” could not be read: {reason.en}",
            ),
            faults=(Fault(reason=reason, column=column, value=term),),
        )
        self.term = term
        self.reason = reason
