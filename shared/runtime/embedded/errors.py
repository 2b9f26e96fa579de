"""What can go wrong with a server that we start ourselves."""

from shared.domain.errors import Text


class EmbeddedServerError(Exception):
    """A local server cannot be started; the detail says why and how to mend it."""

    def __init__(self, detail: Text) -> None:
        super().__init__(detail.en)
        self.detail = detail


class FolderInUseError(EmbeddedServerError):
    """Another program that is still running holds the folder."""
