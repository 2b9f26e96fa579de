"""Rebuilding counts of pupils from their percentages, whatever they are counted by."""

from collections.abc import Mapping

from shared.domain.assessments import (
    FLOAT_NOISE,
    ROUNDING_TOLERANCE,
    SUM_TOLERANCE,
    largest_remainder,
    nobody_fault,
    participant_fault,
    refuse,
    rounding_fault,
    share_fault,
)
from shared.domain.errors import Fault, Text

_UNIQUE_BELOW = 1000  # pupils of whom one is more than two roundings


def counts_of_shares(n: int, shares: Mapping[str, float]) -> dict[str, int]:
    """Rebuild whole counts of any kinds of pupils from their percentages of `n`.

    As `counts_from_percentages`, but what the figures may differ from 100 grows with
    their number: each is rounded by itself. Of 8 pupils, 12.5 and 87.5 % are 1 and 7.

    Raises:
        InvalidMarksError: as there; faults name the key of the share as their column.
    """
    refuse(participant_fault(n))
    for kind, share in shares.items():
        refuse(share_fault(kind, share))
    figures = [*shares.values()]
    if n == 0:
        refuse(nobody_fault(figures))
        return dict.fromkeys(shares, 0)
    refuse(_total_fault(shares))
    rounded = {kind: round(n * share / 100) for kind, share in shares.items()}
    if n < _UNIQUE_BELOW and sum(rounded.values()) == n and _gives(n, rounded, shares):
        return rounded
    counts = dict(zip(shares, largest_remainder(n, figures), strict=True))
    for kind, count in counts.items():
        refuse(rounding_fault(n, kind, count, shares[kind]))
    return counts


def _gives(n: int, counts: Mapping[str, int], shares: Mapping[str, float]) -> bool:
    tolerance = ROUNDING_TOLERANCE + FLOAT_NOISE
    return all(
        abs(100 * counts[kind] / n - share) <= tolerance
        for kind, share in shares.items()
    )


def _total_fault(shares: Mapping[str, float]) -> Fault | None:
    total = sum(shares.values())
    filled = sum(1 for share in shares.values() if share)
    tolerance = max(SUM_TOLERANCE, ROUNDING_TOLERANCE * filled)
    if abs(total - 100) <= tolerance + FLOAT_NOISE:
        return None
    shown = f"{total:.2f}"
    reason = Text(
        f"Доли в сумме дают {shown.replace('.', ',')} %, а должны 100 %.",
        f"The shares sum to {shown} %, they must give 100 %.",
    )
    return Fault(reason=reason, column=next(iter(shares), None), value=shown)
