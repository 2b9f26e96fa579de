"""Reading the places of a run."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from shared.domain.measures import place_text
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.scoring import RankingPlaceRow
from shared.persistence.work import Work

Scope = Literal["overall", "kind", "cluster"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A school that a ranking lists; without places it is outside, for a reason."""

    school_id: int
    school_name: str
    scope_group: str | None
    value: float | None
    n: int
    place_from: int | None
    place_to: int | None
    ranked: int
    reason: str | None
    interval_low: int | None
    interval_high: int | None
    band: int | None
    value_low: float | None
    value_high: float | None
    shrunk: float | None
    shrink_weight: float | None
    pooled_value: float | None
    pooled_n: int | None
    pooled_years: list[int] | None

    @property
    def place(self) -> str | None:
        """The place as people write it."""
        return _text(self.place_from, self.place_to)

    @property
    def plausible(self) -> str | None:
        """The places that remain likely, as people write them."""
        return _text(self.interval_low, self.interval_high)


def _text(first: int | None, last: int | None) -> str | None:
    return None if first is None or last is None else place_text(first, last)


async def list_places(work: Work, run_id: int, scope: Scope) -> list[Place]:
    """Return the schools that the caller may see: by group, by place, by name.

    Names are put in order here: how a database sorts depends on how it was made.
    """
    place, overall = aliased(RankingPlaceRow), aliased(RankingPlaceRow)
    statement = (
        select(
            place.school_id,
            SchoolRow.name.label("school_name"),
            place.scope_group,
            place.value,
            place.n,
            place.place_from,
            place.place_to,
            place.ranked,
            place.outside_reason.label("reason"),
            place.interval_low,
            place.interval_high,
            place.band,
            overall.value_low,
            overall.value_high,
            overall.shrunk,
            overall.shrink_weight,
            overall.pooled_value,
            overall.pooled_n,
            overall.pooled_years,
        )
        .join(SchoolRow, SchoolRow.id == place.school_id)
        .join(
            overall,
            and_(
                overall.run_id == place.run_id,
                overall.school_id == place.school_id,
                overall.scope == "overall",
            ),
        )
        .where(place.run_id == run_id, place.scope == scope)
    )
    rows = await work.session.execute(statement)
    places = [Place(**row) for row in rows.mappings()]
    return sorted(
        places,
        key=lambda each: (
            each.scope_group or "",
            each.place_from or 0,
            each.school_name,
            each.school_id,
        ),
    )
