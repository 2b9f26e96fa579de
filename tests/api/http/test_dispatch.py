"""What is answered to a wrong method, and to a parameter that nobody knows."""

import httpx
import pytest

from tests.support.api import ClientAs


async def test_a_wrong_method_is_told_all_right_ones(client: httpx.AsyncClient) -> None:
    answer = await client.patch("/v1/results")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"
    assert answer.json()["code"] == "http"


async def test_a_path_in_a_place_of_its_own_is_not_found(
    client: httpx.AsyncClient,
) -> None:
    for path in ("/v1/nothing", "/v1/results/1/nothing", "/v1", "/"):
        assert (await client.get(path)).status_code == 404, path


@pytest.mark.parametrize("path", ["/v1/results", "/v1/schools/1", "/v1/deadlines"])
async def test_a_filter_with_a_typo_does_not_find_all(
    client_as: ClientAs, path: str
) -> None:
    client = await client_as("uzhur")
    answer = await client.get(path, params={"scholl_id": 1, "limt": 5})
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert [fault["column"] for fault in problem["faults"]] == [
        "query.limt",
        "query.scholl_id",
    ]
    assert "limt, scholl_id" in problem["detail"]


async def test_a_route_without_parameters_says_so(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    answer = await client.get("/v1/clock", params={"format": "xlsx"})
    [fault] = answer.json()["faults"]
    assert fault["reason_en"] == "There are no parameters here: leave it out."


async def test_parameters_that_stand_in_a_class_are_known(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    answer = await client.get("/v1/deadlines", params={"due_from": "2020-09-01"})
    assert answer.status_code == 200, answer.text


async def test_a_word_with_an_address_of_its_own_is_no_number_of_a_row(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.delete("/v1/methods/check")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    invited = await client.get("/v1/invitations/accept")
    assert (invited.status_code, invited.headers["allow"]) == (405, "POST")


async def test_an_address_with_an_ending_of_its_own_is_no_row_of_that_name(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.delete("/v1/feeds/secret.ics")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert (await client.get("/v1/feeds/secret.ics")).status_code == 404
    row = await client.get("/v1/feeds/1")
    assert (row.status_code, row.headers["allow"]) == (405, "DELETE")
