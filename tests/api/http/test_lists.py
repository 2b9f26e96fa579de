"""Every list: which filters, which sorts, and that it is read page by page."""

import io
from collections.abc import Iterator
from typing import Any

import httpx

from services.api.app import create_app
from shared.runtime.settings import api_settings
from tests.api.http.test_openapi import ENVIRONMENT
from tests.api.imports.district import preview
from tests.api.mentoring.conftest import Places, places
from tests.api.mentoring.steps import URL, draft
from tests.support.api import ClientAs

__all__ = ["places"]  # a fixture

# Lists that have one order, and why another would be of no use.
OF_WHAT_HAPPENED = "what happened, in the order in which it did"
OF_ONE_THING = "a part of one thing, in its own order"
BY_THE_RUN = "computed: the run's own order is the answer"
OF_ONES_OWN = "a handful of one's own"
IN_ONE_ORDER = {
    "/v1/programmes/{programme_id}/reports": "as they were frozen",
    "/v1/schools/{school_id}/known-results": "read back from the record of changes",
    "/v1/accounts/{account_id}/identities": OF_ONE_THING,
    "/v1/api-tokens": OF_ONES_OWN,
    "/v1/bounces": OF_WHAT_HAPPENED,
    "/v1/changes": OF_WHAT_HAPPENED,
    "/v1/clients": OF_ONES_OWN,
    "/v1/clients/{row_id}/credentials": OF_ONE_THING,
    "/v1/condition-runs": OF_WHAT_HAPPENED,
    "/v1/conditions/{run_id}/schools": BY_THE_RUN,
    "/v1/data-years": "by school: one year is asked for",
    "/v1/deadlines/{deadline_id}/submissions": OF_WHAT_HAPPENED,
    "/v1/deliveries": OF_WHAT_HAPPENED,
    "/v1/delivery-attempts": OF_WHAT_HAPPENED,
    "/v1/exchange-pushes": OF_WHAT_HAPPENED,
    "/v1/contact-confirmations": "by school: one year is asked for",
    "/v1/exchange-targets": OF_ONES_OWN,
    "/v1/feeds": OF_ONES_OWN,
    "/v1/identification-decisions": OF_WHAT_HAPPENED,
    "/v1/identifications": BY_THE_RUN,
    "/v1/imports/{import_id}/lines": "the order of the file",
    "/v1/inbox": OF_WHAT_HAPPENED,
    "/v1/indicators": BY_THE_RUN,
    "/v1/invitations": OF_ONES_OWN,
    "/v1/joint-identification": BY_THE_RUN,
    "/v1/me/sessions": OF_ONES_OWN,
    "/v1/mentor-suggestion-decisions": OF_WHAT_HAPPENED,
    "/v1/mentoring-agreements/{agreement_id}/meetings": OF_WHAT_HAPPENED,
    "/v1/mentoring-agreements/{agreement_id}/scans": OF_WHAT_HAPPENED,
    "/v1/method-periods": OF_WHAT_HAPPENED,
    "/v1/methods": "by code and version, as they followed each other",
    "/v1/municipalities/{municipality_id}/calendar-periods": OF_ONE_THING,
    "/v1/municipalities/{municipality_id}/figures": OF_ONE_THING,
    "/v1/municipalities/{municipality_id}/reminder-rule-versions": OF_WHAT_HAPPENED,
    "/v1/municipality-years": "by municipality: one year is asked for",
    "/v1/objectivity-findings": BY_THE_RUN,
    "/v1/programmes/{programme_id}/amendments": OF_WHAT_HAPPENED,
    "/v1/programmes/{programme_id}/measures": "the order of the document",
    "/v1/ranking-publications": OF_WHAT_HAPPENED,
    "/v1/ranking-publications/{publication_id}/objections": OF_WHAT_HAPPENED,
    "/v1/ranking-runs": OF_WHAT_HAPPENED,
    "/v1/regions": "a dozen at most",
    "/v1/regions/{region_id}/reminder-rule-versions": OF_WHAT_HAPPENED,
    "/v1/reminders": OF_WHAT_HAPPENED,
    "/v1/school-programmes/{programme_id}/reviews": OF_WHAT_HAPPENED,
    "/v1/snapshots": OF_ONES_OWN,
    "/v1/undated-deadlines": "the order of the document",
    "/v1/usage": "by the operation: what is used is looked up by it",
    "/v1/webhook-endpoints": OF_ONES_OWN,
    "/v1/webhook-endpoints/{endpoint_id}/attempts": OF_WHAT_HAPPENED,
    "/v1/webhook-endpoints/{endpoint_id}/deliveries": OF_WHAT_HAPPENED,
    "/v1/webhook-endpoints/{endpoint_id}/replays": OF_WHAT_HAPPENED,
    "/v1/teachers": "names are read one by one, and sorted by by nobody",
}


