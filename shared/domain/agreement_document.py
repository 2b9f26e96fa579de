"""What a printed agreement says, part by part, for a template to arrange.

Persons are never named: a signature is that of an office.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from shared.domain.agreement_terms import (
    CLOSED_STATUSES,
    DATASET_NAMES,
    STATUS_NAMES,
    AgreementStatus,
    RegistryNumber,
    SharedDataset,
    Side,
)
from shared.domain.permissions import Role
from shared.domain.russian import counted, spelled_date

DRAFT_MARK = "Проект"
NO_NUMBER = "_____"
NO_DATE = "«___» ______________ 20___ г."

# In the instrumental: by whom a signature was recorded.
RECORDED_BY: Mapping[Role, str] = MappingProxyType(
    {
        Role.SCHOOL_EDITOR: "представителем школы",
        Role.MUNICIPAL_COORDINATOR: (
            "координатором муниципалитета с бумажного экземпляра"
        ),
        Role.ADMINISTRATOR: "администратором системы с бумажного экземпляра",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSignature:
    """On which day a side's signature was recorded, and by an account of which role."""

    on: date
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperParty:
    """A school as the paper names it."""

    name: str
    municipality: str
    signature: PaperSignature | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """An agreement as it is printed; `plan` holds titles and due dates in order.

    `municipality` is the one that keeps the register, `proposed_on` the day on which
    the number was given.
    """

    status: AgreementStatus
    number: RegistryNumber | None
    proposed_on: date | None
    ended_on: date | None
    municipality: str
    programme: str
    parties: Mapping[Side, PaperParty]
    problem: str
    starts_on: date
    ends_on: date
    goals: Sequence[str]
    plan: Sequence[tuple[str, date]]
    shared_datasets: Sequence[SharedDataset]


@dataclass(frozen=True, slots=True)
class Repeated:
    """A list of the paper: the names of its fields, and each item's words by name."""

    fields: frozenset[str]
    items: tuple[Mapping[str, str], ...]

    @classmethod
    def of(cls, fields: Sequence[str], items: Iterable[Sequence[str]]) -> "Repeated":
        """Name the fields of each item, given in the order of `fields`."""
        named = tuple(dict(zip(fields, item, strict=True)) for item in items)
        return cls(frozenset(fields), named)


def words_of(paper: Paper) -> dict[str, str]:
    """Return what stands once in the paper, by the name of its placeholder."""
    days = (paper.ends_on - paper.starts_on).days + 1
    words = {
        "mark": _mark(paper),
        "number": NO_NUMBER if paper.number is None else str(paper.number),
        "date": NO_DATE
        if paper.proposed_on is None
        else spelled_date(paper.proposed_on),
        "municipality": paper.municipality,
        "programme": paper.programme,
        "problem": paper.problem,
        "starts_on": spelled_date(paper.starts_on),
        "ends_on": spelled_date(paper.ends_on),
        "duration": counted(days, "день", "дня", "дней"),
        "data_access": _data_access(paper.shared_datasets),
    }
    for side, party in paper.parties.items():
        words[f"{side}"] = party.name
        words[f"{side}_municipality"] = party.municipality
        words[f"{side}_signature"] = _signature(party.signature)
    return words


def lists_of(paper: Paper) -> tuple[Repeated, ...]:
    """Return what a paragraph or a table's row is repeated for."""
    goals = [(str(number), goal) for number, goal in enumerate(paper.goals, start=1)]
    plan = [
        (str(number), title, spelled_date(due_on))
        for number, (title, due_on) in enumerate(paper.plan, start=1)
    ]
    return (
        Repeated.of(("goal_number", "goal"), goals),
        Repeated.of(("measure_number", "measure", "measure_due_on"), plan),
    )


def _mark(paper: Paper) -> str:
    """Say in the corner that it is a draft, or that it is over."""
    if paper.number is None:
        return DRAFT_MARK
    if paper.status in CLOSED_STATUSES and paper.ended_on is not None:
        status = STATUS_NAMES[paper.status].ru.capitalize()
        return f"{status} {spelled_date(paper.ended_on)}"
    return ""


def _data_access(shared: Sequence[SharedDataset]) -> str:
    if not shared:
        return "Доступ к данным Школы, получающей помощь, не открывается."
    names = ", ".join(DATASET_NAMES[each].ru for each in shared)
    return f"Школа, получающая помощь, открывает Школе-наставнику свои данные: {names}."


def _signature(signature: PaperSignature | None) -> str:
    if signature is None:
        return ""
    recorded_by = RECORDED_BY.get(signature.role, "уполномоченным пользователем")
    return f"Подпись внесена {spelled_date(signature.on)} {recorded_by}"
