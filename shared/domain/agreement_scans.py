"""Scans of signed agreements: what is taken for one, and when it may be withdrawn."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shared.domain.agreement_terms import STATUS_NAMES, AgreementStatus
from shared.domain.errors import ConflictError, Fault, InvalidInputError, Text

LARGEST_SCAN: Final = 20 << 20  # bytes
# What a file of the type begins with, as its format's description says.
_BEGINNINGS: Final[Mapping[bytes, str]] = MappingProxyType(
    {
        b"%PDF-": "application/pdf",
        b"\xff\xd8\xff": "image/jpeg",
        b"\x89PNG\r\n\x1a\n": "image/png",
        b"II*\x00": "image/tiff",
        b"MM\x00*": "image/tiff",
    }
)
LONGEST_BEGINNING: Final = max(map(len, _BEGINNINGS))  # bytes
_BEFORE_FORCE: Final = frozenset(
    {AgreementStatus.DRAFT, AgreementStatus.PROPOSED, AgreementStatus.SIGNED}
)


class ScanRefusedError(InvalidInputError):
    """There is no file, or it is empty, too large, or neither PDF nor picture."""

    code = "agreement_scan_refused"
    title = Text("Скан не принят", "The scan was not accepted")


class NothingToScanError(ConflictError):
    """The agreement has not been proposed, so nobody can have signed it."""

    code = "agreement_nothing_to_scan"
    title = Text("Подписывать ещё нечего", "There is nothing to sign yet")


class ScanReasonRequiredError(InvalidInputError):
    """A scan of an agreement that has come into force is withdrawn for a reason."""

    code = "agreement_scan_reason_required"
    title = Text("Нужна причина", "A reason is required")


def check_scan(size: int, beginning: bytes, *, is_registered: bool) -> str:
    r"""Return the type of a scan of an agreement that has its number.

    What the sender calls the type is not asked: the file's own beginning tells.

    Args:
        size: Of the file, in bytes.
        beginning: Its first `LONGEST_BEGINNING` bytes, or fewer if it is shorter.
        is_registered: Whether the agreement has its number.

    Raises:
        NothingToScanError: it has none.
        ScanRefusedError: the file is empty, too large, or of no accepted type.

    >>> check_scan(1024, b"%PDF-1.4", is_registered=True)
    'application/pdf'
    """
    if not is_registered:
        raise NothingToScanError(
            Text(
                "У договора ещё нет номера: предложите его, распечатайте и подпишите.",
                "The agreement has no number yet: propose it, print and sign it.",
            )
        )
    most = LARGEST_SCAN >> 20
    if size == 0:
        raise _refused(
            size,
            Text(
                "Приложите в поле file один файл, не пустой.",
                "Attach one file, not empty, in the field file.",
            ),
        )
    if size > LARGEST_SCAN:
        raise _refused(
            size,
            Text(
                f"Файл больше {most} МБ: отсканируйте его с меньшим разрешением.",
                f"The file is over {most} MB: scan it with a lower resolution.",
            ),
        )
    for known, content_type in _BEGINNINGS.items():
        if beginning.startswith(known):
            return content_type
    raise _refused(
        size,
        Text(
            "Это не PDF, JPEG, PNG и не TIFF: сохраните скан в одном из них.",
            "This is neither PDF, JPEG, PNG nor TIFF: save the scan as one of them.",
        ),
    )


def check_withdrawal(status: AgreementStatus, reason: str | None) -> None:
    """Accept that a scan is withdrawn; once in force, somebody may rely on it.

    Raises:
        ScanReasonRequiredError: it has been in force, and no reason is given.
    """
    if status in _BEFORE_FORCE or reason:
        return
    name = STATUS_NAMES[status]
    text = Text(
        f"Договор: {name.ru}. Укажите в параметре reason, почему скан снимают.",
        f"The agreement is {name.en}. Say in the parameter reason why the scan is "
        "withdrawn.",
    )
    raise ScanReasonRequiredError(
        text, faults=[Fault(column="query.reason", reason=text)]
    )


def _refused(size: int, reason: Text) -> ScanRefusedError:
    fault = Fault(column="body.file", value=str(size), reason=reason)
    return ScanRefusedError(reason, faults=[fault])
