"""Reports on deadlines: handed in, returned, accepted; their files and history."""

import hashlib
from base64 import b64encode
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.roadmaps.conftest import District

HTML = ("итоги \u202e.html", b"<script>alert(1)</script>", "text/html")


def address(deadline: dict[str, Any], step: str) -> str:
    return f"/v1/deadlines/{deadline['id']}/{step}"


async def submit(
    client: httpx.AsyncClient, deadline: dict[str, Any], **form: Any
) -> httpx.Response:
    data = form or {"text": "Приказ издан"}
    return await client.post(
        address(deadline, "submissions"),
        data={name: value for name, value in data.items() if name != "files"},
        files=data.get("files", [("file", ("a.txt", b"a", "text/plain"))]),
    )


async def test_a_report_is_returned_handed_in_again_and_accepted(
    district: District,
) -> None:
    deadline = await district.deadline()
    first = await submit(district.school, deadline, text="Сделано")
    assert first.status_code == 201, first.text
    waiting = (await district.school.get(address(deadline, "")[:-1])).json()
    assert (waiting["state"], waiting["possible_steps"]) == (
        "submitted",
        ["accept", "return"],
    )
    again = await submit(district.school, deadline)
    assert (again.status_code, again.json()["code"]) == (409, "deadline_wrong_state")

    lacking = {"comment": "Нужна справка"}
    returned = await district.office.post(address(deadline, "return"), json=lacking)
    assert returned.json()["state"] == "returned"
    assert returned.json()["done_on"] is None
    moved = await district.admin.put(
        "/v1/clock", json={"now": "2020-09-21T09:00:00+07:00"}
    )
    moved.raise_for_status()
    await submit(
        district.school,
        deadline,
        text="Справка готова",
        link=["https://example.org/1", "https://example.org/2"],
        files=[("file", ("справка.pdf", b"%PDF", "application/pdf"))],
    )
    accepted = await district.office.post(address(deadline, "accept"), json={})
    assert accepted.status_code == 200, accepted.text
    assert accepted.json()["state"] == "done"
    assert accepted.json()["done_on"] == "2020-09-21"
    assert accepted.json()["revision"] == deadline["revision"] + 4

    history = (await district.school.get(address(deadline, "submissions"))).json()
    assert [
        (each["number"], each["decision"], each["comment"], each["submitted_on"])
        for each in history["items"]
    ] == [
        (1, "return", "Нужна справка", "2020-09-16"),
        (2, "accept", None, "2020-09-21"),
    ]
    last = history["items"][1]
    assert last["links"] == ["https://example.org/1", "https://example.org/2"]
    assert [file["name"] for file in last["files"]] == ["справка.pdf"]
    events = await district.office.get(
        "/v1/audit", params={"entity": "deadline", "entity_id": deadline["id"]}
    )
    actions = {entry["action"] for entry in events.json()["items"]}
    assert actions == {"submit", "return", "accept"}


async def test_a_file_is_kept_as_it_is_and_given_out_harmless(
    district: District,
) -> None:
    deadline = await district.deadline()
    twice = [("file", HTML), ("file", HTML)]
    sent = await submit(district.school, deadline, text="Итоги", files=twice)
    file, _ = sent.json()["files"]
    digest = hashlib.sha256(HTML[1])
    assert file | {"id": 0} == {
        "id": 0,
        "name": "итоги .html",
        "content_type": "text/html",
        "size": len(HTML[1]),
        "sha256": digest.hexdigest(),
    }
    # The same bytes are stored once.
    assert len([each for each in district.folder.rglob("*") if each.is_file()]) == 1
    for reader in (district.school, district.office):
        read = await reader.get(f"/v1/submission-files/{file['id']}")
        assert read.content == HTML[1]
        assert read.headers["content-type"] == "text/html"
        assert read.headers["content-disposition"].startswith("attachment;")
        assert read.headers["x-content-type-options"] == "nosniff"
        assert read.headers["content-security-policy"].startswith("sandbox")
        expected = b64encode(digest.digest()).decode()
        assert read.headers["repr-digest"] == f"sha-256=:{expected}:"
    foreign = await district.other.get(f"/v1/submission-files/{file['id']}")
    assert foreign.status_code == 404


async def test_a_file_that_the_store_has_lost_is_said_to_be_away(
    district: District,
) -> None:
    deadline = await district.deadline()
    sent = await submit(district.school, deadline)
    (stored,) = (each for each in district.folder.rglob("*") if each.is_file())
    stored.unlink()
    file = sent.json()["files"][0]
    read = await district.school.get(f"/v1/submission-files/{file['id']}")
    assert (read.status_code, read.json()["code"]) == (503, "file_store_unavailable")


async def test_another_school_neither_reports_nor_reads(district: District) -> None:
    deadline = await district.deadline()
    await submit(district.school, deadline)
    assert (await submit(district.other, deadline)).status_code == 404
    for path in ("submissions", ""):
        read = await district.other.get(address(deadline, path).rstrip("/"))
        assert read.status_code == 404
    accepted = await district.school.post(address(deadline, "accept"), json={})
    assert accepted.status_code == 403


async def test_the_municipalitys_own_report_closes_its_deadline(
    district: District,
) -> None:
    deadline = await district.deadline(municipal=True, limit=500)
    sent = await submit(district.office, deadline, text="Приказ издан")
    assert sent.status_code == 201, sent.text
    closed = (await district.office.get(address(deadline, "")[:-1])).json()
    assert (closed["state"], closed["done_on"]) == ("done", "2020-09-16")
    assert (await submit(district.school, deadline)).status_code == 404


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"text": " ", "files": []}, "invalid_input"),
        ({"text": "", "files": []}, "submission_refused"),
        ({"files": [("file", ("a.txt", b"", "text/plain"))]}, "submission_refused"),
        ({"link": ["javascript:alert(1)"]}, "invalid_input"),
        ({"text": "a\x00b"}, "invalid_input"),
        ({"words": "Сделано"}, "invalid_input"),
        ({"files": [("file", ("a.txt", b"a", "a/b"))] * 11}, "unreadable_form"),
    ],
)
async def test_a_report_without_a_result_or_of_another_shape_changes_nothing(
    district: District, form: dict[str, Any], code: str
) -> None:
    deadline = await district.deadline()
    # A form without files is still a form.
    form = {**form, "files": form.get("files") or [("link", (None, b""))]}
    answer = await submit(district.school, deadline, **form)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    after = (await district.school.get(address(deadline, "")[:-1])).json()
    assert after["state"] == "open"
    # The folder itself may be there: what is forgotten is looked for in it.
    assert not [each for each in district.folder.rglob("*") if each.is_file()]


async def test_a_report_sent_twice_with_a_key_is_one(district: District) -> None:
    deadline = await district.deadline()
    district.school.headers["Idempotency-Key"] = uuid4().hex
    first, second = [await submit(district.school, deadline) for _ in range(2)]
    del district.school.headers["Idempotency-Key"]
    assert first.json() == second.json()
    history = await district.school.get(address(deadline, "submissions"))
    assert len(history.json()["items"]) == 1


async def test_a_decision_on_what_has_changed_meanwhile_is_refused(
    district: District,
) -> None:
    deadline = await district.deadline()
    await submit(district.school, deadline)
    stale = await district.office.post(
        address(deadline, "accept"),
        json={},
        headers={"If-Match": f'"{deadline["revision"]}"'},
    )
    assert stale.status_code == 412
