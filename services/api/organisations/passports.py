"""Social passports from the shares that a document tells one by one."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from services.api.organisations.facts import SocialShareEntry, Table
from shared.domain.social_passports import BY_NUMBER
from shared.persistence.tables.social_passports import SocialPassportRow
from shared.persistence.upsert import Written, upsert
from shared.persistence.work import Work


async def load_passports(
    work: Work,
    municipality_id: int,
    shares: Table[SocialShareEntry],
    ids: Mapping[str, int],
) -> Written:
    """Write the shares into the schools' passports; those not told of stay."""
    by_columns: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in _passports(shares):
        row["school_id"] = ids[row.pop("school")]
        row |= {"municipality_id": municipality_id, "provenance": shares.provenance}
        by_columns[tuple(sorted(row))].append(row)
    written = Written()
    for rows in by_columns.values():
        written += await upsert(
            work, SocialPassportRow, rows, key=["school_id", "academic_year"]
        )
    return written


def _passports(shares: Table[SocialShareEntry]) -> Iterator[dict[str, Any]]:
    """Yield one row for each school and year, with the columns that are told of."""
    passports: dict[tuple[str, int], dict[str, Any]] = {}
    for entry in shares.rows:
        share = BY_NUMBER[entry.indicator]
        passport = passports.setdefault(
            (entry.school, entry.year),
            {"school": entry.school, "academic_year": entry.year},
        )
        passport |= {share.percent: entry.percent, share.count: entry.numerator}
        if entry.localities is not None:
            passport["bussed_localities"] = entry.localities
    yield from passports.values()
