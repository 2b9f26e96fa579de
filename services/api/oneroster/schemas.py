"""Bodies of OneRoster 1.2; whatever was not asked for, or is not there, is left out."""

from datetime import date
from typing import Any

from pydantic import AwareDatetime
from typing_extensions import TypedDict


class ReferenceOut(TypedDict):
    """How one thing names another (GUIDRef)."""

    href: str
    sourcedId: str
    type: str


class OrgOut(TypedDict, total=False):
    """A region, a municipality or a school; `metadata` has what the standard lacks."""

    sourcedId: str
    status: str
    dateLastModified: AwareDatetime
    metadata: dict[str, Any]
    name: str
    type: str
    identifier: str
    parent: ReferenceOut
    children: list[ReferenceOut]


class OrgsOut(TypedDict):
    """A page of orgs."""

    orgs: list[OrgOut]


class SingleOrgOut(TypedDict):
    """One org."""

    org: OrgOut


class AcademicSessionOut(TypedDict, total=False):
    """An academic year, a half-year or a quarter of a municipality.

    `endDate` is the first day that does not belong; `schoolYear` that it ends in.
    """

    sourcedId: str
    status: str
    dateLastModified: AwareDatetime
    metadata: dict[str, Any]
    title: str
    startDate: date
    endDate: date
    type: str
    schoolYear: str
    parent: ReferenceOut
    children: list[ReferenceOut]


class AcademicSessionsOut(TypedDict):
    """A page of academic sessions."""

    academicSessions: list[AcademicSessionOut]


class SingleAcademicSessionOut(TypedDict):
    """One academic session."""

    academicSession: AcademicSessionOut


class AssessmentLineItemOut(TypedDict, total=False):
    """An assessment as it was held in a school; counts of pupils are in `metadata`."""

    sourcedId: str
    status: str
    dateLastModified: AwareDatetime
    metadata: dict[str, Any]
    title: str
    resultValueMin: float
    resultValueMax: float


class AssessmentLineItemsOut(TypedDict):
    """A page of assessment line items."""

    assessmentLineItems: list[AssessmentLineItemOut]


class SingleAssessmentLineItemOut(TypedDict):
    """One assessment line item."""

    assessmentLineItem: AssessmentLineItemOut
