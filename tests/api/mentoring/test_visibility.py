"""Who sees an agreement, and what it lets a school see of its partner."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.domain.agreements import CLOSED_STATUSES, OPEN_STATUSES, AgreementStatus
from shared.persistence.tables.agreements import AgreementRow
from shared.persistence.tables.results import AssessmentResultRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work, begin, begin_as_system
from tests.api.mentoring.conftest import Places
from tests.api.mentoring.steps import (
    ABROAD,
    ANY_VERSION,
    MENTEE,
    MENTOR,
    THIRD,
    URL,
    draft,
    go,
    perform,
)
from tests.support.api import ClientAs
from tests.support.sessions import open_session


async def enter_as(work: Work, engine: AsyncEngine, login: str) -> None:
    """Give the transaction the rights of the account with this log-in."""
    async with begin_as_system(engine) as system:
        user_id = await system.session.scalar(
            select(UserRow.id).where(UserRow.login == login)
        )
    assert user_id is not None
    session_id = await open_session(engine, user_id)
    assert await work.enter_as_user(user_id, session_id) is not None


@pytest.mark.parametrize("stranger", [THIRD, ABROAD])
async def test_strangers_cannot_tell_that_an_agreement_exists(
    client_as: ClientAs, places: Places, stranger: str
) -> None:
    office, other = await client_as("uzhur"), await client_as(stranger)
    number = (await draft(office, places))["id"]
    answers: list[httpx.Response] = [
        await other.get(f"{URL}/{number}"),
        await perform(other, number, "propose"),
    ]
    missing = await other.get(f"{URL}/{number + 1}")
    for answer in answers:
        assert answer.status_code == 404
        problem = answer.json()
        problem["detail"] = problem["detail"].replace(str(number), str(number + 1))
        names = {problem.pop("request_id"), missing.json()["request_id"]}
        assert len(names) == 2
        others = {k: v for k, v in missing.json().items() if k != "request_id"}
        assert problem == others
    assert (await other.get(URL)).json()["items"] == []


async def test_a_coordinator_elsewhere_edits_nothing(
    client_as: ClientAs, places: Places
) -> None:
    office, other = await client_as("uzhur"), await client_as(ABROAD)
    number = (await draft(office, places))["id"]
    answer = await other.patch(
        f"{URL}/{number}", json={"goals": []}, headers=ANY_VERSION
    )
    assert answer.status_code == 404


async def test_an_agreement_shows_the_partners_name_but_not_its_results(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    office, mentee = await client_as("uzhur"), await client_as(MENTEE)

    async def seen() -> tuple[str | None, int]:
        async with begin(engine) as work:
            await enter_as(work, engine, MENTEE)
            mentor = places.schools[MENTOR]
            name = await work.session.scalar(
                select(SchoolRow.name).where(SchoolRow.id == mentor)
            )
            results = await work.session.scalar(
                select(func.count()).where(AssessmentResultRow.school_id == mentor)
            )
            return name, results or 0

    async with begin_as_system(engine) as work:
        there = await work.session.scalar(
            select(func.count()).where(
                AssessmentResultRow.school_id == places.schools[MENTOR]
            )
        )
    assert there
    assert await seen() == (None, 0)
    number = (await draft(office, places))["id"]
    agreement = (await mentee.get(f"{URL}/{number}")).json()
    assert agreement["mentor"]["name"] == "МБОУ «Ужурская СОШ №1»"
    assert await seen() == ("МБОУ «Ужурская СОШ №1»", 0)


async def test_lists_are_narrowed_and_paged(
    client_as: ClientAs, places: Places
) -> None:
    office, mentee = await client_as("uzhur"), await client_as(MENTEE)
    other = places.schools["uzhur.prirechenskaya"]
    first = await draft(office, places)
    second = await draft(office, places, mentee_school_id=other)
    third = await draft(office, places, problem="Чтение")
    await go(office, second["id"], "propose")

    async def ids(client: httpx.AsyncClient, **params: str | int) -> list[int]:
        answer = await client.get(URL, params=params)
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["items"]]

    everything = [first["id"], second["id"], third["id"]]
    uzhur = places.municipalities["uzhur"]
    assert await ids(office) == everything
    assert await ids(office, municipality_id=uzhur) == everything
    assert await ids(office, status="proposed") == [second["id"]]
    assert await ids(office, school_id=other) == [second["id"]]
    assert await ids(office, school_id=places.schools[MENTOR]) == everything
    for side, school, found in (
        ("mentor", places.schools[MENTOR], everything),
        ("mentee", places.schools[MENTOR], []),
        ("mentee", other, [second["id"]]),
        ("mentor", other, []),
    ):
        assert await ids(office, **{f"{side}_school_id": school}) == found
    assert await ids(mentee) == [first["id"], third["id"]]
    page = (await office.get(URL, params={"limit": 2})).json()
    assert page["next_after"] == second["id"]
    assert await ids(office, limit=2, after=page["next_after"]) == [third["id"]]


async def test_agreements_in_force_on_a_day_are_those_of_their_history(
    client_as: ClientAs, places: Places
) -> None:
    office, mentee = await client_as("uzhur"), await client_as(MENTEE)
    await draft(office, places, problem="Чтение")
    drafted = await draft(office, places)
    begun = await go(office, drafted["id"], "propose", "sign", "activate")
    at = datetime.fromisoformat(begun["events"][-1]["at"])
    day = at.astimezone(ZoneInfo("Asia/Krasnoyarsk")).date()

    async def in_force(client: httpx.AsyncClient, on: date) -> list[int]:
        answer = await client.get(URL, params={"active_on": on.isoformat()})
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["items"]]

    assert await in_force(office, day) == [drafted["id"]]
    assert await in_force(mentee, day + timedelta(days=1)) == [drafted["id"]]
    assert await in_force(office, day - timedelta(days=1)) == []
    last = date.fromisoformat(drafted["ends_on"])
    assert await in_force(office, last) == [drafted["id"]]
    assert await in_force(office, last + timedelta(days=1)) == []
    await go(office, drafted["id"], "terminate")
    assert await in_force(office, day) == []


async def test_a_list_of_a_foreign_school_or_municipality_is_not_found(
    client_as: ClientAs, places: Places
) -> None:
    mentee = await client_as(MENTEE)
    for params in (
        {"school_id": places.schools[THIRD]},
        {"municipality_id": places.municipalities[ABROAD]},
    ):
        answer = await mentee.get(URL, params=params)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("status", list(AgreementStatus))
@pytest.mark.parametrize("viewer", ["uzhur", MENTEE])
async def test_the_mentors_load_is_the_same_for_whoever_asks(
    client_as: ClientAs,
    places: Places,
    engine: AsyncEngine,
    status: AgreementStatus,
    viewer: str,
) -> None:
    office = await client_as("uzhur")
    asked = await draft(office, places)
    other = await draft(
        office, places, mentee_school_id=places.schools["uzhur.prirechenskaya"]
    )
    paths = {
        AgreementStatus.DRAFT: [],
        AgreementStatus.PROPOSED: ["propose"],
        AgreementStatus.SIGNED: ["propose", "sign"],
        AgreementStatus.ACTIVE: ["propose", "sign", "activate"],
        AgreementStatus.SUSPENDED: ["propose", "sign", "activate", "suspend"],
        AgreementStatus.COMPLETED: ["propose", "sign", "activate", "complete"],
        AgreementStatus.TERMINATED: ["terminate"],
    }
    await go(office, other["id"], *paths[status])
    async with begin(engine) as work:
        await enter_as(work, engine, viewer)
        row = (
            await work.session.execute(
                select(
                    func.tenancy.mentor_load(
                        asked["id"], sorted(OPEN_STATUSES), sorted(CLOSED_STATUSES)
                    ).table_valued("capacity", "open_agreements", "has_duplicate")
                )
            )
        ).one()
    assert (row.capacity, row.open_agreements) == (2, int(status in OPEN_STATUSES))


async def test_the_mentors_load_is_not_told_to_a_third_school(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    number = (await draft(office, places))["id"]
    async with begin(engine) as work:
        await enter_as(work, engine, THIRD)
        visible = await work.session.scalar(
            select(func.count()).select_from(AgreementRow)
        )
        load = func.tenancy.mentor_load(number, ["proposed"], ["completed"])
        rows = (await work.session.execute(select(load))).all()
    assert visible == 0
    assert rows == []
