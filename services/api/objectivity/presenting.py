"""Findings and their method as answers show them."""

from collections.abc import Mapping
from typing import Any

from services.api.http.localized import LocalizedOut
from services.api.objectivity.finding_schemas import (
    FindingExplanationOut,
    FindingOut,
    FindingsMethodOut,
)
from services.api.objectivity.wording import explained
from shared.domain.errors import Text
from shared.domain.objectivity_tests import TESTS, ObjectivityTest
from shared.persistence.paging import AnyRow
from shared.persistence.runs import RunRecord

# The threshold that concerns every test with a p-value.
ADJUSTMENT = "adjustment"


def localized(text: Text) -> LocalizedOut:
    """Return a text in both languages."""
    return LocalizedOut(ru=text.ru, en=text.en)


def finding_out(row: AnyRow) -> FindingOut:
    """Return a finding in words, with what the school says of it."""
    said = None
    if row.explanation is not None:
        said = FindingExplanationOut.model_validate(row, from_attributes=True)
    return FindingOut(
        **{
            name: value
            for name, value in row._mapping.items()  # noqa: SLF001 (SQLAlchemy's name)
            if name in FindingOut.model_fields
        },
        title=localized(TESTS[row.test].title),
        explained=localized(explained(row)),
        school_explanation=said,
    )


def method_out(run: RunRecord) -> FindingsMethodOut | None:
    """Return the method of a run with the thresholds of each test."""
    content = run.method_content
    if content is None:
        return None
    return FindingsMethodOut.model_validate(
        {
            "code": content["code"],
            "version": content["version"],
            "hash": run.method_hash,
            "title": content["title"],
            "tests": [_test_out(test, content) for test in TESTS.values()],
        }
    )


def _test_out(test: ObjectivityTest, content: Mapping[str, Any]) -> dict[str, Any]:
    section = content[test.section]
    values = {f"{test.section}.{name}": value for name, value in section.items()}
    if test.has_p_value:
        values[ADJUSTMENT] = content[ADJUSTMENT]
    provenance = content["provenance"]
    return {
        "test": test.code,
        "title": {"ru": test.title.ru, "en": test.title.en},
        "compares": {"ru": test.compares.ru, "en": test.compares.en},
        "thresholds": [
            {"name": name, "value": value, "provenance": provenance[name]}
            for name, value in values.items()
            if name in provenance
        ],
    }
