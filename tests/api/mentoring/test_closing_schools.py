"""A school closes once its agreements have come to an end."""

from tests.api.mentoring.conftest import Places
from tests.api.mentoring.steps import MENTEE, MENTOR, draft, go
from tests.support.api import ClientAs


async def test_a_school_does_not_close_before_its_agreements_end(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    agreement = await draft(office, places, ends_on="2021-05-31")
    for code in (MENTOR, MENTEE):
        address = f"/v1/schools/{places.schools[code]}"
        school = (await office.get(address)).json()
        body = {name: school[name] for name in ("name", "kind", "mentor_capacity")}
        refused = await office.put(address, json={**body, "closed_on": "2021-05-31"})
        assert refused.status_code == 409, refused.text
        assert refused.json()["code"] == "school_in_agreements"
        [fault] = refused.json()["faults"]
        assert fault["column"] == "closed_on"
        assert fault["value"] == f"agreement {agreement['id']}"
        later = await office.put(address, json={**body, "closed_on": "2021-06-01"})
        assert later.status_code == 200, later.text
    await go(office, agreement["id"], "propose", "terminate")
    closed = await office.put(address, json={**body, "closed_on": "2021-01-11"})
    assert closed.status_code == 200, closed.text
