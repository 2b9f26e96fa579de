"""Why the system cannot be started on this machine."""

from shared.domain.errors import Text


class StartError(Exception):
    """The start ends here; the detail says what, where and how to mend it."""

    exit_code = 2

    def __init__(self, detail: Text) -> None:
        super().__init__(detail.en)
        self.detail = detail


class FailedProcessError(StartError):
    """One of our own processes failed; the detail ends with the end of its log."""

    exit_code = 1
