"""What may be sent to a regional system, and how rows look there.

Only what is listed here leaves: no dataset that names a person, or leads to one, is.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.domain.permissions import Permission
from shared.domain.social_passports import SHARES

SCHOOL_CODE: Final = "school_code"
SUBJECT_CODE: Final = "subject_code"
OWN_CODE: Final = "code"  # of a school, in place of a code of another system


class DatasetCode(StrEnum):
    """Datasets that are sent."""

    SCHOOLS = "schools"
    RESULTS = "results"
    SOCIAL_PASSPORTS = "social-passports"
    LIST_MEMBERSHIPS = "list-memberships"


class TargetKind(StrEnum):
    """How rows leave: by a call, or as a file that is laid down."""

    HTTP = "http"
    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class ExchangeDataset:
    """A dataset; `fields` are those of the form that is imported here as well.

    `followed` are the datasets of the change feed whose changes concern it.
    """

    code: DatasetCode
    permission: Permission
    fields: tuple[str, ...]
    followed: tuple[str, ...]
    has_subjects: bool


_OF_SCHOOLS: Final = ("schools", "school-identifiers")
DATASETS: Final = {
    each.code: each
    for each in (
        ExchangeDataset(
            DatasetCode.SCHOOLS,
            Permission.ORGANISATIONS_READ,
            (
                "code",
                "name",
                "kind",
                "locality",
                "parent_id",
                "opened_on",
                "closed_on",
                "synthetic",
            ),
            _OF_SCHOOLS,
            has_subjects=False,
        ),
        ExchangeDataset(
            DatasetCode.RESULTS,
            Permission.RESULTS_READ,
            (
                "procedure",
                "subject",
                "programme_grade",
                "pupil_grade",
                "academic_year",
                "written_on",
                "wave",
                "n",
                "n2",
                "n3",
                "n4",
                "n5",
                "n_absent",
                "n_ungraded",
                "n_below_minimum",
                "mean_primary_score",
                "max_primary_score",
                "mean_test_score",
                "n_lower",
                "n_equal",
                "n_higher",
                "n_gap_2",
                "observed",
                "score_counts",
                "synthetic",
            ),
            ("results", *_OF_SCHOOLS),
            has_subjects=True,
        ),
        ExchangeDataset(
            DatasetCode.SOCIAL_PASSPORTS,
            Permission.CONDITIONS_READ,
            (
                "academic_year",
                *(name for each in SHARES for name in (each.percent, each.count)),
                "bussed_localities",
            ),
            ("social-passports", *_OF_SCHOOLS),
            has_subjects=False,
        ),
        ExchangeDataset(
            DatasetCode.LIST_MEMBERSHIPS,
            Permission.CONDITIONS_READ,
            (
                "list_kind",
                "year",
                "act_body",
                "act_number",
                "act_on",
                "valid_to",
                "exclusion_body",
                "exclusion_number",
                "exclusion_on",
                "exclusion_reason",
            ),
            ("list-memberships", *_OF_SCHOOLS),
            has_subjects=False,
        ),
    )
}


def columns_of(dataset: ExchangeDataset) -> tuple[str, ...]:
    """Return the columns of a file, and the fields of a row in a call."""
    subject = (SUBJECT_CODE,) if dataset.has_subjects else ()
    return (SCHOOL_CODE, *subject, "school_id", "school_name", *dataset.fields)
