"""Entering schools, and correcting what is known of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.api.http.preconditions import Expected
from services.api.organisations import repository, school_repository
from services.api.organisations.errors import InvalidSchoolError, SchoolExistsError
from services.api.organisations.lives import require_changeable_life
from services.api.scheduling.closing import follow_lives
from shared.contracts.events import EventKind
from shared.domain.errors import Fault, NotFoundError, Text
from shared.domain.provenance import ProvenanceKind
from shared.persistence.audit import Changes, created, difference, record_change
from shared.persistence.outbox import record
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work

BRANCH = "branch"
_PARENTLESS = Text(
    "Укажите головную школу филиала (parent_id): филиал — её часть.",
    "Name the parent school of the branch (parent_id): a branch is part of a school.",
)
LIFE = frozenset({"opened_on", "closed_on"})


async def create_school(work: Work, values: Mapping[str, Any]) -> AnyRow:
    """Enter a school.

    Raises:
        NotFoundError: the caller sees no such municipality.
        InvalidSchoolError: it breaks a rule.
        SchoolExistsError: the municipality has one with its code.
    """
    municipality = await repository.find_municipality(work, values["municipality_id"])
    if municipality is None:
        raise unknown_municipality(values["municipality_id"])
    await _require_valid(work, values)
    school_id = await school_repository.insert_school(
        work,
        {
            **values,
            "synthetic": municipality.synthetic,
            "provenance": ProvenanceKind.LOCAL,
        },
    )
    if school_id is None:
        raise SchoolExistsError(
            Text(
                f"Школа с кодом «{values['code']}» в муниципалитете уже есть.",
                f"The municipality has a school '{values['code']}' already.",
            )
        )
    await _tell(work, values, school_id, "create", created(values))
    return await _read(work, school_id)


async def replace_school(
    work: Work,
    school_id: int,
    values: Mapping[str, Any],
    expected: Expected,
    *,
    reason: str | None,
) -> AnyRow:
    """Correct a school; equal values change nothing.

    Raises:
        NotFoundError: the caller sees no such school.
        PreconditionFailedError: it has another version than expected.
        InvalidSchoolError: it breaks a rule, or would be open again without a reason.
        SchoolReorganisedError: an order of a reorganisation says when it exists.
        SchoolInAgreementsError: it would close before its agreements end.
    """
    before = await school_repository.lock_school(work, school_id)
    if before is None:
        raise unknown_school(school_id)
    expected.check(before["version"])
    after = {**before, **values}
    await _require_valid(work, after)
    await require_changeable_life(work, before, after, reason)
    changes = difference(before, values)
    if changes:
        await school_repository.update_school(work, school_id, values)
        await _tell(work, after, school_id, "update", changes, reason=reason)
        if not changes.keys().isdisjoint(LIFE):
            await follow_lives(work, before["municipality_id"], reason=reason)
    return await _read(work, school_id)


def unknown_school(school_id: int) -> NotFoundError:
    """Say that there is no such school, for whatever reason."""
    return NotFoundError(
        Text(f"Школы с номером {school_id} нет.", f"There is no school {school_id}.")
    )


def unknown_municipality(municipality_id: int) -> NotFoundError:
    """Say that there is no such municipality, for whatever reason."""
    return NotFoundError(
        Text(
            f"Муниципалитета с номером {municipality_id} нет.",
            f"There is no municipality {municipality_id}.",
        )
    )


async def _require_valid(work: Work, values: Mapping[str, Any]) -> None:
    faults = [*_faults_of_life(values)]
    parent_id = values.get("parent_id")
    if parent_id is not None:
        parent = await school_repository.hold_school(work, parent_id)
        faults += _faults_of_branch(values, parent)
    elif values["kind"] == BRANCH:
        faults.append(Fault(reason=_PARENTLESS, column="parent_id"))
    if values["kind"] == BRANCH and "id" in values:
        faults += await _faults_of_parent(work, values["id"])
    if faults:
        raise InvalidSchoolError(faults[0].reason, faults=faults)


def _faults_of_life(values: Mapping[str, Any]) -> Iterator[Fault]:
    opened_on, closed_on = values.get("opened_on"), values.get("closed_on")
    if opened_on is not None and closed_on is not None and closed_on <= opened_on:
        yield Fault(
            reason=Text(
                f"Школа закрыта не позже, чем открыта ({opened_on}).",
                f"The school is closed no later than it is opened ({opened_on}).",
            ),
            column="closed_on",
            value=str(closed_on),
        )


def _faults_of_branch(
    values: Mapping[str, Any], parent: AnyRow | None
) -> Iterator[Fault]:
    value = str(values["parent_id"])
    if values["kind"] != BRANCH:
        reason = Text(
            "Головная школа бывает только у филиала (kind = branch).",
            "Only a branch (kind = branch) has a parent school.",
        )
        yield Fault(reason=reason, column="parent_id", value=value)
    of_same = parent is not None and (
        parent.municipality_id == values["municipality_id"]
        and parent.kind != BRANCH
        and parent.id != values.get("id")
    )
    if not of_same:
        reason = Text(
            "Головная школа — школа того же муниципалитета, сама не филиал.",
            "A parent is a school of the same municipality that is no branch itself.",
        )
        yield Fault(reason=reason, column="parent_id", value=value)


async def _faults_of_parent(work: Work, school_id: int) -> list[Fault]:
    if not await school_repository.has_branches(work, school_id):
        return []
    reason = Text(
        "У школы есть свои филиалы: сначала укажите им другую головную школу.",
        "The school has branches itself: name another parent school of theirs first.",
    )
    return [Fault(reason=reason, column="kind", value=BRANCH)]


async def _tell(
    work: Work,
    school: Mapping[str, Any],
    school_id: int,
    action: str,
    changes: Changes,
    *,
    reason: str | None = None,
) -> None:
    await record_change(
        work,
        "school",
        action,
        changes,
        municipality_id=school["municipality_id"],
        entity_id=school_id,
        school_id=school_id,
        reason=reason,
    )
    await record(
        work,
        EventKind.SCHOOLS_CHANGED,
        municipality_id=school["municipality_id"],
        school_id=school_id,
        payload={"school_id": school_id, "action": action},
    )


async def _read(work: Work, school_id: int) -> AnyRow:
    row = await school_repository.find_school(work, school_id)
    if row is None:
        raise unknown_school(school_id)
    return row
