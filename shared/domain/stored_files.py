"""Under which keys files lie in the file store."""

import re
from typing import Final

OF_REPORTS: Final = "submissions"
_REPORT_FILE: Final = re.compile(rf"{OF_REPORTS}/([1-9][0-9]{{0,17}})/([0-9a-f]{{64}})")


def key_of_report_file(municipality_id: int, sha256: bytes) -> str:
    """Return the key of a file of a report: equal files of a municipality are one."""
    return f"{OF_REPORTS}/{municipality_id}/{sha256.hex()}"


def report_file_of(key: str) -> tuple[int, bytes] | None:
    """Return municipality and SHA-256 of a report's file; None of any other key."""
    found = _REPORT_FILE.fullmatch(key)
    return None if found is None else (int(found[1]), bytes.fromhex(found[2]))
