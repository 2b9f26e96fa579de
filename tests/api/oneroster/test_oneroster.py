"""OneRoster 1.2 as a tool that speaks it sees it."""

import asyncio
from datetime import date, timedelta
from typing import Any

import httpx
from fastapi import FastAPI
from jsonschema import Draft202012Validator, FormatChecker

from shared.domain.scopes import Scope
from shared.runtime.clock import system_now
from tests.api.oneroster.shapes import (
    ACADEMIC_SESSION,
    ASSESSMENT_LINE_ITEM,
    ORG,
    STATUS_INFO,
    closed,
    page_of,
)
from tests.support.accounts import client_with
from tests.support.api import ClientAs
from tests.support.statements import counted

ROSTERING = "/ims/oneroster/rostering/v1p2"
GRADEBOOK = "/ims/oneroster/gradebook/v1p2"
ITEMS = f"{GRADEBOOK}/assessmentLineItems"
COLLECTIONS = [
    (f"{ROSTERING}/orgs", "orgs", "org", ORG),
    (f"{ROSTERING}/schools", "orgs", "org", ORG),
    *(
        (f"{ROSTERING}/{name}", "academicSessions", "academicSession", ACADEMIC_SESSION)
        for name in ("academicSessions", "terms", "gradingPeriods")
    ),
    (ITEMS, "assessmentLineItems", "assessmentLineItem", ASSESSMENT_LINE_ITEM),
]


def check(body: Any, shape: dict[str, Any]) -> None:
    Draft202012Validator(shape, format_checker=FormatChecker()).validate(body)


async def read(client: httpx.AsyncClient, address: str, **query: Any) -> list[Any]:
    answer = await client.get(address, params={"limit": 10_000, **query})
    assert answer.status_code == 200, answer.text
    (items,) = answer.json().values()
    assert answer.headers["X-Total-Count"] == str(len(items))
    found: list[Any] = items
    return found


async def refused(client: httpx.AsyncClient, address: str, **query: Any) -> Any:
    answer = await client.get(address, params=query, headers={"Accept-Language": "en"})
    check(answer.json(), STATUS_INFO)
    (field,) = answer.json()["imsx_CodeMinor"]["imsx_codeMinorField"]
    return answer.status_code, field["imsx_codeMinorFieldValue"]


async def enter_calendar(client: httpx.AsyncClient) -> int:
    """Enter quarters and half-years of 2020/2021; return whose they are."""
    municipality = (await client.get("/v1/municipalities")).json()["items"][0]
    calendar: dict[str, Any] = {
        "quarters": [
            {"starts_on": "2020-09-01", "ends_on": "2020-10-24"},
            {"starts_on": "2020-11-05", "ends_on": "2020-12-26"},
            {"starts_on": "2021-01-11", "ends_on": "2021-03-20"},
            {"starts_on": "2021-03-29", "ends_on": "2021-05-29"},
        ],
        "half_years": [
            {"starts_on": "2020-09-01", "ends_on": "2020-12-26"},
            {"starts_on": "2021-01-11", "ends_on": "2021-05-29"},
        ],
        "days": [],
    }
    address = f"/v1/municipalities/{municipality['id']}/calendar/2020"
    put = await client.put(address, json=calendar, headers={"If-Match": "*"})
    assert put.status_code == 200, put.text
    # Once a change has its number, dateLastModified stays as it is.
    assert (await client.get("/v1/changes")).status_code == 200
    number: int = municipality["id"]
    return number


