"""A year of a new district, from its first school to the merger of two of them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import yaml

from shared.runtime.clock import system_now
from tests.support.processes import ROOT
from tests.support.system import LocalSystem
from tests.system.district import (
    District,
    awaited,
    done,
    refused,
    with_programme,
    with_schools,
)

pytestmark = pytest.mark.timeout(300)  # the first start of the system included

DOCUMENT = ROOT / "deploy" / "programmes" / "zhigalovo-2020.yaml"
YEAR = 2019
NAMES = {
    "strong": "Первая СОШ",
    "weak": "Вторая СОШ",
    "third": "Третья СОШ",
}
WEAK = {"n2": 9, "n3": 5, "n4": 4, "n5": 2}
STRONG = {"n2": 0, "n3": 4, "n4": 9, "n5": 7}
ORDER = {"order_number": "17", "order_on": "2020-09-15"}
GRADE = {"procedure": "vpr", "programme_grade": 5, "pupil_grade": 5}


@pytest.fixture(scope="module")
def district(system: LocalSystem) -> Iterator[District]:
    """Yield the district with its schools, in a system that has others too."""
    if not system.is_running:
        system.start()
    expires_at = (system_now() + timedelta(days=30)).isoformat()
    with system.client("admin") as admin:
        district = District(system.address, admin, expires_at)
        with_schools(district, NAMES)
        document = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
        document["approved"]["date"] = str(document["approved"]["date"])
        document["period"] |= {
            each: str(document["period"][each]) for each in ("starts_on", "ends_on")
        }
        with_programme(district, document)
        yield district
        for client in district.people.values():
            client.close()


def result(district: District, code: str, subject: str) -> dict[str, Any]:
    marks = STRONG if code == "strong" else WEAK
    school = {"school_id": district.schools[code], "academic_year": YEAR}
    return {**school, **GRADE, **marks, "subject": subject}


def test_schools_enter_submit_and_correct_their_year(district: District) -> None:
    office, head = district.office, district.people["weak"]
    entered = {}
    for code in NAMES:
        for subject in ("russian", "mathematics"):
            body = result(district, code, subject)
            answer = district.people[code].post("/v1/results", json=body)
            entered[code] = done(answer)["id"]
    year = f"/v1/schools/{district.schools['weak']}/data-years/{YEAR}"
    done(head.post(f"{year}/submit", json={}))
    done(office.post(f"{year}/return", json={"comment": "Нет паспорта"}))
    counts = {"school_id": district.schools["weak"], "academic_year": YEAR}
    done(head.post("/v1/enrolments", json={**counts, "pupils": 160}))
    passport = {**counts, "special_needs_count": 12, "low_income_percent": 60}
    made = done(head.post("/v1/social-passports", json=passport))
    assert made["special_needs_percent"] == 7.5  # 12 of 160
    for step, by in (("submit", head), ("accept", office)):
        done(by.post(f"{year}/{step}", json={}))
    done(office.post(f"{year}/lock", json=ORDER))
    row = f"/v1/results/{entered['weak']}"
    refused(head.put(row, json=WEAK | {"n2": 8}), 409, "year_locked")
    correction = WEAK | {"n2": 8, "n3": 6}
    assert "?reason=" in refused(office.put(row, json=correction), 409, "year_locked")
    done(office.put(f"{row}?reason=Апелляция", json=correction))
    history = done(office.get(f"{row}/history"))["items"]
    assert [each["reason"] for each in history] == [None, "Апелляция"]


def test_the_ranking_is_drafted_objected_to_and_answered(district: District) -> None:
    office, head = district.office, district.people["weak"]
    ranking = awaited(
        lambda: office.get("/v1/rankings", params={"academic_year": YEAR}),
        lambda found: len(found["places"]) == len(NAMES) and not found["is_stale"],
    )
    assert ranking["places"][0]["school_name"] == NAMES["strong"]
    window = {"objections_from": "2020-09-16", "objections_until": "2020-09-25"}
    drafted = {"run_id": ranking["run_id"], **window}
    publication = done(office.post("/v1/ranking-publications", json=drafted))["id"]
    page = f"/v1/ranking-publications/{publication}"
    objection = {"figure": "participants", "text": "Двое писали в другой школе."}
    own = objection | {"school_id": district.schools["weak"]}
    filed = done(head.post(f"{page}/objections", json=own))["id"]
    foreign = objection | {"school_id": district.schools["third"]}
    refused(head.post(f"{page}/objections", json=foreign), 404, "not_found")
    answer = {"is_accepted": False, "answer": "Протоколы верны."}
    done(office.post(f"{page}/objections/{filed}/answer", json=answer))
    early = refused(office.post(f"{page}/publish", json=ORDER), 409, "objection_window")
    assert "2020-09-25" in early


def test_the_mentor_reads_what_was_agreed_while_it_was(district: District) -> None:
    mentor, mentee = district.people["strong"], district.people["weak"]
    theirs = {"school_id": district.schools["weak"]}
    body = {
        "programme_id": district.programme,
        "mentor_school_id": district.schools["strong"],
        "mentee_school_id": district.schools["weak"],
        "problem": "Математика, 5 класс",
        "starts_on": "2020-09-16",
        "ends_on": "2021-05-31",
        "goals": ["Двоек не более 15 %"],
        "plan": [{"title": "Взаимные уроки", "due_on": "2020-11-20"}],
        "shared_datasets": ["results"],
    }
    drafted = done(
        district.people["methodist"].post("/v1/mentoring-agreements", json=body)
    )
    steps = f"/v1/mentoring-agreements/{drafted['id']}/transitions"

    def take(client: httpx.Client, action: str, **more: str) -> httpx.Response:
        step = {"action": action, **more}
        return client.post(steps, json=step, headers={"If-Match": "*"})

    done(take(mentee, "propose"))
    done(take(mentor, "sign", side="mentor"))
    refused(take(mentor, "sign", side="mentee"), 403, "agreement_forbidden")
    refused(take(district.office, "activate"), 409, "agreement_wrong_state")
    done(take(mentee, "sign", side="mentee"))
    assert done(mentor.get("/v1/results", params=theirs))["items"] == []
    done(take(district.office, "activate"))
    assert len(done(mentor.get("/v1/results", params=theirs))["items"]) == 2
    assert done(mentor.get("/v1/social-passports", params=theirs))["items"] == []
    refused(take(district.office, "terminate"), 422, "reason_required")
    done(take(district.office, "terminate", reason="Цель достигнута"))
    assert done(mentor.get("/v1/results", params=theirs))["items"] == []


def test_exports_uploaded_again_change_nothing(district: District) -> None:
    office = district.office
    for dataset in ("results", "enrolments", "social-passports"):
        for file_format in ("csv", "xlsx"):
            export = office.get(f"/v1/exports/{dataset}?format={file_format}")
            file = (f"{dataset}.{file_format}", export.content)
            sent = {"file": file, "file_format": (None, dataset)}
            counts = done(office.post("/v1/imports", files=sent))["counts"]
            assert counts["unchanged"] > 0
            assert (counts["new"], counts["changed"], counts["bad"]) == (0, 0, 0)


def test_two_schools_merge_and_the_year_reads_like_a_story(district: District) -> None:
    office, weak = district.office, district.schools["weak"]
    merger = {
        **ORDER,
        "kind": "merge",
        "takes_effect_on": "2020-09-16",
        "reason": "Присоединение",
        "predecessor_ids": [district.schools["third"]],
        "successor_ids": [weak],
    }
    done(office.post("/v1/reorganisations", json=merger))
    late = result(district, "third", "biology") | {"academic_year": 2020}
    late |= {"written_on": "2020-09-16"}
    reason = refused(office.post("/v1/results", json=late), 422, "invalid_result")
    assert f"went over into {NAMES['weak']}" in reason
    told = []
    for year in (YEAR, YEAR + 1):
        address = f"/v1/schools/{weak}/timeline?academic_year={year}"
        items = done(district.people["weak"].get(address))["items"]
        told += [item["title"]["en"] for item in items]
    pair = f"{NAMES['strong']} → {NAMES['weak']}"
    agreement = f"Mentoring agreement “Математика, 5 класс” ({pair})"
    story = [
        "Data of the year returned (Нет паспорта)",
        "Data of the year locked by the order 17 of 2020-09-15",
        "Objection to a ranking: answered",
        f"{agreement}: signed by the mentor school",
    ]
    places = [told.index(each) for each in story]
    assert places == sorted(places)
    strangers = refused(district.people["weak"].get("/v1/schools/1"), 404, "not_found")
    assert "Ужур" not in strangers
