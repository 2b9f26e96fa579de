"""A table of a plan is previewed and committed as previewed, or nothing changes."""

from typing import Any

import httpx

from tests.api.exports.reading import listed
from tests.api.mentoring.conftest import Places, places
from tests.api.plan_imports.plans import (
    ROADMAP,
    commit,
    in_excel,
    in_text,
    in_word,
    previewed,
    upload,
    uzhur_rows,
)
from tests.support.api import ClientAs

__all__ = ["places"]  # a fixture

OFFICE = "МКУ «Управление образования Ужурского района»"
ORDER = {
    "order_number": "91-о",
    "order_on": "2020-09-12",
    "body": "Управление образования",
    "reason": "Новая редакция дорожной карты",
}


async def by_number(client: httpx.AsyncClient, programme: int) -> dict[str, Any]:
    rows = await listed(client, f"programmes/{programme}/measures")
    return {row["key"]: row for row in rows if row["plan"] == "roadmap"}


def edited() -> list[list[str]]:
    """Return Uzhur's roadmap in a new edition.

    Its first row has another term, which nobody can read; the row with the second 17
    other words; 45 is gone, and there is a new 46.
    """
    rows = [list(row) for row in uzhur_rows("roadmap")]
    rows[2][3] = "На днях"
    second = [row for row in rows if row[0] == "17"][1]
    second[1] = "Супервизия педагогов"
    assert rows[-1][0] == "45"
    rows[-1] = ["46", "Семинар наставников", OFFICE, "Октябрь 2020 года", ""]
    return rows


async def test_a_programme_in_force_is_changed_by_an_order_as_was_previewed(
    client_as: ClientAs, places: Places
) -> None:
    office, number = await client_as("uzhur"), places.programmes["uzhur"]
    before = await by_number(office, number)
    shown = await previewed(
        office, number, in_text(edited()), plan="roadmap", withdraw_missing=True
    )
    assert shown["counts"] == {
        "new": 1,
        "changed": 1,
        "unchanged": 44,
        "unreadable": 1,
        "missing": 1,
    }
    assert shown["missing"] == [
        {name: before["roadmap-6.45"][name] for name in ("key", "number", "title")}
    ]
    unclear = shown["lines"][0]
    (fault,) = unclear["faults"]
    assert (unclear["state"], unclear["occurrences"]) == ("unreadable", [])
    where = {name: fault[name] for name in ("sheet", "row", "column", "value")}
    assert where == {
        "sheet": "text",
        "row": 3,
        "column": "Срок реализации",
        "value": "На днях",
    }
    assert "непонятно «на»" in fault["reason_ru"]
    assert "“на” is not understood" in fault["reason_en"]

    for refused, code in (
        (await commit(office, shown, order=ORDER), "plan_lines_refused"),
        (
            await commit(office, shown, lines=[{"line": 1, "term": "Ежегодно"}]),
            "order_required",
        ),
        (
            await commit(office, shown, lines=[{"line": 99, "leave_out": True}]),
            "plan_lines_refused",
        ),
    ):
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert await by_number(office, number) == before

    stated = {"line": 1, "term": "Август 2021 года", "parties": ["schools"]}
    done = await commit(office, shown, order=ORDER, lines=[stated])
    assert done.status_code == 200, done.text
    outcome = done.json()["outcome"]
    lines = {name: outcome[name] for name in outcome if "deadlines" not in name}
    assert lines == {
        "new": 1,
        "changed": 2,
        "unchanged": 44,
        "left_out": 0,
        "withdrawn": 1,
    }
    after = await by_number(office, number)
    assert before.keys() - after.keys() == {"roadmap-6.45"}
    assert after.keys() - before.keys() == {"roadmap-6.46"}
    # The number is no key: the first 17 stays, the second has other words.
    assert after["roadmap-1.17"] == before["roadmap-1.17"]
    assert after["roadmap-2.17"]["title"] == "Супервизия педагогов"
    owed = await listed(office, "deadlines", programme_id=number, state="open")
    assert {row["due_on"] for row in owed if row["number"] == "46"} == {"2020-10-30"}
    gone = await listed(office, "deadlines", programme_id=number, state="withdrawn")
    assert outcome["deadlines_withdrawn"] == len(gone) > 1
    assert outcome["deadlines_opened"] >= sum(row["number"] == "46" for row in owed) > 0
    first = [row for row in owed if row["measure_id"] == after["roadmap-1.1"]["id"]]
    assert {row["due_on"] for row in first} == {"2021-08-31"}
    assert None not in {row["school_id"] for row in first}
    (amendment,) = await listed(office, f"programmes/{number}/amendments")
    assert amendment["id"] == done.json()["amendment_id"]
    assert [each["kind"] for each in amendment["changes"]] == [
        "replace_measure",
        "replace_measure",
        "add_measure",
        "withdraw_measure",
    ]
    history = await office.get("/v1/audit", params={"entity": "programme"})
    assert [entry["action"] for entry in history.json()["items"]] == ["amend"]