async def test_pages_lead_over_the_whole_of_every_collection(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    await enter_calendar(client)
    for address, plural, singular, shape in COLLECTIONS:
        whole = await read(client, address)
        check({plural: whole}, page_of(plural, shape))
        assert len(whole) > 1, address
        assert len({each["sourcedId"] for each in whole}) == len(whole)
        size = max(len(whole) // 3, 1)
        seen: list[Any] = []
        following: str | None = f"{address}?limit={size}"
        while following is not None:
            answer = await client.get(following)
            seen += answer.json()[plural]
            assert answer.headers["X-Total-Count"] == str(len(whole))
            assert {"first", "last"} <= answer.links.keys()
            assert ("prev" in answer.links) is (len(seen) > size)
            following = answer.links.get("next", {}).get("url")
        assert seen == whole, address
        one = await client.get(f"{address}/{whole[-1]['sourcedId']}")
        check(one.json(), closed({singular: shape}))
        assert one.json()[singular] == whole[-1]


async def test_the_number_of_all_is_read_together_with_the_page(
    client_as: ClientAs, api: FastAPI
) -> None:
    client = await client_as("uzhur")
    whole = await read(client, ITEMS)
    with counted(api) as statements:
        beyond = await client.get(ITEMS, params={"limit": 5, "offset": 10**9})
    of_results = [each for each in statements if "api.assessment_results" in each]
    assert len(of_results) == 1, of_results
    assert beyond.json() == {"assessmentLineItems": []}
    assert beyond.headers["X-Total-Count"] == str(len(whole))
    wanted = "sort=metadata.subject&orderBy=desc&limit=7&offset=3"
    part = (await client.get(f"{ITEMS}?{wanted}")).json()["assessmentLineItems"]
    ordered = sorted(
        whole, key=lambda each: str(each["metadata"]["subject"]), reverse=True
    )
    assert part == ordered[3:10]


async def test_orgs_are_the_tree_of_region_municipality_and_schools(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    orgs = {each["sourcedId"]: each for each in await read(client, f"{ROSTERING}/orgs")}
    kinds = {org["type"] for org in orgs.values()}
    assert kinds == {"state", "district", "school"}
    for org in orgs.values():
        for child in org["children"]:
            assert orgs[child["sourcedId"]]["parent"]["sourcedId"] == org["sourcedId"]
            assert (await client.get(child["href"])).status_code == 200
    (district,) = (org for org in orgs.values() if org["type"] == "district")
    assert orgs[district["parent"]["sourcedId"]]["type"] == "state"
    listed = (await client.get("/v1/schools?limit=500")).json()["items"]
    schools = {f"school-{each['id']}": each for each in listed}
    found = {name: org for name, org in orgs.items() if org["type"] == "school"}
    assert found.keys() == schools.keys()
    for name, org in found.items():
        assert (org["name"], org["identifier"]) == (
            schools[name]["name"],
            schools[name]["code"],
        )
    codes = (await client.get("/v1/school-identifiers?limit=500")).json()["items"]
    assert codes
    for code in codes:
        known = found[f"school-{code['school_id']}"]["metadata"]["identifiers"]
        assert {"kind": code["kind"], "value": code["value"]}.items() <= max(
            (each.items() for each in known if each["value"] == code["value"]),
            key=len,
        )


async def test_a_year_has_half_years_and_these_have_quarters(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    municipality_id = await enter_calendar(client)
    year_id = f"year-{municipality_id}-2020"
    read_year = await client.get(f"{ROSTERING}/academicSessions/{year_id}")
    year = read_year.json()["academicSession"]
    assert (year["startDate"], year["endDate"]) == ("2020-09-01", "2021-09-01")
    assert (year["type"], year["schoolYear"]) == ("schoolYear", "2021")
    terms = [each["sourcedId"] for each in year["children"]]
    assert len(terms) == 2
    quarters = await read(client, f"{ROSTERING}/terms/{terms[0]}/gradingPeriods")
    assert [
        (each["startDate"], date.fromisoformat(each["endDate"]) - timedelta(days=1))
        for each in quarters
    ] == [
        ("2020-09-01", date(2020, 10, 24)),
        ("2020-11-05", date(2020, 12, 26)),
    ]
    assert {each["parent"]["sourcedId"] for each in quarters} == {terms[0]}
    nowhere = f"{ROSTERING}/terms/{year_id}/gradingPeriods"
    assert await refused(client, nowhere) == (404, "unknownobject")


async def test_line_items_have_the_counts_of_the_results(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    listed: list[dict[str, Any]] = []
    after: Any = 0
    while after is not None:
        page = await client.get("/v1/results", params={"limit": 500, "after": after})
        listed += page.json()["items"]
        after = page.json()["next_after"]
    items = {each["sourcedId"]: each for each in await read(client, ITEMS)}
    assert len(items) == len(listed) > 100
    for result in listed:
        held = items[f"result-{result['id']}"]["metadata"]
        assert held["school"]["sourcedId"] == f"school-{result['school_id']}"
        assert (held["procedure"], held["subject"], held["participants"]) == (
            result["procedure"],
            result["subject"],
            result["n"],
        )
        assert held.get("withMark5") == result["n5"]
    some = next(iter(items.values()))["metadata"]
    for kind in ("school", "academicSession"):
        assert (await client.get(some[kind]["href"])).status_code == 200


async def test_rows_are_chosen_sorted_and_cut(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    schools = await read(client, f"{ROSTERING}/schools")
    name = schools[3]["name"]
    wanted = f"name='{name}' OR sourcedId='{schools[5]['sourcedId']}'"
    found = await read(client, f"{ROSTERING}/schools", filter=wanted)
    assert found == [schools[3], schools[5]]
    none = await read(
        client, f"{ROSTERING}/orgs", filter="type='school' AND status!='active'"
    )
    assert none == []
    part = name[2:6].upper()
    like = await read(client, f"{ROSTERING}/schools", filter=f"name~'{part}'")
    assert schools[3] in like
    assert like == [each for each in schools if part in each["name"].upper()]
    future = await read(
        client, f"{ROSTERING}/orgs", filter="dateLastModified>'2100-01-01'"
    )
    assert future == []
    marks = await read(client, ITEMS, filter="resultValueMax<='5'")
    assert {each["resultValueMax"] for each in marks} == {5}
    of_school = marks[0]["metadata"]["school"]["sourcedId"]
    narrowed = f"metadata.school.sourcedId='{of_school}' AND resultValueMax='5'"
    assert await read(client, ITEMS, filter=narrowed) == [
        each for each in marks if each["metadata"]["school"]["sourcedId"] == of_school
    ]
    names = await read(
        client, f"{ROSTERING}/schools", sort="sourcedId", orderBy="desc", fields="name"
    )
    by_id = sorted(schools, key=lambda each: str(each["sourcedId"]), reverse=True)
    assert sorted(map(str, names)) == sorted(
        str({"name": each["name"]}) for each in by_id
    )
    unsorted = await read(client, f"{ROSTERING}/schools", sort="nothing")
    assert unsorted == schools


async def test_what_cannot_be_answered_is_refused_in_its_words(
    client_as: ClientAs, client: httpx.AsyncClient
) -> None:
    orgs = f"{ROSTERING}/orgs"
    office = await client_as("uzhur")
    filters = ("x='1'", "name", "dateLastModified>'soon'", "children='school-1'")
    for text in filters:
        told = await refused(office, orgs, filter=text)
        assert told == (400, "invalid_filter_field"), text
    for number in ("NaN", "1e400", "much"):
        told = await refused(office, ITEMS, filter=f"resultValueMax='{number}'")
        assert told == (400, "invalid_filter_field"), number
    beyond = "dateLastModified>'0001-01-01T00:00:00+14:00'"
    assert await refused(office, orgs, filter=beyond) == (400, "invalid_filter_field")
    assert await refused(office, f"{orgs}/%00") == (422, "invaliddata")
    told = await refused(office, orgs, fields="name,colour")
    assert told == (400, "invalid_selection_field")
    for query in ({"limit": 0}, {"offset": -1}, {"orderBy": "up"}, {"limt": 1}):
        assert await refused(office, orgs, **query) == (422, "invaliddata")
    assert await refused(client, orgs) == (401, "unauthorisedrequest")
    for name in ("orgs/school-0", "schools/municipality-1", "terms/x", "no/such"):
        told = await refused(office, f"{ROSTERING}/{name}")
        assert told == (404, "unknownobject"), name
    assert await refused(office, f"{ITEMS}/result-x") == (404, "unknownobject")
    assert (await office.post(orgs, json={})).status_code == 405


async def test_collections_that_need_pupils_are_refused_and_say_why(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    for address in (
        *(f"{ROSTERING}/{name}" for name in ("users", "students", "classes")),
        *(f"{GRADEBOOK}/{name}" for name in ("results", "lineItems", "scoreScales")),
        f"{GRADEBOOK}/assessmentResults/7",
    ):
        answer = await client.get(address, headers={"Accept-Language": "en"})
        check(answer.json(), STATUS_INFO)
        assert answer.status_code == 404
        assert answer.json()["imsx_codeMajor"] == "unsupported", address
        assert "ersonal data" in answer.text or "No pupils" in answer.text


async def test_a_program_reads_by_the_standards_scopes(
    client_as: ClientAs, api: FastAPI
) -> None:
    office = await client_as("uzhur")
    issued = await office.post(
        "/v1/api-tokens",
        json={
            "name": "roster",
            "scopes": [Scope.ROSTER_CORE],
            "expires_at": (system_now() + timedelta(days=1)).isoformat(),
        },
    )
    assert issued.status_code == 201, issued.text
    async with client_with(api, issued.json()["token"]) as program:
        assert len(await read(program, f"{ROSTERING}/schools")) > 5
        assert await refused(program, ITEMS) == (403, "forbidden")
        assert (await program.get("/v1/results")).status_code == 403


async def test_everybody_sees_the_own_part_only(client_as: ClientAs) -> None:
    admin, office = await client_as("admin"), await client_as("zhigalovo")
    everything = await read(admin, f"{ROSTERING}/orgs")
    own = await read(office, f"{ROSTERING}/orgs")
    assert {each["type"] for each in own} == {"state", "district", "school"}
    assert [each["type"] for each in own].count("state") == 1
    assert len(own) < len(everything)
    for foreign in (each for each in everything if each not in own):
        told = await refused(office, f"{ROSTERING}/orgs/{foreign['sourcedId']}")
        assert told == (404, "unknownobject")
    code = "solgonskaya"
    school = await client_as(f"uzhur.{code}")
    (me,) = await read(school, f"{ROSTERING}/schools", filter=f"identifier='{code}'")
    items = await read(school, ITEMS)
    assert {each["metadata"]["school"]["sourcedId"] for each in items} == {
        me["sourcedId"]
    }


async def test_what_changed_is_found_by_its_moment(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    before = system_now().isoformat()
    school = (await client.get("/v1/schools?limit=1")).json()["items"][0]
    address = f"/v1/schools/{school['id']}"
    known = ("name", "kind", "locality", "mentor_capacity", "opened_on")
    body = {name: school[name] for name in known if school[name] is not None}
    changed = await client.put(
        address, json=body | {"closed_on": "2020-09-01"}, headers={"If-Match": "*"}
    )
    assert changed.status_code == 200, changed.text
    since = f"type='school' AND dateLastModified>='{before}'"
    found: list[Any] = []
    async with asyncio.timeout(30):
        while not found:  # until the change has its number
            answer = await client.get(f"{ROSTERING}/orgs", params={"filter": since})
            found = answer.raise_for_status().json()["orgs"]
            await asyncio.sleep(0.05)
    (org,) = found
    assert org["sourcedId"] == f"school-{school['id']}"
    assert (org["status"], org["metadata"]["closedOn"]) == ("tobedeleted", "2020-09-01")
