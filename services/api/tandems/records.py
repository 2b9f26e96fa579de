"""What the repository reads and writes of tandems, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from shared.domain.tandem_terms import (
    EndReason,
    Member,
    Tandem,
    TandemForm,
    TandemKind,
    TandemRole,
    TandemStatus,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedMember:
    """A place as it is asked for: a position, a registered teacher, or both."""

    role: TandemRole
    school_id: int
    position: str | None
    subject: str | None
    teacher_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedTandem:
    """A tandem as it is asked for."""

    kind: TandemKind
    goal: str
    plan: str
    starts_on: date
    ends_on: date | None
    members: tuple[WantedMember, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TandemFilter:
    """What a list is narrowed to; None does not narrow."""

    municipality_id: int | None = None
    school_id: int | None = None
    status: TandemStatus | None = None
    kind: TandemKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMember(Member):
    """A place in a tandem, with the name of the school."""

    school_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTandem:
    """A tandem as it is kept; `replaced_by_id` as far as the caller sees it."""

    id: int
    municipality_id: int
    kind: TandemKind
    status: TandemStatus
    goal: str
    plan: str
    starts_on: date
    ends_on: date | None
    ended_on: date | None
    end_reason: EndReason | None
    end_comment: str | None
    replaces_id: int | None
    replaced_by_id: int | None
    version: int
    created_at: datetime
    updated_at: datetime
    synthetic: bool
    members: Sequence[StoredMember]

    @property
    def content(self) -> Tandem:
        """What is agreed, as the domain knows it."""
        return Tandem(
            kind=self.kind,
            goal=self.goal,
            plan=self.plan,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            members=[
                Member(
                    role=each.role,
                    school_id=each.school_id,
                    position=each.position,
                    subject=each.subject,
                    teacher_id=each.teacher_id,
                )
                for each in self.members
            ],
        )

    @property
    def form(self) -> TandemForm:
        """Whether it is a pair or a group."""
        return self.content.form


@dataclass(frozen=True, slots=True)
class Post:
    """Where a registered teacher works, and as what."""

    school_id: int
    position: str
    is_erased: bool
