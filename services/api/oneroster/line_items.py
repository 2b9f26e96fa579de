"""Results of schools as assessment line items, with their counts as metadata.

A line item says that an assessment was held and on which scale; here it is held in one
school. A result of the standard is a pupil's, and there are none here.
"""

import re
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Numeric,
    Text,
    case,
    cast,
    false,
    func,
    literal,
    select,
)

from services.api.oneroster.collections import (
    Collection,
    Item,
    reference,
    without_nulls,
)
from services.api.oneroster.moments import shown_moment
from services.api.oneroster.orgs import ACTIVE, sourced_id_of
from services.api.oneroster.sessions import year_id
from shared.persistence.paging import AnyRow
from shared.persistence.tables.results import (
    AssessmentResultRow,
    ProcedureRow,
    SubjectRow,
)

_RESULT = AssessmentResultRow.__table__.c
_PROCEDURE = ProcedureRow.__table__.c
_SUBJECT = SubjectRow.__table__.c

LOWEST_MARK, HIGHEST_MARK, HIGHEST_SCORE = 2, 5, 100
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}")
# Fields of the metadata, and the columns that they show.
COUNTS: Final = {
    "procedure": "procedure",
    "subject": "subject",
    "programmeGrade": "programme_grade",
    "pupilGrade": "pupil_grade",
    "wave": "wave",
    "writtenOn": "written_on",
    "participants": "n",
    "withMark2": "n2",
    "withMark3": "n3",
    "withMark4": "n4",
    "withMark5": "n5",
    "absent": "n_absent",
    "ungraded": "n_ungraded",
    "belowMinimum": "n_below_minimum",
    "meanPrimaryScore": "mean_primary_score",
    "maxPrimaryScore": "max_primary_score",
    "meanTestScore": "mean_test_score",
    "countsRebuilt": "counts_rebuilt",
    "synthetic": "synthetic",
}


def _title() -> Any:
    return func.concat(
        _PROCEDURE.name_ru,
        ". ",
        _SUBJECT.name_ru,
        ", ",
        _RESULT.programme_grade,
        " класс, ",
        _RESULT.academic_year,
        "/",
        _RESULT.academic_year + 1,
        type_=Text,
    )


_ROWS = (
    select(
        _RESULT.id.label("number"),
        sourced_id_of("result", _RESULT.id).label("sourcedId"),
        literal(ACTIVE, Text).label("status"),
        _RESULT.updated_at.label("dateLastModified"),
        _title().label("title"),
        cast(
            case((_PROCEDURE.marked, LOWEST_MARK), else_=0),
            Numeric,
        ).label("resultValueMin"),
        cast(
            case((_PROCEDURE.marked, HIGHEST_MARK), else_=HIGHEST_SCORE),
            Numeric,
        ).label("resultValueMax"),
        sourced_id_of("school", _RESULT.school_id).label("school"),
        year_id(_RESULT.municipality_id, _RESULT.academic_year).label("session"),
        *(_RESULT[column].label(f"of_{column}") for column in COUNTS.values()),
    )
    .join(ProcedureRow.__table__, _PROCEDURE.code == _RESULT.procedure)
    .join(SubjectRow.__table__, _SUBJECT.code == _RESULT.subject)
    .subquery("line_items")
)


def _shown(row: AnyRow, root: str) -> Item:
    held = {name: getattr(row, f"of_{column}") for name, column in COUNTS.items()}
    if held["writtenOn"] is not None:
        held["writtenOn"] = held["writtenOn"].isoformat()
    return {
        "sourcedId": row.sourcedId,
        "status": row.status,
        "dateLastModified": shown_moment(row.dateLastModified),
        "metadata": {
            "school": reference(root, "schools", row.school, "org"),
            "academicSession": reference(
                root, "academicSessions", row.session, "academicSession"
            ),
            **without_nulls(held),
        },
        "title": row.title,
        "resultValueMin": float(row.resultValueMin),
        "resultValueMax": float(row.resultValueMax),
    }


def _is_named(sourced_id: str) -> ColumnElement[bool]:
    """Find a result by its number, as the table's index does."""
    kind, _, number = sourced_id.partition("-")
    if kind != "result" or not _NUMBER.fullmatch(number):
        return false()
    return _ROWS.c.number == int(number)


_COLUMNS: Final = (
    "sourcedId",
    "status",
    "dateLastModified",
    "title",
    "resultValueMin",
    "resultValueMax",
)
ASSESSMENT_LINE_ITEMS: Final = Collection(
    "assessmentLineItems",
    "assessmentLineItem",
    _ROWS,
    _is_named,
    (_ROWS.c.number,),
    {name: _ROWS.c[name] for name in _COLUMNS}
    | {
        "metadata.school.sourcedId": _ROWS.c.school,
        "metadata.academicSession.sourcedId": _ROWS.c.session,
        "metadata.procedure": _ROWS.c.of_procedure,
        "metadata.subject": _ROWS.c.of_subject,
    },
    (*_COLUMNS, "metadata"),
    _shown,
)
