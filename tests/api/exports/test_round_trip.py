"""An export holds what the lists of the API answer, in both formats."""

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.api.computing import compute_all
from tests.api.exports.reading import csv_rows, export, listed, xlsx
from tests.api.mentoring.conftest import Places, places
from tests.support.api import ClientAs

__all__ = ["places"]

AS_THEIR_LISTS = [
    "schools",
    "results",
    "social-passports",
    "staff-profiles",
    "vacancies",
    "objectivity-signs",
    "list-memberships",
    "resource-items",
    "condition-index-ranges",
    "programmes",
    "deadlines",
    "mentoring-agreements",
]
# What a list answers and its export leaves out: what other datasets hold, what depends
# on the day, the parties, which the export has by number and name, and how often a row
# was changed.
LEFT_OUT = {
    *("aliases", "days_left", "is_overdue", "mentor", "mentee", "titles", "version")
}


def is_moment(name: str) -> bool:
    return name.endswith("_at")


def text_of(name: str, value: Any) -> str:
    """Return what a CSV file has for a value of the API."""
    if is_moment(name) and value is not None:
        moment = datetime.fromisoformat(value).astimezone(UTC)
        return moment.strftime("%Y-%m-%d %H:%M:%S")
    match value:
        case None:
            text = ""
        case bool():
            text = str(value).lower()
        case float():
            text = str(value).replace(".", ",")
        case list():
            text = " | ".join(value)
        case dict():
            text = json.dumps(value, ensure_ascii=False, sort_keys=True)
        case _:
            text = str(value)
    return text


def cell_text_of(name: str, value: Any) -> str:
    """Return what a cell of a workbook says, as a CSV file would have it."""
    if is_moment(name) and value is not None:
        shown: str = value.strftime("%Y-%m-%d %H:%M:%S")
        return shown
    return text_of(name, value)


async def agree(client: httpx.AsyncClient, places: Places) -> None:
    answer = await client.post(
        "/v1/mentoring-agreements",
        json={
            "programme_id": places.programmes["uzhur"],
            "mentor_school_id": places.schools["uzhur.uzhurskaya-1"],
            "mentee_school_id": places.schools["uzhur.ilinskaya"],
            "problem": "Математика; «дроби»\nи проценты",
            "starts_on": "2020-09-16",
            "ends_on": "2021-05-31",
            "goals": ["Меньше двоек", "Больше четвёрок"],
        },
    )
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("dataset", AS_THEIR_LISTS)
async def test_an_export_equals_the_list(
    client_as: ClientAs, places: Places, dataset: str
) -> None:
    client = await client_as("uzhur")
    await agree(client, places)
    rows = sorted(await listed(client, dataset), key=lambda row: int(row["id"]))
    if dataset == "mentoring-agreements":
        details = [await client.get(f"/v1/{dataset}/{row['id']}") for row in rows]
        rows = [
            {name: row[name] for name in rows[0] | {"goals": 0, "created_at": 0}}
            for row in (detail.json() for detail in details)
        ]
    assert rows
    names = [name for name in rows[0] if name not in LEFT_OUT]
    in_csv = await csv_rows(client, dataset)
    in_workbook = (await xlsx(client, dataset)).rows
    assert len(rows) == len(in_csv) == len(in_workbook)
    for row, line, cells in zip(rows, in_csv, in_workbook, strict=True):
        for name in names:
            assert line[name] == text_of(name, row[name]), name
            if isinstance(cells[name], float):
                assert cells[name] == pytest.approx(row[name]), name
            else:
                assert cell_text_of(name, cells[name]) == text_of(name, row[name])


async def test_measures_and_targets_are_those_of_the_programme(
    client_as: ClientAs, places: Places
) -> None:
    client = await client_as("zhigalovo")
    programme = f"programmes/{places.programmes['zhigalovo']}"
    measures = await listed(client, f"{programme}/measures")
    exported = (await xlsx(client, "measures")).rows
    assert [row["key"] for row in exported] == [row["key"] for row in measures]
    assert [row["title"] for row in exported] == [row["title"] for row in measures]
    indicators = (await client.get(f"/v1/{programme}/target-indicators")).json()
    targets = [
        (each["code"], target["year"], target["low"], target["high"])
        for each in indicators
        for target in each["targets"]
    ]
    assert targets
    assert sorted(targets) == sorted(
        (row["code"], row["target_year"], row["target_low"], row["target_high"])
        for row in (await xlsx(client, "target-indicators")).rows
        if row["target_year"] is not None
    )


