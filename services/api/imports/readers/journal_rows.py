"""One school's comparison of marks with the journal: its counts, and what they say."""

from collections.abc import Mapping

from services.api.imports.readers.cells import Cell, is_blank, number_of
from services.api.imports.readers.journal_columns import (
    ALL,
    EQUAL,
    GROUPS,
    HIGHER,
    LOWER,
)
from services.api.imports.readers.region_rows import RegionRow
from services.api.imports.readers.rows import BadRow, ImportedRow, RowNames
from shared.domain.assessments import (
    ROUNDING_TOLERANCE,
    InvalidMarksError,
)
from shared.domain.shares import counts_of_shares

_COMPARED = {LOWER: "lower", EQUAL: "equal", HIGHER: "higher"}
_WHOLE = (0.99, 1.01)  # what fractions may sum to


def compared_row(
    sheet: str, number: int, cells: Mapping[str, Cell]
) -> ImportedRow | BadRow:
    """Read the groups of one school.

    Args:
        sheet: Where the row stands.
        number: The number of the row, or of the first of several.
        cells: By key title, by group («Понизили») and percentage («Понизили, %»).
    """
    row = RegionRow(sheet, number, cells)
    key, names = row.key(), row.names()
    shares = _shares(row)
    counts = _rebuilt(row, shares) if _has_no_counts(row) else _counts(row, shares)
    if row.faults or counts is None:
        return row.bad(names)
    return _imported(row, key, names, counts, shares)


def _imported(
    row: RegionRow,
    key: dict[str, int],
    names: RowNames,
    counts: Mapping[str, int],
    shares: Mapping[str, float],
) -> ImportedRow:
    figures: dict[str, object] = {
        f"n_{name}": counts[group] for group, name in _COMPARED.items()
    }
    if shares:
        figures["percentages"] = {
            f"journal_{_COMPARED[group]}": share for group, share in shares.items()
        }
    if _has_no_counts(row):
        figures["counts_rebuilt"] = True
    when_new = {"n": sum(counts[group] for group in _COMPARED)}
    return ImportedRow(row.sheet, row.row, names, key, figures, when_new, row.cells)


def _has_no_counts(row: RegionRow) -> bool:
    return all(is_blank(row.cells.get(group, "")) for group in _COMPARED)


def _shares(row: RegionRow) -> dict[str, float]:
    """Return the percentages that stand in the row, of 100."""
    columns = {group: f"{group}, %" for group in _COMPARED}
    shares = {
        group: row.share(column)
        for group, column in columns.items()
        if not is_blank(row.cells.get(column, ""))
    }
    given = {group: share for group, share in shares.items() if share is not None}
    whole = _WHOLE[0] <= sum(given.values()) <= _WHOLE[1] and len(given) == len(columns)
    total = number_of(row.cells.get(f"{ALL}, %", ""))
    scale = 100 if whole and (total is None or total <= 1) else 1
    return {group: round(scale * share, 10) for group, share in given.items()}


def _rebuilt(row: RegionRow, shares: Mapping[str, float]) -> dict[str, int] | None:
    total = row.count(ALL) if ALL in row.cells else None
    if total is None or len(shares) < len(_COMPARED):
        if not row.faults:
            row.blame(LOWER, "Ожидается число учеников.", "A number is expected.")
        return None
    try:
        return counts_of_shares(total, shares)
    except InvalidMarksError as error:
        for fault in error.faults:
            row.keep(fault)
        return None


def _counts(row: RegionRow, shares: Mapping[str, float]) -> dict[str, int] | None:
    stated = [group for group in GROUPS if not is_blank(row.cells.get(group, ""))]
    counts = {group: row.count(group) for group in {*_COMPARED, *stated}}
    known = {group: count for group, count in counts.items() if count is not None}
    if len(known) < len(counts):
        return None
    compared = sum(known[group] for group in _COMPARED)
    if known.get(ALL, compared) != compared:
        row.blame(
            ALL,
            f"Группы дают в сумме {compared} учеников.",
            f"The groups sum to {compared} pupils.",
        )
    for group, share in shares.items():
        _check_share(row, group, known[group], compared, share)
    return known


def _check_share(
    row: RegionRow, group: str, count: int, compared: int, share: float
) -> None:
    counted = 100 * count / compared if compared else 0.0
    # Some files round to whole per cents.
    tolerance = 0.5 if share.is_integer() else ROUNDING_TOLERANCE
    if abs(counted - share) > tolerance + 1e-6:
        row.blame(
            f"{group}, %",
            f"{count} из {compared} — это {counted:.2f} %.",
            f"{count} of {compared} is {counted:.2f} %.",
        )
