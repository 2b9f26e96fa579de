"""Small municipalities at random, with all that decides who mentors whom."""

from datetime import date
from random import Random
from typing import Any, Final

from sqlalchemy import insert, select

from shared.contracts.events import EventKind
from shared.persistence.outbox import record
from shared.persistence.tables.agreements import AgreementRow
from shared.persistence.tables.base import Base
from shared.persistence.tables.conditions import ListMembershipRow, ObjectivitySignRow
from shared.persistence.tables.distances import SchoolDistanceRow
from shared.persistence.tables.matching import MentorSuggestionDecisionRow
from shared.persistence.tables.mentor_bank import (
    DeficitRow,
    MentorOfferRow,
    MentorRequestRow,
)
from shared.persistence.tables.programmes import ProgrammeRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work, begin_as_system
from tests.scoring.district import YEAR, District

SUBJECTS: Final = ("mathematics", "physics")
PROBLEMS: Final = ("Дроби", " дроби ", "Мотивация")
# Few kinds of classes, so that schools often are equally good.
CLASSES: Final = (
    *((10, 10, 3, 2), (10, 10, 3, 2), (5, 10, 5, 5), (0, 5, 10, 10)),
    *((0, 0, 5, 20), (0, 0, 5, 20), (1, 1, 1, 1)),
)
KINDS: Final = ("open", "recent", "recent", "long_ago", "declined", "declined")
EXCLUDED: Final = {
    "valid_to": date(2020, 3, 1),
    "exclusion_body": "Управление образования",
    "exclusion_reason": "Результаты выросли",
}


async def fill(district: District, seed: int, *, schools: int = 8) -> None:
    """Give the district schools and all else, by the seed alone."""
    draw = Random(seed)  # noqa: S311 (for tests, not for secrets)
    for position in range(schools):
        await district.add_school(f"{seed}-{position}")
    ids = list(district.schools.values())
    async with begin_as_system(district.api) as work:
        town = _Town(work, district.id, ids, draw)
        await town.enter_schools()
        for code in district.schools:
            for subject in SUBJECTS:
                if draw.random() < 0.85:
                    marks = draw.choice(CLASSES)
                    await district.write_result(work, code, *marks, subject=subject)
        await town.enter_records()
        await town.enter_agreements()
        await record(
            work,
            EventKind.RECORDS_CHANGED,
            municipality_id=district.id,
            payload={"dataset": "mentor-requests"},
        )


