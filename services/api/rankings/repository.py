"""Reading the places of a run."""

from dataclasses import dataclass

from sqlalchemy import select

from shared.domain.measures import place_text
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.scoring import RankingPlaceRow
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A school that a ranking lists; without places it is outside, for a reason."""

    school_id: int
    school_name: str
    value: float | None
    n: int
    place_from: int | None
    place_to: int | None
    ranked: int
    reason: str | None

    @property
    def place(self) -> str | None:
        """The place as people write it."""
        if self.place_from is None or self.place_to is None:
            return None
        return place_text(self.place_from, self.place_to)


async def list_places(work: Work, run_id: int) -> list[Place]:
    """Return the schools that the caller may see, by place and then by name.

    Names are put in order here: how a database sorts depends on how it was made.
    """
    statement = (
        select(
            RankingPlaceRow.school_id,
            SchoolRow.name.label("school_name"),
            RankingPlaceRow.value,
            RankingPlaceRow.n,
            RankingPlaceRow.place_from,
            RankingPlaceRow.place_to,
            RankingPlaceRow.ranked,
            RankingPlaceRow.outside_reason.label("reason"),
        )
        .join(SchoolRow, SchoolRow.id == RankingPlaceRow.school_id)
        .where(RankingPlaceRow.run_id == run_id)
    )
    rows = await work.session.execute(statement)
    places = [Place(**row) for row in rows.mappings()]
    return sorted(
        places,
        key=lambda place: (place.place_from or 0, place.school_name, place.school_id),
    )
