"""Under which keys files lie in the file store."""


def key_of_report_file(municipality_id: int, sha256: bytes) -> str:
    """Return the key of a file of a report: equal files of a municipality are one."""
    return f"submissions/{municipality_id}/{sha256.hex()}"
