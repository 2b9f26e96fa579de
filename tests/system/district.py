"""A district that begins with nothing: its accounts, schools and programme."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

PASSWORD = "a year of a district"  # noqa: S105 (of accounts that the test opens)
PATIENCE = 20.0  # seconds until what was entered is computed
TABLE = """№ п/п\tОсновные мероприятия\tОтветственный\tСрок реализации\tРезультат
Развитие сетевого взаимодействия
1\tЗакрепление базовых школ\tУправление образования\tЕжегодно\tСписок
2\tАнализ результатов\tобразовательные организации\tСентябрь\tСправка
3\tСопровождение школ\tобразовательные организации\tкогда получится\tОтчёты
"""


@dataclass(slots=True)
class District:
    """Clients of its people, by role or school, and the numbers of what there is."""

    address: str
    admin: httpx.Client
    expires_at: str
    people: dict[str, httpx.Client] = field(default_factory=dict)
    schools: dict[str, int] = field(default_factory=dict)
    number: int = 0
    programme: int = 0

    @property
    def office(self) -> httpx.Client:
        """The coordinator."""
        return self.people["office"]

    def invite(self, name: str, role: str, by: httpx.Client, **part: int) -> None:
        """Open an account by an invitation, and sign in."""
        body = {"role": role, "expires_at": self.expires_at, **part}
        code = done(by.post("/v1/invitations", json=body))["code"]
        account = {"code": code, "login": f"novy.{name}", "password": PASSWORD}
        done(by.post("/v1/invitations/accept", json=account))
        client = httpx.Client(base_url=self.address, timeout=20, trust_env=False)
        sign_in = {"username": account["login"], "password": PASSWORD}
        token = done(client.post("/v1/tokens", data=sign_in))["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        client.headers["Accept-Language"] = "en"
        self.people[name] = client


def done(answer: httpx.Response) -> Any:
    """Return what a request that was carried out answered."""
    assert answer.is_success, (answer.request.method, answer.request.url, answer.text)
    return answer.json()


def refused(answer: httpx.Response, status: int, code: str) -> str:
    """Return why a request was refused."""
    assert answer.status_code == status, answer.text
    problem = answer.json()
    assert problem["code"] == code, problem
    detail: str = problem["detail"]
    return detail


def awaited(read: Callable[[], httpx.Response], wanted: Callable[[Any], bool]) -> Any:
    """Read again until it is as wanted."""
    end = time.monotonic() + PATIENCE
    while not wanted(found := done(read())):
        assert time.monotonic() < end, found
        time.sleep(0.1)
    return found


def with_schools(district: District, names: dict[str, str]) -> None:
    """Open the district, its schools by code and name, and an account for each."""
    admin = district.admin
    region = {"code": "new-region", "name": "Новая область"}
    body = {
        "region_id": done(admin.post("/v1/regions", json=region))["id"],
        "code": "novy",
        "name": "Новый район",
        "time_zone": "Asia/Irkutsk",
    }
    district.number = done(admin.post("/v1/municipalities", json=body))["id"]
    part = {"municipality_id": district.number}
    district.invite("office", "municipal_coordinator", admin, **part)
    district.invite("methodist", "methodist", district.office, **part)
    for code, name in names.items():
        school = {**part, "code": code, "name": name, "kind": "secondary"}
        school |= {"locality": "village", "mentor_capacity": 1}
        made = done(district.office.post("/v1/schools", json=school))
        district.schools[code] = made["id"]
        district.invite(code, "school_editor", district.office, school_id=made["id"])


def with_programme(district: District, document: dict[str, Any]) -> None:
    """Write a programme without its plan, and paste the plan's table."""
    office = district.office
    written = {**document, "code": "novy-2020", "municipality": "novy", "plans": []}
    district.programme = done(office.post("/v1/programmes", json=written))["id"]
    pasted = done(
        office.post(
            f"/v1/programmes/{district.programme}/plan-imports",
            files={"text": (None, TABLE), "plan": (None, "roadmap")},
        )
    )
    assert (pasted["counts"]["new"], pasted["counts"]["unreadable"]) == (2, 1)
    commit = f"/v1/plan-imports/{pasted['id']}/commit"
    body = {"fingerprint": pasted["fingerprint"]}
    reason = refused(office.post(commit, json=body), 422, "plan_lines_refused")
    assert "Nothing was changed" in reason
    [line] = [one["line"] for one in pasted["lines"] if one["state"] == "unreadable"]
    body["lines"] = [{"line": line, "term": "Ежегодно"}]
    assert done(office.post(commit, json=body))["outcome"]["new"] == 3
