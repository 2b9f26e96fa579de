"""The plans of both programmes, turned into documents, come back as they are."""

from typing import Any

import httpx

from tests.api.exports.reading import listed
from tests.api.mentoring.conftest import Places, places
from tests.api.plan_imports.plans import (
    commit,
    in_excel,
    in_text,
    in_word,
    plan,
    previewed,
    programme,
    uzhur_rows,
    zhigalovo_pages,
)
from tests.support.api import ClientAs

__all__ = ["places"]  # a fixture

OWN = ("id", "programme_id", "parent_id", "measure_id")


async def entered(office: httpx.AsyncClient, name: str) -> int:
    """Enter the programme once more, without its plans."""
    document = programme(name, code=f"{name}-copy", plans=[])
    made = await office.post("/v1/programmes", json=_as_json(document))
    assert made.status_code == 201, made.text
    number: int = made.json()["id"]
    return number


def _as_json(document: Any) -> Any:
    if isinstance(document, dict):
        return {name: _as_json(each) for name, each in document.items()}
    if isinstance(document, list):
        return [_as_json(each) for each in document]
    return (
        document
        if document is None or isinstance(document, int | float)
        else (str(document))
    )


async def measures(client: httpx.AsyncClient, number: int) -> list[dict[str, Any]]:
    """Return the measures of a programme, each with the key of what it hangs under."""
    rows = await listed(client, f"programmes/{number}/measures")
    keys = {row["id"]: row["key"] for row in rows}
    return [
        {name: value for name, value in row.items() if name not in OWN}
        | {"parent": keys.get(row["parent_id"])}
        for row in rows
    ]


async def dates(client: httpx.AsyncClient, number: int) -> list[tuple[Any, ...]]:
    """Return the deadlines of a programme."""
    rows = await listed(client, "deadlines", programme_id=number)
    return sorted(
        (
            row["number"],
            row["title"],
            row["school_id"] or 0,
            row["occurrence"],
            row["starts_on"],
            row["nominal_due_on"],
            row["due_on"],
            row["state"],
        )
        for row in rows
    )


async def test_the_84_measures_of_a_torn_word_table_are_the_programme(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("zhigalovo")
    number, loaded = await entered(office, "zhigalovo"), places.programmes["zhigalovo"]
    document = in_word(*zhigalovo_pages())
    shown = await previewed(office, number, document, plan="plan", parties="schools")
    assert shown["counts"] == {
        "new": 84,
        "changed": 0,
        "unchanged": 0,
        "unreadable": 0,
        "missing": 0,
    }
    torn = next(line for line in shown["lines"] if line["number"] == "4.2.")
    assert len(torn["rows"]) == 2
    assert torn["term_text"] == "Конец каждой четверти"
    assert torn["schedule_kind"] == "school_term_ends"
    assert [each["due_on"] for each in torn["occurrences"]][:2] == [
        "2020-10-23",
        "2020-12-29",
    ]
    # The document names nobody: who owes what is the coordinator's reading of it.
    owed = [
        {"line": place, "parties": measure["parties"]}
        for place, measure in enumerate(plan("zhigalovo", "plan"), start=1)
        if measure["parties"] != ["schools"]
    ]
    done = await commit(office, shown, lines=owed)
    assert done.status_code == 200, done.text
    assert done.json()["outcome"]["new"] == 84
    assert await measures(office, number) == await measures(office, loaded)
    assert await dates(office, number) == await dates(office, loaded)

    again = await previewed(office, number, document, plan="plan")
    assert not again["changes_anything"]
    assert again["counts"]["unchanged"] == 84
    nothing = await commit(office, again)
    assert nothing.status_code == 200, nothing.text
    outcome = nothing.json()["outcome"]
    assert outcome.pop("unchanged") == 84
    assert set(outcome.values()) == {0}
    twice = await commit(office, again)
    assert (twice.status_code, twice.json()["code"]) == (409, "plan_import_committed")


async def test_repeated_numbers_in_six_blocks_and_a_cyclogram_are_the_programme(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    number, loaded = await entered(office, "uzhur"), places.programmes["uzhur"]
    head = [("Приложение", "", "", "", ""), ("Дорожная карта", "", "", "", "")]
    book = in_excel(uzhur_rows("roadmap"), above=head)
    shown = await previewed(office, number, book, plan="roadmap")
    assert shown["counts"]["new"] == len(shown["lines"]) == 47
    assert len({line["block"] for line in shown["lines"]}) == 6
    assert (await commit(office, shown)).status_code == 200

    copied = in_text(uzhur_rows("cyclogram"))
    cycle = await previewed(office, number, copied, plan="cyclogram")
    assert cycle["counts"]["new"] == len(cycle["lines"]) == 11
    assert [each["row"] for each in cycle["empty_blocks"]] == [18]
    order = {
        "order_number": "91-о",
        "order_on": "2020-09-10",
        "body": "Управление образования",
        "reason": "Циклограмма",
    }
    refused = await commit(office, cycle)
    assert (refused.status_code, refused.json()["code"]) == (422, "order_required")
    assert (await commit(office, cycle, order=order)).status_code == 200
    assert await measures(office, number) == await measures(office, loaded)
