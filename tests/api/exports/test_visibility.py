"""Who is given which rows of an export."""

import httpx
import pytest

from services.api.datasets.definitions import DATASETS
from shared.domain.permissions import GRANTS, Permission, Role
from tests.api.computing import compute_all
from tests.api.exports.reading import csv_rows
from tests.support.api import ClientAs


async def own_school(client: httpx.AsyncClient, code: str) -> str:
    schools = await csv_rows(client, "schools")
    return next(row["id"] for row in schools if row["code"] == code)


async def test_a_school_is_given_its_own_rows_only(
    client_as: ClientAs, database_url: str
) -> None:
    await compute_all(database_url)
    school = await client_as("uzhur.ilinskaya")
    own = await own_school(school, "ilinskaya")
    office = await client_as("uzhur")
    of_schools = [
        code
        for code, dataset in DATASETS.items()
        if "school_id" in {column.name for column in dataset.columns}
    ]
    assert len(of_schools) > 8
    with_others = 0  # of the others the demonstration has no rows
    for dataset in of_schools:
        seen = {row["school_id"] for row in await csv_rows(school, dataset)}
        # The district's own figures are for all of its schools.
        assert seen - {""} <= {own}, dataset
        everything = {row["school_id"] for row in await csv_rows(office, dataset)}
        with_others += bool(everything - {own, ""})
    assert with_others > 8
    assert {row["id"] for row in await csv_rows(school, "schools")} == {own}
    assert await csv_rows(school, "results")


async def test_nobody_is_given_rows_of_another_district(
    client_as: ClientAs, database_url: str
) -> None:
    await compute_all(database_url)
    uzhur, zhigalovo = await client_as("uzhur"), await client_as("zhigalovo")
    [foreign] = {row["municipality_id"] for row in await csv_rows(uzhur, "schools")}
    for dataset in DATASETS:
        rows = await csv_rows(zhigalovo, dataset)
        assert foreign not in {row["municipality_id"] for row in rows}, dataset
        asked = await csv_rows(zhigalovo, dataset, municipality_id=int(foreign))
        assert asked == [], dataset


async def test_an_administrator_narrows_an_export_to_one_district(
    client_as: ClientAs,
) -> None:
    client = await client_as("admin")
    both = await csv_rows(client, "schools")
    districts = {row["municipality_id"] for row in both}
    assert len(districts) == 2
    for district in districts:
        one = await csv_rows(client, "schools", municipality_id=int(district))
        assert one == [row for row in both if row["municipality_id"] == district]


async def test_without_signing_in_nothing_is_exported(
    client: httpx.AsyncClient,
) -> None:
    for address in (
        "exports/schools",
        "export-datasets",
        "export-datasets/schools/template",
    ):
        answer = await client.get(f"/v1/{address}")
        assert answer.status_code == 401, address


async def test_an_export_asks_for_the_permission_of_its_dataset(
    client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await client_as("uzhur.ilinskaya")
    for code, dataset in DATASETS.items():
        others = frozenset(Permission) - {dataset.permission}
        monkeypatch.setitem(GRANTS, Role.SCHOOL_EDITOR, others)
        answer = await client.get(f"/v1/exports/{code}")
        assert answer.status_code == 403, code
        assert dataset.permission in answer.json()["detail"]
