"""Why no backup can be made, or none restored."""

from shared.domain.errors import Text


class BackupError(Exception):
    """What is wrong and how to mend it; nothing that was there has been changed."""

    def __init__(self, ru: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(ru, en)
