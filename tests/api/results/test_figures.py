"""Results in scores, against journals, and narrowed by grade, over HTTP."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.tables.audit import AuditEntryRow
from shared.persistence.work import begin_as_system
from tests.api.results.test_results import body, create, faults, ilinskaya
from tests.support.api import ClientAs

__all__ = ["ilinskaya"]

SCORES: dict[str, Any] = {
    "procedure": "ege",
    "programme_grade": 11,
    "pupil_grade": 11,
    "subject": "russian",
    "n": 12,
    "n2": None,
    "n3": None,
    "n4": None,
    "n5": None,
    "n_below_minimum": 1,
    "mean_primary_score": 31.5,
    "max_primary_score": 50,
    "mean_test_score": 61.5,
    "score_counts": {"20": 3, "33": 6, "39": 3},
    "observed": True,
}


async def test_a_result_in_scores_alone_is_kept_as_it_was_sent(
    client_as: ClientAs, ilinskaya: int
) -> None:
    client = await client_as("uzhur.ilinskaya")
    sent = body(ilinskaya, **SCORES | {"mean_primary_score": 31.25})

    created = await create(client, sent)

    assert {name: created[name] for name in sent} == sent
    journal = ("n_lower", "n_equal", "n_higher", "percentages")
    assert [created[name] for name in journal] == [None] * 4


async def test_a_correction_replaces_every_figure_and_the_audit_tells_each(
    client_as: ClientAs, engine: AsyncEngine, ilinskaya: int
) -> None:
    client = await client_as("uzhur.ilinskaya")
    sent = body(ilinskaya, **SCORES | {"mean_primary_score": 31.25})
    created = await create(client, sent)

    answer = await client.put(
        f"/v1/results/{created['id']}",
        json={"n": 12, "mean_test_score": 62, "score_counts": {"20": 2, "33": 7}},
    )

    assert answer.status_code == 200, answer.text
    changed = answer.json()
    assert changed["score_counts"] == {"20": 2, "33": 7}
    assert changed["mean_primary_score"] is None
    async with begin_as_system(engine) as work:
        entries = await work.session.scalars(
            select(AuditEntryRow.changes)
            .where(AuditEntryRow.entity_id == created["id"])
            .where(AuditEntryRow.entity == "assessment_result")
            .order_by(AuditEntryRow.number)
        )
        first, second = entries
    assert first["score_counts"] == [None, {"20": 3, "33": 6, "39": 3}]
    assert second["mean_test_score"] == [61.5, 62]
    assert second["observed"] == [True, None]
    assert second["score_counts"][1] == {"20": 2, "33": 7}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"n": None}, ("n", None)),
        ({"n2": 3}, ("n3", None)),
        ({"procedure": "vpr", "score_counts": {"51": 1}}, ("score_counts", "51")),
        ({"mean_primary_score": 40}, ("mean_primary_score", "40.0")),
        ({"n_equal": 9}, ("n_lower", None)),
        ({"n_lower": 1, "n_equal": 9, "n_higher": 3}, ("n_equal", "9")),
        ({"score_counts": {"x": 1}}, ("body.score_counts.x.[key]", "x")),
    ],
)
async def test_figures_that_contradict_each_other_are_refused_by_their_field(
    client_as: ClientAs,
    ilinskaya: int,
    changes: dict[str, Any],
    expected: tuple[str, str | None],
) -> None:
    client = await client_as("uzhur")

    answer = await client.post("/v1/results", json=body(ilinskaya, **SCORES | changes))

    assert answer.status_code == 422
    assert expected in faults(answer)


async def test_a_list_is_narrowed_by_the_grades(
    client_as: ClientAs, ilinskaya: int
) -> None:
    client = await client_as("uzhur.ilinskaya")
    created = await create(client, body(ilinskaya, programme_grade=4, pupil_grade=5))

    async def listed(**grades: int) -> set[int]:
        filters: dict[str, str | int] = {"procedure": "district_kim", **grades}
        answer = await client.get("/v1/results", params=filters)
        return {item["id"] for item in answer.json()["items"]}

    assert created["id"] in await listed(pupil_grade=5, programme_grade=4)
    assert created["id"] not in await listed(pupil_grade=4)
    assert created["id"] not in await listed(programme_grade=5)
