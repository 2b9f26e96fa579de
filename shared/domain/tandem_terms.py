"""What a mentoring tandem of teachers consists of, and the words for it.

A member is a position in a school, and maybe a registered teacher: never a name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

PAIR: Final = 2


class TandemKind(StrEnum):
    """How far a tandem reaches."""

    IN_SCHOOL = "in_school"
    NETWORK = "network"


class TandemForm(StrEnum):
    """How many it is made of: two, or more."""

    PAIR = "pair"
    GROUP = "group"


class TandemStatus(StrEnum):
    """Where a tandem stands."""

    DRAFT = "draft"
    ACTIVE = "active"
    ENDED = "ended"


class TandemRole(StrEnum):
    """Who helps, and who is helped."""

    MENTOR = "mentor"
    MENTEE = "mentee"


class EndReason(StrEnum):
    """Why a tandem ended."""

    GOAL_REACHED = "goal_reached"
    NO_LONGER_NEEDED = "no_longer_needed"
    REPLACED = "replaced"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A place in a tandem; `teacher_id` where the teacher is registered."""

    role: TandemRole
    school_id: int
    position: str
    subject: str | None = None
    teacher_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tandem:
    """What is agreed of a tandem; without `ends_on` it lasts while it is needed."""

    kind: TandemKind
    goal: str
    plan: str
    starts_on: date
    ends_on: date | None
    members: Sequence[Member]

    @property
    def form(self) -> TandemForm:
        """Whether it is a pair or a group."""
        return TandemForm.PAIR if len(self.members) == PAIR else TandemForm.GROUP

    @property
    def schools(self) -> tuple[int, ...]:
        """The schools of its members, each once."""
        return tuple(sorted({member.school_id for member in self.members}))