class _Town:
    """Writes rows of a municipality at random."""

    def __init__(
        self, work: Work, municipality_id: int, ids: list[int], draw: Random
    ) -> None:
        self.work = work
        self.municipality_id = municipality_id
        self.ids = ids
        self.draw = draw
        self.places: dict[int, int] = {}

    async def add(self, row: type[Base], **values: Any) -> int:
        own = {"municipality_id": self.municipality_id, **values}
        statement = insert(row).values(own).returning(row.__table__.c.id)
        return int((await self.work.session.execute(statement)).scalar_one())

    async def enter_schools(self) -> None:
        """Set how many mentees each can have; one is a branch of another."""
        for each in self.ids:
            self.places[each] = self.draw.choice((0, 1, 1, 2))
            school = await self.work.session.get_one(SchoolRow, each)
            school.mentor_capacity = self.places[each]
            school.parent_id = self.ids[0] if each == self.ids[1] else None
        await self.work.session.flush()

    async def enter_records(self) -> None:
        """Enter ways, requests, deficits, offers, lists and signs."""
        for position, each in enumerate(self.ids):
            await self._ways(each, self.ids[position + 1 :])
            await self._bank(each)
            local = {"school_id": each, "provenance": "local"}
            if self.draw.random() < 0.15:
                await self.add(
                    ListMembershipRow,
                    **local,
                    list_kind="low_results",
                    year=YEAR,
                    act_body="Управление образования",
                    act_number="112",
                    act_on=date(2019, 9, 1),
                    **self.draw.choice(({}, EXCLUDED)),
                )
            if self.draw.random() < 0.1:
                year = YEAR - self.draw.randrange(3)
                await self.add(ObjectivitySignRow, **local, year=year, has_sign=True)

    async def _ways(self, school: int, others: list[int]) -> None:
        for other in others:
            if self.draw.random() < 0.25:
                await self.add(
                    SchoolDistanceRow,
                    school_id=school,
                    other_school_id=other,
                    provenance="local",
                    km=self.draw.choice((None, 31.5, 90.0)),
                    same_bus_network=self.draw.random() < 0.3,
                )

    async def _bank(self, school: int) -> None:
        local = {"school_id": school, "provenance": "local"}
        subject = self.draw.choice((None, *SUBJECTS))
        if self.draw.random() < 0.7:
            await self.add(
                MentorRequestRow,
                **local,
                position="Учителя",
                subject=subject,
                problem=self.draw.choice(PROBLEMS),
                urgency=self.draw.choice(("low", "medium", "high")),
                asked_on=self.draw.choice((date(2020, 4, 1), date(2020, 9, 1))),
                status=self.draw.choice(("open", "open", "closed")),
            )
        if self.draw.random() < 0.4:
            await self.add(
                MentorOfferRow,
                **local,
                bank=self.draw.choice(("district", "district", "school")),
                position="Учителя",
                subject=subject,
                problem=self.draw.choice(PROBLEMS),
                capacity=1,
                valid_from=date(2019, 9, 1),
                valid_to=self.draw.choice((None, date(2020, 1, 31))),
                status="open",
            )
        if self.draw.random() < 0.3:
            await self.add(
                DeficitRow,
                **local,
                bearer="team",
                position="Учителя",
                subject=self.draw.choice(SUBJECTS),
                kind="methodical",
                source="survey",
                observed_on=date(2020, 2, 1),
                closed_on=self.draw.choice((None, date(2020, 5, 1))),
            )

    async def enter_agreements(self) -> None:
        """Enter agreements that are open or over, and pairs that were declined."""
        user = await self._user()
        programme = await self._programme()
        pairs = [(one, other) for one in self.ids for other in self.ids if one != other]
        for mentor, mentee in self.draw.sample(pairs, 14):
            kind = self.draw.choice(KINDS)
            if kind == "declined":
                await self._decline(mentor, mentee, user)
                continue
            if kind == "open":
                if not self.places[mentor] or self.draw.random() < 0.7:
                    continue
                self.places[mentor] -= 1
            await self._agree(mentor, mentee, programme, user, kind)

    async def _agree(
        self, mentor: int, mentee: int, programme: int, user: int, kind: str
    ) -> None:
        ended = {"open": None, "recent": date(2018, 6, 1), "long_ago": date(2016, 6, 1)}
        await self.add(
            AgreementRow,
            programme_id=programme,
            mentor_municipality_id=self.municipality_id,
            mentor_school_id=mentor,
            mentee_municipality_id=self.municipality_id,
            mentee_school_id=mentee,
            problem="Качество",
            starts_on=date(2015, 9, 1),
            ends_on=date(2020, 12, 31),
            ended_on=ended[kind],
            status="active" if kind == "open" else "completed",
            goals=["Повысить качество"],
            registry_year=2019,
            registry_number=self.draw.randrange(1, 1_000_000),
            version=1,
            created_by=user,
            created_at=self.work.now,
        )

    async def _decline(self, mentor: int, mentee: int, user: int) -> None:
        await self.add(
            MentorSuggestionDecisionRow,
            academic_year=self.draw.choice((YEAR, YEAR, YEAR - 1)),
            run_id=1,
            mentee_id=mentee,
            mentor_id=mentor,
            kind="subject",
            code="mathematics",
            decision="declined",
            reason="Далеко",
            decided_by=user,
            decided_at=self.work.now,
        )

    async def _programme(self) -> int:
        return await self.add(
            ProgrammeRow,
            code=f"town-{self.municipality_id}",
            title="Программа",
            goal="Качество",
            starts_on=date(2015, 1, 1),
            ends_on=date(2022, 12, 31),
            years="calendar",
            period_text="2015–2022",
            approved={},
            expected_results=[],
            provenance="local",
            executors_text="",
            document_hash="",
        )

    async def _user(self) -> int:
        known: int | None = await self.work.session.scalar(select(UserRow.id))
        if known:
            return known
        statement = insert(UserRow).values(
            login="administrator",
            role="administrator",
            display_name="Администратор",
            language="ru",
            is_active=True,
            created_at=self.work.now,
        )
        found = await self.work.session.execute(statement.returning(UserRow.id))
        return int(found.scalar_one())
