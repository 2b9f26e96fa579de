"""Numbers and texts that no client of ours would send are refused, never an error."""

import pytest

from tests.support.api import ClientAs

TOO_LARGE = 2**63


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/schools/{TOO_LARGE}",
        f"/v1/schools?municipality_id={TOO_LARGE}",
        f"/v1/schools?after={TOO_LARGE}",
        "/v1/schools?limit=0",
        "/v1/schools?limit=501",
        f"/v1/municipalities/{TOO_LARGE}",
        f"/v1/municipalities/{TOO_LARGE}/figures",
        f"/v1/social-passports?school_id={TOO_LARGE}",
        f"/v1/programmes/{TOO_LARGE}/measures",
        f"/v1/deadlines?school_id={TOO_LARGE}",
        "/v1/deadlines?due_from=31.02.2020",
        "/v1/deadlines?state=lost",
        "/v1/audit?from=0001-01-01T00:00:00%2B14:00",
        "/v1/audit?to=9999-12-31T23:59:59-14:00",
        "/v1/school-contacts?rank=2147483648",
        "/v1/school-contacts?rank=-2147483649",
        "/v1/swot-entries?calendar_year=40000",
    ],
)
async def test_a_number_or_word_outside_its_range_is_refused(
    client_as: ClientAs, path: str
) -> None:
    client = await client_as("uzhur")
    answer = await client.get(path)
    assert answer.status_code == 422
    assert answer.json()["faults"]
