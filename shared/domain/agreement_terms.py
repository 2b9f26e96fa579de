"""What a mentoring agreement consists of, and the words for its life."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from shared.domain.errors import Text

Identifier: TypeAlias = Hashable  # only ever compared here


class AgreementStatus(StrEnum):
    """Where an agreement stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    SIGNED = "signed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    TERMINATED = "terminated"


class Action(StrEnum):
    """What can be done with an agreement."""

    PROPOSE = "propose"
    CONFIRM = "confirm"
    SIGN = "sign"
    ACTIVATE = "activate"
    SUSPEND = "suspend"
    RESUME = "resume"
    COMPLETE = "complete"
    TERMINATE = "terminate"


class Side(StrEnum):
    """One of the two schools of an agreement."""

    MENTOR = "mentor"
    MENTEE = "mentee"


class SharedDataset(StrEnum):
    """A part of the mentee's data that an agreement may open to its mentor."""

    RESULTS = "results"
    INDICATORS = "indicators"
    ENROLMENT = "enrolment"
    SOCIAL_PASSPORT = "social_passport"
    STAFF = "staff"
    OBJECTIVITY_SIGNS = "objectivity_signs"
    LIST_MEMBERSHIPS = "list_memberships"
    RESOURCES = "resources"


OPEN_STATUSES = frozenset(
    {
        AgreementStatus.PROPOSED,
        AgreementStatus.SIGNED,
        AgreementStatus.ACTIVE,
        AgreementStatus.SUSPENDED,
    }
)
"""Statuses in which an agreement takes one of the mentor's places."""

CLOSED_STATUSES = frozenset({AgreementStatus.COMPLETED, AgreementStatus.TERMINATED})
"""Statuses that nothing leaves; any other excludes a second such agreement."""

STATUS_NAMES: Mapping[AgreementStatus, Text] = MappingProxyType(
    {
        AgreementStatus.DRAFT: Text("черновик", "draft"),
        AgreementStatus.PROPOSED: Text("предложен", "proposed"),
        AgreementStatus.SIGNED: Text("подписан", "signed"),
        AgreementStatus.ACTIVE: Text("действует", "active"),
        AgreementStatus.SUSPENDED: Text("приостановлен", "suspended"),
        AgreementStatus.COMPLETED: Text("завершён", "completed"),
        AgreementStatus.TERMINATED: Text("расторгнут", "terminated"),
    }
)

ACTION_NAMES: Mapping[Action, Text] = MappingProxyType(
    {
        Action.PROPOSE: Text("предложить", "propose"),
        Action.CONFIRM: Text("подтвердить", "confirm"),
        Action.SIGN: Text("подписать", "sign"),
        Action.ACTIVATE: Text("ввести в действие", "activate"),
        Action.SUSPEND: Text("приостановить", "suspend"),
        Action.RESUME: Text("возобновить", "resume"),
        Action.COMPLETE: Text("завершить", "complete"),
        Action.TERMINATE: Text("расторгнуть", "terminate"),
    }
)

# In the accusative, after «открывает для чтения».
DATASET_NAMES: Mapping[SharedDataset, Text] = MappingProxyType(
    {
        SharedDataset.RESULTS: Text(
            "результаты оценочных процедур", "results of assessments"
        ),
        SharedDataset.INDICATORS: Text(
            "показатели качества и место в рейтинге",
            "indicators and places in rankings",
        ),
        SharedDataset.ENROLMENT: Text("численность обучающихся", "numbers of pupils"),
        SharedDataset.SOCIAL_PASSPORT: Text("социальный паспорт", "social passport"),
        SharedDataset.STAFF: Text(
            "сведения о кадрах и вакансиях", "staff and vacancies"
        ),
        SharedDataset.OBJECTIVITY_SIGNS: Text(
            "признаки необъективности", "signs of non-objectivity"
        ),
        SharedDataset.LIST_MEMBERSHIPS: Text(
            "включение в списки ШНОР и ШНСУ", "memberships of lists"
        ),
        SharedDataset.RESOURCES: Text("сведения о ресурсах", "resources"),
    }
)

SIDE_NAMES: Mapping[Side, Text] = MappingProxyType(
    {
        Side.MENTOR: Text("школа-наставник", "mentor"),
        Side.MENTEE: Text("школа, получающая помощь", "mentee"),
    }
)


@dataclass(frozen=True, slots=True)
class RegistryNumber:
    """An agreement's number in the register of its municipality for a calendar year."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.number}/{self.year}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who recorded the signature of a side, or confirmed for it, and when."""

    side: Side
    actor: Identifier
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A mentor school's promise to help a mentee school with one problem.

    `ends_on` is the last day; `plan_measures` counts the measures of its plan.
    """

    mentor_school_id: Identifier
    mentee_school_id: Identifier
    mentor_municipality_id: Identifier
    mentee_municipality_id: Identifier
    problem: str
    starts_on: date
    ends_on: date
    goals: tuple[str, ...] = ()
    plan_measures: int = 0
    signatures: tuple[Signature, ...] = ()
    confirmations: tuple[Signature, ...] = ()  # of the sides' municipalities
    status: AgreementStatus = AgreementStatus.DRAFT

    @property
    def is_across(self) -> bool:
        """Whether its schools are of two municipalities."""
        return self.mentor_municipality_id != self.mentee_municipality_id

    @property
    def confirming_municipalities(self) -> frozenset[Identifier]:
        """The municipalities whose coordinators have confirmed it."""
        places = {
            Side.MENTOR: self.mentor_municipality_id,
            Side.MENTEE: self.mentee_municipality_id,
        }
        return frozenset(places[each.side] for each in self.confirmations)

    def confirmation_of(self, side: Side) -> Signature | None:
        """Return the confirmation of the municipality of `side`, if it was given."""
        return next((each for each in self.confirmations if each.side is side), None)

    def signature_of(self, side: Side) -> Signature | None:
        """Return the signature of `side`, or None while it is awaited."""
        return next((s for s in self.signatures if s.side is side), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the guards have to know beside the agreement itself.

    The facts about other agreements leave out the one at hand: the mentor's open
    ones are those in `OPEN_STATUSES`, a duplicate is any not in `CLOSED_STATUSES`.
    `today` is the municipality's date.
    """

    today: date
    programme_starts_on: date
    programme_ends_on: date
    mentor_capacity: int
    mentor_open_agreements: int
    mentor_on_low_list: bool  # for the agreement's problem
    duplicate_open: bool  # another one for the same pair and problem