async def test_what_is_no_more_as_previewed_is_not_committed(
    client_as: ClientAs, places: Places
) -> None:
    office, number = await client_as("uzhur"), places.programmes["uzhur"]
    shown = await previewed(
        office, number, in_text(uzhur_rows("roadmap"), "|"), plan="roadmap"
    )
    assert not shown["changes_anything"]
    false = shown | {"fingerprint": "0" * 64}
    withdrawal = {"kind": "withdraw_measure", "key": "roadmap-1.3"}
    refused = [await commit(office, false, order=ORDER)]
    amended = await office.post(
        f"/v1/programmes/{number}/amendments", json=ORDER | {"changes": [withdrawal]}
    )
    assert amended.status_code == 201, amended.text
    refused.append(await commit(office, shown, order=ORDER))
    assert [(each.status_code, each.json()["code"]) for each in refused] == [
        (409, "plan_import_outdated")
    ] * 2
    kept = (await office.get(f"/v1/plan-imports/{shown['id']}")).json()
    assert kept["committed_at"] is None

    other = await client_as("zhigalovo")
    assert (await commit(other, shown)).status_code == 404
    assert (await other.get("/v1/plan-imports")).json()["items"] == []
    abroad = await upload(other, number, in_text(uzhur_rows("roadmap")), plan="plan")
    assert abroad.status_code == 404
    school = await client_as("uzhur.ilinskaya")
    own = await upload(school, number, in_text(uzhur_rows("roadmap")), plan="plan")
    assert own.status_code == 403


async def test_columns_and_tables_are_named_where_the_document_does_not(
    client_as: ClientAs, places: Places
) -> None:
    office, number = await client_as("uzhur"), places.programmes["uzhur"]
    budget = [("Расходы", "Сумма"), ("Курсы", "10")]
    both = in_word(budget, uzhur_rows("cyclogram"), uzhur_rows("roadmap"))
    asked = await upload(office, number, both, plan="roadmap")
    assert (asked.status_code, asked.json()["code"]) == (422, "plan_table_not_found")
    assert [fault["sheet"] for fault in asked.json()["faults"]] == [
        "таблица 2",
        "таблица 3",
    ]
    shown = await previewed(office, number, both, plan="roadmap", table=2)
    assert (shown["table"], shown["counts"]["unchanged"]) == ("таблица 3", 47)

    bare = in_excel(uzhur_rows("roadmap")[1:])
    lost = await upload(office, number, bare, plan="roadmap")
    assert (lost.status_code, lost.json()["code"]) == (422, "plan_table_not_found")
    columns = ("number", "title", "responsible", "term", "expected_result")
    assert len(columns) == len(ROADMAP)
    stated = {f"{name}_column": place for place, name in enumerate(columns, start=1)}
    told = await previewed(office, number, bare, plan="roadmap", **stated)
    assert told["counts"]["unchanged"] == 47


ONE_LINE = "№|Мероприятие|Срок\n1|Семинар|Май"
REFUSED: list[tuple[bytes | str, dict[str, int], str]] = [
    (b"%PDF-1.7", {}, "unreadable_file"),
    (bytes.fromhex("D0CF11E0A1B11AE1"), {}, "unreadable_file"),
    (b"PK\x03\x04 and no more", {}, "unreadable_file"),
    (b"\0\1\2", {}, "unreadable_file"),
    ("Мероприятие|Срок|Период\nСеминар|Май|Июнь", {}, "plan_table_not_found"),
    ("Мероприятие|Срок", {}, "plan_table_not_found"),
    ("Просто текст", {}, "plan_table_not_found"),
    (ONE_LINE, {"term_column": 3}, "invalid_input"),
    (ONE_LINE, {"table": 2}, "plan_table_not_found"),
    (ONE_LINE, {"colour": 2}, "invalid_input"),
    ("", {}, "invalid_input"),
]


async def test_what_is_no_plan_is_refused_with_what_to_do(
    client_as: ClientAs, places: Places
) -> None:
    office, number = await client_as("uzhur"), places.programmes["uzhur"]
    for content, fields, code in REFUSED:
        refused = await upload(office, number, content, plan="roadmap", **fields)
        told = (content, refused.text)
        assert (refused.status_code, refused.json().get("code")) == (422, code), told
    assert (await office.get("/v1/plan-imports")).json()["items"] == []
