"""An export of what leads to persons leaves a trace."""

from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.datasets.definitions import DATASETS
from tests.api.audit.reading import entries_after, last_number, listed, own_id
from tests.api.exports.reading import csv_rows
from tests.api.mentoring.conftest import Places, places
from tests.support.api import ClientAs

__all__ = ["places"]  # a fixture

SCHOOL = "uzhur.ilinskaya"


def test_contacts_lead_to_persons_and_figures_do_not() -> None:
    personal = {code for code, each in DATASETS.items() if each.reaches_persons}
    assert personal == {"school-contacts", "municipality-contacts"}


async def test_who_exports_contacts_and_how_many_is_kept(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    post = {
        "school_id": places.schools[SCHOOL],
        "role": "director",
        "rank": 1,
        "position": "Директор",
        "email": "school@podyom.example",
        "provenance": "local",
    }
    entered = await office.post("/v1/school-contacts", json=post)
    assert entered.status_code == 201, entered.text
    before = await last_number(engine)
    assert len(await csv_rows(office, "school-contacts")) == 1
    await csv_rows(office, "schools")
    (entry,) = await entries_after(engine, before)
    assert (entry.entity, entry.action) == ("school_contacts", "export")
    assert entry.changes == {"format": [None, "csv"], "rows": [None, 1]}
    assert entry.actor_id == await own_id(office)
    assert entry.municipality_id == places.municipalities["uzhur"]
    found = await listed(office, action="export")
    assert [each["entity"] for each in found] == ["school_contacts"]
