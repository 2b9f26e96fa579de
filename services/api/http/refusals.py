"""What a validator of ours says to what it does not accept, in both languages."""

from shared.domain.errors import Text


class RefusedValueError(ValueError):
    """A value that a schema's own rule does not accept; the text says how to mend it.

    Pydantic takes it for any `ValueError` and reports it among the faults of the body.
    """

    def __init__(self, ru: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(ru, en)
