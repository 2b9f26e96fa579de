"""Scans of signed agreements: attached by the parties, read by whoever reads these."""

from hashlib import sha256

import httpx

from shared.domain.stored_files import key_of_report_file
from shared.persistence.engine import create_engine
from shared.persistence.stored_files import unnamed
from shared.persistence.work import begin_as_system
from tests.api.mentoring.conftest import Places
from tests.api.mentoring.steps import ABROAD, MENTEE, THIRD, URL, draft, go, refused
from tests.support.api import ClientAs

SCAN = b"%PDF-1.4 signed"


async def attach(
    client: httpx.AsyncClient, number: int, content: bytes = SCAN
) -> httpx.Response:
    return await client.post(
        f"{URL}/{number}/scans",
        files={"file": ("договор.pdf", content, "application/pdf")},
    )


async def test_a_scan_is_kept_as_it_was_sent_until_it_is_withdrawn(
    client_as: ClientAs, places: Places, database_url: str
) -> None:
    office, mentee = await client_as("uzhur"), await client_as(MENTEE)
    number = (await draft(office, places))["id"]
    early = await attach(office, number)
    await go(office, number, "propose", "sign", "activate")

    first = await attach(mentee, number)
    again = await attach(office, number, SCAN + b" anew")

    assert refused(early) == (409, "agreement_nothing_to_scan")
    assert (first.status_code, again.status_code) == (201, 201), first.text
    scan = first.json()
    assert (scan["name"], scan["size"]) == ("договор.pdf", len(SCAN))
    assert scan["sha256"] == sha256(SCAN).hexdigest()
    listed = (await mentee.get(f"{URL}/{number}/scans")).json()["items"]
    assert [each["id"] for each in listed] == [scan["id"], again.json()["id"]]
    read = await mentee.get(first.headers["Location"])
    assert (read.content, read.headers["content-type"]) == (SCAN, "application/pdf")
    assert "attachment" in read.headers["content-disposition"]
    key = key_of_report_file(
        places.municipalities["uzhur"], bytes.fromhex(scan["sha256"])
    )
    engine = create_engine(database_url, "api")
    async with begin_as_system(engine) as work:
        assert await unnamed(work, [key]) == []

    in_force = await office.delete(first.headers["Location"])
    assert refused(in_force) == (422, "agreement_scan_reason_required")
    gone = await mentee.delete(first.headers["Location"], params={"reason": "Не тот"})
    assert gone.status_code == 204, gone.text
    assert (await mentee.get(first.headers["Location"])).status_code == 404
    assert (await mentee.delete(first.headers["Location"])).status_code == 404
    audit = await office.get("/v1/audit", params={"entity": "mentoring_agreement"})
    found = {each["action"]: each for each in audit.json()["items"]}
    assert found["attach_scan"]["changes"]["sha256"][0] is None
    assert found["withdraw_scan"]["reason"] == "Не тот"
    async with begin_as_system(engine) as work:
        assert await unnamed(work, [key]) == [key]
    await engine.dispose()


async def test_what_is_no_scan_and_whoever_is_no_party_is_refused(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    number = (await draft(office, places))["id"]
    await go(office, number, "propose")

    empty = await attach(office, number, b"")
    nothing = await office.post(f"{URL}/{number}/scans", files={"other": (None, "x")})

    disguised = await attach(office, number, b"MZ no document")
    for answer in (empty, nothing, disguised):
        assert refused(answer) == (422, "agreement_scan_refused")
        assert answer.json()["faults"][0]["column"] == "body.file"
    for login in (THIRD, ABROAD):
        other = await client_as(login)
        assert (await attach(other, number)).status_code == 404
        assert (await other.get(f"{URL}/{number}/scans")).status_code == 404
    assert (await office.get(f"{URL}/{number}/scans")).json()["items"] == []
    assert (await office.get(f"{URL}/{number}/scans/1")).status_code == 404
    at_will = (await attach(office, number)).headers["Location"]
    assert (await (await client_as(THIRD)).delete(at_will)).status_code == 404
    assert (await office.delete(at_will)).status_code == 204
