"""Work that is returned is in the inbox of its school at once, once for each return."""

from collections.abc import Sequence
from typing import Any

import httpx

from tests.api.mentoring.conftest import Places, places
from tests.api.mentoring.steps import MENTEE
from tests.api.roadmaps.conftest import District
from tests.api.school_programmes.writing import EXPERTISE, draft, fill, post

__all__ = ["places"]  # a fixture

ADVICE = {
    "title": "Математика, 5 класс",
    "text": "Провести диагностику",
    "grounds": "Посещение уроков",
    "issued_on": "2020-09-15",
    "due_on": "2020-12-01",
}


async def inbox(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    """Return what is in the caller's inbox, oldest first."""
    page = await client.get("/v1/inbox", params={"limit": 500})
    return list(reversed(page.json()["items"]))


def subjects(messages: Sequence[dict[str, Any]]) -> list[str]:
    return [each["subject"] for each in messages]


async def test_a_returned_report_is_told_once_for_each_return(
    district: District,
) -> None:
    deadline = await district.deadline()
    url = f"/v1/deadlines/{deadline['id']}"
    for number in (1, 2):
        sent = await district.school.post(
            f"{url}/submissions", data={"text": "Сделано"}
        )
        assert sent.is_success, sent.text
        headers = {"Idempotency-Key": str(number)}
        lacking = {"comment": "Нет протокола"}
        for _ in range(2):  # the second is the first one's repetition
            returned = await district.office.post(
                f"{url}/return", json=lacking, headers=headers
            )
            assert returned.is_success, returned.text
        told = await inbox(district.school)
        assert len(told) == number
    title = f"Возвращено на доработку: {deadline['title']}"
    assert subjects(told) == [title] * 2
    assert {each["deadline_id"] for each in told} == {deadline["id"]}
    assert "Нет протокола" in told[0]["body"]
    assert told[0]["read_at"] is None
    assert await inbox(district.other) == []
    assert await inbox(district.office) == []
    refused = await district.office.post(f"{url}/return", json=lacking)
    assert refused.json()["code"] == "deadline_wrong_state"
    assert len(await inbox(district.school)) == len(told)


async def test_returned_records_are_told_by_what_they_are_called(
    district: District, places: Places
) -> None:
    office, school = district.office, district.school
    number = places.schools[MENTEE]
    advice = await post(office, "recommendations", ADVICE | {"school_id": number})
    path = f"recommendations/{advice['id']}"
    answer = {"answer": "Проведена", "done_on": "2020-09-16"}
    await post(school, f"{path}/answer", answer)
    await post(office, f"{path}/return", {"remark": "Где итоги?"})
    year = f"schools/{number}/data-years/2019"
    await post(school, f"{year}/submit", {})
    await post(office, f"{year}/return", {"comment": "Нет результатов"})
    programme = await draft(school, places)
    await fill(school, programme)
    path = f"school-programmes/{programme['id']}"
    await post(school, f"{path}/submit", {})
    await post(office, f"{path}/review", {})
    await post(office, f"{path}/return", EXPERTISE)
    (of_advice, of_year, of_programme) = await inbox(school)
    assert of_programme["subject"].endswith(programme["title"])
    assert EXPERTISE["remarks"][0] in of_programme["body"]
    assert of_advice["subject"].endswith(
        "Ответить на рекомендацию: Математика, 5 класс"
    )
    assert "Где итоги?" in of_advice["body"]
    assert "01.12.2020" in of_advice["body"]
    assert of_year["subject"].endswith("Сдать данные за 2019/2020 учебный год")
    assert (of_year["deadline_id"], of_advice["school_id"]) == (None, number)
