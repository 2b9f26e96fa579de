"""Drafting and editing mentoring agreements."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from services.api.http.auth import Actor
from services.api.http.preconditions import Expected
from services.api.mentoring import lookups, repository
from services.api.mentoring.locking import lock_agreement
from services.api.mentoring.records import Content
from services.api.mentoring.trace import leave_trace
from shared.domain.agreement_guards import check_draft, check_plan
from shared.domain.agreements import Agreement, AgreementStatus
from shared.domain.errors import ConflictError, Text
from shared.persistence.audit import created, difference
from shared.persistence.work import Work

CREATE = "create"
EDIT = "edit"


class AgreementAcrossMunicipalitiesError(ConflictError):
    """The programme is of a municipality that neither school belongs to."""

    code = "agreement_across_municipalities"
    title = Text("Программа чужого муниципалитета", "Another municipality's programme")


class AgreementNotDraftError(ConflictError):
    """The content of an agreement can be changed only while it is a draft."""

    code = "agreement_not_draft"
    title = Text("Договор уже не черновик", "The agreement is no longer a draft")


@dataclass(frozen=True, slots=True)
class Draft:
    """What an agreement is drafted from."""

    programme_id: int
    mentor_school_id: int
    mentee_school_id: int
    content: Content


async def create(work: Work, actor: Actor, draft: Draft) -> int:
    """Write a draft and return its id.

    Raises:
        NotFoundError: The caller sees no such programme or school.
        AgreementAcrossMunicipalitiesError: The programme is of neither school's.
        DomainError: The draft can never become an agreement, or exists already.
    """
    municipality_id = await lookups.require_programme(work, draft.programme_id)
    mentor_municipality = await lookups.require_school(work, draft.mentor_school_id)
    mentee_municipality = await lookups.require_school(work, draft.mentee_school_id)
    content = draft.content
    agreement = Agreement(
        mentor_school_id=draft.mentor_school_id,
        mentee_school_id=draft.mentee_school_id,
        mentor_municipality_id=mentor_municipality,
        mentee_municipality_id=mentee_municipality,
        problem=content.problem,
        starts_on=content.starts_on,
        ends_on=content.ends_on,
        goals=content.goals,
        plan_measures=len(content.plan),
    )
    check_draft(agreement)
    _check_plan(content)
    concerned = frozenset({mentor_municipality, mentee_municipality})
    _check_home(municipality_id, concerned)
    agreement_id = await repository.insert_draft(
        work,
        agreement,
        home=municipality_id,
        programme_id=draft.programme_id,
        shared_datasets=content.shared_datasets,
        author=actor.user_id,
    )
    await repository.replace_plan(
        work, agreement_id, content.plan, municipality_id=municipality_id
    )
    await repository.insert_event(
        work,
        agreement_id,
        municipality_id=municipality_id,
        action=CREATE,
        author=actor.user_id,
        before=None,
        after=agreement.status,
    )
    parties = {
        "programme_id": draft.programme_id,
        "mentor_school_id": draft.mentor_school_id,
        "mentee_school_id": draft.mentee_school_id,
        "status": agreement.status,
    }
    await leave_trace(
        work,
        agreement_id,
        CREATE,
        created(parties | asdict(content)),
        municipality_id=municipality_id,
        concerned=concerned,
        status=agreement.status,
    )
    return agreement_id


async def edit(
    work: Work,
    actor: Actor,
    agreement_id: int,
    changes: dict[str, Any],
    *,
    expected: Expected,
) -> None:
    """Change fields of a draft's content; without any change, leave no trace.

    Raises:
        NotFoundError: The caller sees no such agreement.
        PreconditionFailedError: It has another version than expected.
        AgreementNotDraftError: It has been proposed already.
        DomainError: The draft could never become an agreement, or exists already.
    """
    locked = await lock_agreement(work, agreement_id)
    expected.check(locked.version)
    status = locked.agreement.status
    if status is not AgreementStatus.DRAFT:
        raise AgreementNotDraftError(
            Text(
                "Содержание меняют только в черновике, а этот договор уже предложен "
                "или закрыт: расторгните его и составьте новый.",
                "Only a draft's content can be changed, and this agreement has been "
                "proposed or closed: terminate it and draft a new one.",
            )
        )
    content = replace(locked.content, **changes)
    if content == locked.content:
        return
    check_draft(
        replace(locked.agreement, starts_on=content.starts_on, ends_on=content.ends_on)
    )
    _check_plan(content)
    await repository.update_content(work, agreement_id, content)
    await repository.replace_plan(
        work, agreement_id, content.plan, municipality_id=locked.municipality_id
    )
    await repository.insert_event(
        work,
        agreement_id,
        municipality_id=locked.municipality_id,
        action=EDIT,
        author=actor.user_id,
        before=status,
        after=status,
    )
    await leave_trace(
        work,
        agreement_id,
        EDIT,
        difference(asdict(locked.content), asdict(content)),
        municipality_id=locked.municipality_id,
        concerned=locked.concerned,
        status=status,
    )


def _check_plan(content: Content) -> None:
    check_plan(
        [measure.due_on for measure in content.plan],
        starts_on=content.starts_on,
        ends_on=content.ends_on,
    )


def _check_home(municipality_id: int, concerned: frozenset[int]) -> None:
    if municipality_id not in concerned:
        raise AgreementAcrossMunicipalitiesError(
            Text(
                "Ни одна из двух школ не относится к муниципалитету этой программы. "
                "Выберите программу муниципалитета одной из школ.",
                "Neither school is of the municipality of this programme. Choose a "
                "programme of one of the schools' municipalities.",
            )
        )