def lists() -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    """Yield the path and the query parameters of each list that has pages."""
    described = create_app(api_settings(ENVIRONMENT)).openapi()

    def resolved(schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            _, _, kind, name = schema["$ref"].split("/")
            schema = described["components"][kind][name]
        return schema

    for path, operations in described["paths"].items():
        found = operations.get("get", {})
        answer = found.get("responses", {}).get("200", {}).get("content", {})
        schema = answer.get("application/json", {}).get("schema", {})
        if "next_after" in resolved(schema).get("properties", {}):
            given = map(resolved, found.get("parameters", []))
            yield path, {each["name"]: each for each in given if each["in"] == "query"}


def test_every_list_has_pages_and_is_sorted_or_says_why_not() -> None:
    table = dict(lists())
    assert len(table) > 100
    for path, query in table.items():
        assert {"after", "limit"} <= query.keys(), path
        for name, parameter in query.items():
            # A filter may be left out, and says what it takes.
            assert not parameter.get("required") or name in {
                "academic_year",
                "municipality_id",
            }, (path, name)
            assert parameter["schema"], (path, name)
    single = {path for path, query in table.items() if "sort" not in query}
    histories = {path for path in single if path.endswith("/history")}
    assert single - histories == IN_ONE_ORDER.keys()


def test_a_sort_is_declared_with_its_reverse_and_the_order_without_it() -> None:
    for path, query in lists():
        if "sort" in query:
            schema = query["sort"]["schema"]
            names = {each.removeprefix("-") for each in schema["enum"]}
            both = {sign + name for name in names for sign in ("", "-")}
            assert (set(schema["enum"]), schema["default"] in both) == (both, True), (
                path
            )


async def ids(client: httpx.AsyncClient, address: str, **query: Any) -> list[int]:
    """Return the ids of a list, read two rows at a time."""
    found: list[int] = []
    after: int | None = 0
    while after is not None:
        asked = {**query, "after": after, "limit": 2}
        answer = await client.get(address, params=asked)
        assert answer.status_code == 200, answer.text
        assert ("next" in answer.links) is (answer.json()["next_after"] is not None)
        found += [each["id"] for each in answer.json()["items"]]
        after = answer.json()["next_after"]
    return found


async def _empty_form(client: httpx.AsyncClient, code: str) -> io.BytesIO:
    form = await client.get(f"/v1/export-datasets/{code}/template")
    return io.BytesIO(form.content)


async def test_files_and_agreements_are_sorted_page_by_page(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    for code in ("vacancies", "enrolments", "swot-entries", "vacancies", "enrolments"):
        sheet = await _empty_form(office, code)
        await preview(office, sheet, file_format=code)
    plain = await ids(office, "/v1/imports")
    assert plain == sorted(plain)
    formats = {
        each["id"]: each["file_format"]
        for each in (await office.get("/v1/imports")).json()["items"]
    }
    by_format = await ids(office, "/v1/imports", sort="file_format")
    assert by_format == sorted(plain, key=lambda number: (formats[number], number))
    assert await ids(office, "/v1/imports", sort="-file_format") == by_format[::-1]
    latest = await ids(office, "/v1/imports", sort="-created_at")
    assert latest[0] == plain[-1]
    narrowed = await ids(office, "/v1/imports", file_format="vacancies", sort="-id")
    assert narrowed == [each for each in plain[::-1] if formats[each] == "vacancies"]
    none = await office.get("/v1/imports", params={"status": "undone"})
    assert none.json()["items"] == []
    lost = await office.get("/v1/imports", params={"sort": "status", "after": 10**6})
    assert (lost.status_code, lost.json()["faults"][0]["column"]) == (
        422,
        "query.after",
    )
    for problem, ends_on in (("Чтение", "2021-12-31"), ("Счёт", "2021-05-31")):
        await draft(office, places, problem=problem, ends_on=ends_on)
    first, second = await ids(office, URL)
    assert await ids(office, URL, sort="ends_on") == [second, first]
    assert await ids(office, URL, sort="-ends_on") == [first, second]
    for address in ("/v1/imports", URL):
        refused = await office.get(address, params={"sort": "colour"})
        assert refused.status_code == 422