async def test_rankings_and_indicators_are_those_of_the_current_run(
    client_as: ClientAs, database_url: str
) -> None:
    await compute_all(database_url)
    client = await client_as("uzhur")
    ranking = (await client.get("/v1/rankings")).json()
    year = ranking["academic_year"]
    book = await xlsx(client, "rankings", academic_year=year)
    places = {
        row["school_id"]: [row["value"], row["place_from"], row["place_to"]]
        for row in book.rows
        if row["place_from"] is not None
    }
    assert places == {
        place["school_id"]: pytest.approx(
            [place["value"], place["place_from"], place["place_to"]]
        )
        for place in ranking["places"]
    }
    assert {row["run_id"] for row in book.rows} == {ranking["run_id"]}
    answer = await client.get("/v1/indicators", params={"limit": 500})
    figures = answer.json()["values"]
    exported = (await xlsx(client, "indicators", academic_year=year)).rows
    for row, figure in zip(exported, figures, strict=False):
        assert row["measure"] == figure["measure"]
        assert row["school_name"] == figure["school_name"]
        assert row["value"] == pytest.approx(figure["value"])
    assert len(exported) >= len(figures) > 100


async def test_generated_data_say_so(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    results = await xlsx(client, "results")
    assert results.heading.startswith("СИНТЕТИЧЕСКИЕ ДАННЫЕ / SYNTHETIC DATA")
    assert {row["synthetic"] for row in results.rows} == {True}
    assert {row["synthetic"] for row in await csv_rows(client, "results")} == {"true"}
    documented = await xlsx(client, "social-passports")
    assert documented.heading == "Социальные паспорта"
    assert {row["synthetic"] for row in documented.rows} == {False}


async def test_the_file_has_a_russian_name_and_an_ascii_one(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    answer = await export(client, "vacancies", format="csv", academic_year=2018)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"vacancies.csv\"; filename*=UTF-8''"
        "%D0%92%D0%B0%D0%BA%D0%B0%D0%BD%D1%81%D0%B8%D0%B8%202018-2019.csv"
    )
    assert int(answer.headers["content-length"]) == len(answer.content)


async def test_a_year_narrows_by_the_year_or_by_a_date_in_it(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    everything = await csv_rows(client, "results")
    year = everything[0]["academic_year"]
    results = await csv_rows(client, "results", academic_year=year)
    assert results == [row for row in everything if row["academic_year"] == year]
    deadlines = await csv_rows(client, "deadlines", academic_year=2020)
    days = [row["due_on"] for row in deadlines]
    assert "2020-09-01" <= min(days) <= max(days) <= "2021-08-31"
    assert len(days) < len(await csv_rows(client, "deadlines"))


@pytest.mark.parametrize(
    ("query", "column"),
    [
        ("results?format=pdf", "query.format"),
        ("results?format=csv&academic_year=12", "query.academic_year"),
        ("schools?format=csv&academic_year=2019", "query.academic_year"),
        ("schools?format=csv&municipality_id=0", "query.municipality_id"),
    ],
)
async def test_what_cannot_be_asked_is_refused(
    client_as: ClientAs, query: str, column: str
) -> None:
    client = await client_as("uzhur")
    answer = await client.get(f"/v1/exports/{query}")
    assert answer.status_code == 422
    assert [fault["column"] for fault in answer.json()["faults"]] == [column]


async def test_an_unknown_dataset_is_answered_with_those_there_are(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    for address in ("exports/passwords", "export-datasets/passwords/template"):
        answer = await client.get(f"/v1/{address}")
        assert answer.status_code == 404
        assert answer.json()["code"] == "unknown_dataset"
        assert "social-passports, resource-items" in answer.json()["detail"]
