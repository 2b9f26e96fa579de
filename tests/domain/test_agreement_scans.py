"""What is taken for a scan of an agreement, and when one is withdrawn."""

import pytest

from shared.domain.agreement_scans import (
    LARGEST_SCAN,
    NothingToScanError,
    ScanReasonRequiredError,
    ScanRefusedError,
    check_scan,
    check_withdrawal,
)
from shared.domain.agreements import AgreementStatus

PDF = b"%PDF-1.7"


@pytest.mark.parametrize(
    ("beginning", "expected"),
    [
        (PDF, "application/pdf"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"II*\x00", "image/tiff"),
        (b"MM\x00*", "image/tiff"),
    ],
)
def test_a_scan_is_known_by_how_it_begins(beginning: bytes, expected: str) -> None:
    assert check_scan(LARGEST_SCAN, beginning, is_registered=True) == expected


@pytest.mark.parametrize(
    ("size", "beginning"),
    [(0, b""), (LARGEST_SCAN + 1, PDF), (9, b"<html>"), (3, b"%PD")],
)
def test_what_is_empty_large_or_of_another_type_is_refused(
    size: int, beginning: bytes
) -> None:
    with pytest.raises(ScanRefusedError) as caught:
        check_scan(size, beginning, is_registered=True)
    assert caught.value.faults[0].value == str(size)


def test_without_a_number_there_is_nothing_to_scan() -> None:
    with pytest.raises(NothingToScanError):
        check_scan(9, PDF, is_registered=False)


@pytest.mark.parametrize("status", AgreementStatus)
def test_a_reason_is_asked_for_from_the_day_of_force_on(
    status: AgreementStatus,
) -> None:
    check_withdrawal(status, "Не тот файл")
    if status in {"draft", "proposed", "signed"}:
        check_withdrawal(status, None)
        return
    with pytest.raises(ScanReasonRequiredError):
        check_withdrawal(status, None)
