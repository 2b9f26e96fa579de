"""What the repository reads and writes of an agreement, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shared.domain.agreement_document import Paper
from shared.domain.agreement_terms import RegistryNumber, SharedDataset
from shared.domain.agreements import Agreement, AgreementStatus, Side, Signature


@dataclass(frozen=True, slots=True)
class PlanMeasure:
    """A dated line of the joint plan."""

    title: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Content:
    """What a draft says; `goals` and `plan` in the order they were given.

    `shared_datasets` are in the order of their enumeration, each once.
    """

    problem: str
    starts_on: date
    ends_on: date
    goals: tuple[str, ...]
    plan: tuple[PlanMeasure, ...]
    shared_datasets: tuple[SharedDataset, ...]


@dataclass(frozen=True, slots=True)
class Party:
    """One of the two schools."""

    id: int
    code: str
    name: str
    municipality_id: int
    municipality_name: str


@dataclass(frozen=True, slots=True)
class Author:
    """The account that did something."""

    id: int
    display_name: str
    role: str


@dataclass(frozen=True, slots=True)
class SignatureRecord:
    """A signature, or a municipality's confirmation, with its author."""

    side: Side
    at: datetime
    by: Author

    @property
    def signature(self) -> Signature:
        """It as the domain knows it."""
        return Signature(side=self.side, actor=self.by.id, at=self.at)


@dataclass(frozen=True, slots=True)
class EventRecord:
    """A step of the history with its author."""

    id: int
    action: str
    side: Side | None
    from_status: AgreementStatus | None
    to_status: AgreementStatus
    reason: str | None
    at: datetime
    by: Author


@dataclass(frozen=True, slots=True)
class SummaryRecord:
    """An agreement as lists show it."""

    id: int
    registry_number: RegistryNumber | None
    municipality_id: int
    programme_id: int
    mentor: Party
    mentee: Party
    problem: str
    starts_on: date
    ends_on: date
    ended_on: date | None
    status: AgreementStatus
    version: int
    synthetic: bool
    goals: tuple[str, ...]
    shared_datasets: tuple[SharedDataset, ...]
    evaluation: Mapping[str, Any] | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class AgreementRecord(SummaryRecord):
    """An agreement with all that belongs to it."""

    plan: tuple[PlanMeasure, ...]
    signatures: tuple[SignatureRecord, ...]
    confirmations: tuple[SignatureRecord, ...]
    events: tuple[EventRecord, ...]

    @property
    def agreement(self) -> Agreement:
        """The agreement as the domain knows it."""
        return Agreement(
            mentor_school_id=self.mentor.id,
            mentee_school_id=self.mentee.id,
            mentor_municipality_id=self.mentor.municipality_id,
            mentee_municipality_id=self.mentee.municipality_id,
            problem=self.problem,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            goals=self.goals,
            plan_measures=len(self.plan),
            signatures=tuple(each.signature for each in self.signatures),
            confirmations=tuple(each.signature for each in self.confirmations),
            status=self.status,
        )


@dataclass(frozen=True, slots=True)
class LockedAgreement:
    """An agreement that nobody else can change before this transaction ends.

    `concerned` are the municipalities of its schools: one, or two.
    """

    id: int
    registry_number: RegistryNumber | None
    municipality_id: int
    concerned: frozenset[int]
    programme_id: int
    agreement: Agreement
    plan: tuple[PlanMeasure, ...]
    shared_datasets: tuple[SharedDataset, ...]
    version: int

    @property
    def content(self) -> Content:
        """What its draft says."""
        return Content(
            self.agreement.problem,
            self.agreement.starts_on,
            self.agreement.ends_on,
            self.agreement.goals,
            self.plan,
            self.shared_datasets,
        )


@dataclass(frozen=True, slots=True)
class PrintedAgreement:
    """An agreement as it is printed, and by whose form.

    `changed_at` is the moment of its last step.
    """

    paper: Paper
    municipality_code: str
    changed_at: datetime

    @property
    def title(self) -> str:
        """The file's title."""
        if self.paper.number is None:
            return "Договор о наставничестве (проект)"
        return f"Договор о наставничестве № {self.paper.number}"
