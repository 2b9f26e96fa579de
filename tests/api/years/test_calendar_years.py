"""The lock of an academic year holds rows that carry a calendar year or a date, too."""

import io
from typing import Any

from sqlalchemy import Date

from services.api.datasets.dataset import Dataset
from services.api.datasets.definitions import DATASETS
from services.api.imports.formats import FORMATS
from tests.api.imports.district import commit, counts, preview
from tests.api.imports.test_forms import schools_of, workbook
from tests.api.years.steps import go, step_with_all
from tests.support.api import ClientAs

# What has days or years, and is no data of a year that was handed in.
NOT_HELD = {
    "school-identifiers": "codes are valid from day to day, whatever was handed in",
    "school-groups": "an order puts a school into a group, another takes it out",
    "school-contacts": "who is to be reached now",
    "municipality-contacts": "who is to be reached now",
    "school-calendar": "a plan, which terms are read by",
    "school-programmes": "goes over years, from state to state",
    "school-programme-indicators": "belongs to a school's programme",
    "school-programme-measures": "belongs to a school's programme",
    "recommendations": "is answered after its year",
    "decisions": "a register of orders",
    "mentor-offers": "stands until it is withdrawn",
    "mentor-requests": "stands until it is met",
    "deficits": "stands until it is made up for, in a later year perhaps",
}
SWOT = {"calendar_year": 2019, "quadrant": "strengths", "position": 1}
WHY = {"reason": "Апелляция"}


def has_time(dataset: Dataset) -> bool:
    return any(
        isinstance(column.source.type, Date) or "year" in column.name
        for column in dataset.columns
    )


def test_whatever_has_a_year_or_a_day_is_held_or_says_why_not() -> None:
    written = {code: each for code, each in DATASETS.items() if each.recording}
    timed = {code for code, each in written.items() if has_time(each)}
    held = {
        code
        for code, each in written.items()
        if each.recording
        and each.recording.locked_with_year
        and (each.year is not None or each.recording.calendar)
    }
    assert timed - held == NOT_HELD.keys()
    files = {code for code in FORMATS if FORMATS[code].target.table.locked_by}
    assert held & FORMATS.keys() == files & DATASETS.keys() - {"results"}


def test_a_calendar_year_is_closed_with_the_academic_year_it_ends_in() -> None:
    swot = DATASETS["swot-entries"]
    assert swot.locked_year_of({"calendar_year": 2019}) == 2019
    assert swot.locked_year_of({}) is None
    assert DATASETS["climate-surveys"].year is not None
    assert DATASETS["decisions"].locked_year_of({"decided_on": None}) is None


async def test_a_calendar_year_is_corrected_with_a_reason_by_hand_by_file_and_back(
    client_as: ClientAs,
) -> None:
    office = await client_as("uzhur")
    school = (await schools_of(office))["ilinskaya"]
    own = {"school_id": school["id"], **SWOT}

    def form(text: str) -> io.BytesIO:
        values: dict[str, Any] = {**own, "text": text}
        return io.BytesIO(workbook(tuple(values), tuple(values.values())))

    made = await office.post("/v1/swot-entries", json={**own, "text": "Кадры"})
    assert made.status_code == 201, made.text
    address = f"/v1/swot-entries/{made.json()['id']}"
    fresh = await preview(
        office, form("Стабильный коллектив"), file_format="swot-entries"
    )
    assert counts(fresh) == {"changed": 1}
    await go(office, school["id"], "lock", year=2019)
    # By hand.
    body, match = {**own, "text": "Традиции"}, {"If-Match": "*"}
    for method in ("PUT", "DELETE"):
        sent = None if method == "DELETE" else body
        refused = await office.request(method, address, json=sent, headers=match)
        assert refused.json()["code"] == "year_locked", method
    later = await office.post(
        "/v1/swot-entries", json={**own, "calendar_year": 2020, "text": "Кадры"}
    )
    assert later.status_code == 201, later.text
    # By a file that was previewed before, and by one that is previewed now.
    assert (await commit(office, fresh)).json()["code"] == "year_locked"
    held = await preview(
        office, form("Стабильный коллектив"), file_format="swot-entries"
    )
    assert counts(held) == {"bad": 1}
    done = await office.post(
        f"/v1/imports/{fresh['id']}/commit", json={"mode": "partial"}, params=WHY
    )
    assert done.status_code == 200, done.text
    # And back.
    undo = f"/v1/imports/{fresh['id']}/undo"
    assert (await office.post(undo)).json()["code"] == "year_locked"
    assert (await office.post(undo, params=WHY)).json()["restored"] == 1
    corrected = await office.put(address, json=body, headers=match, params=WHY)
    assert corrected.status_code == 200, corrected.text
    history = (await office.get(f"{address}/history")).json()["items"]
    assert [each["reason"] for each in history].count("Апелляция") == 3


async def test_the_municipalitys_own_calendar_years_are_closed_by_its_lock(
    client_as: ClientAs,
) -> None:
    office = await client_as("uzhur")
    municipality = (await office.get("/v1/me")).json()["municipality_id"]
    (programme,) = (await office.get("/v1/programmes")).json()["items"]
    locked = await step_with_all(office, municipality, "lock", year=2020)
    assert locked.status_code == 200, locked.text
    budget = {
        "municipality_id": municipality,
        "programme_id": programme["id"],
        "year": 2020,
        "purpose": "Курсы",
        "source": "municipal",
        "planned": "120000.00",
    }
    refused = await office.post("/v1/budget-items", json=budget)
    assert refused.json()["code"] == "year_locked", refused.text
    made = await office.post("/v1/budget-items", json=budget, params=WHY)
    assert made.status_code == 201, made.text
