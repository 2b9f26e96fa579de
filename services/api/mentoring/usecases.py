"""Taking mentoring agreements from one step to the next."""

from dataclasses import asdict

from services.api.http.auth import Actor
from services.api.http.preconditions import Expected
from services.api.mentoring import matching, repository
from services.api.mentoring.locking import lock_agreement, weigh
from services.api.mentoring.trace import leave_trace
from services.api.scheduling.agreement_plans import follow_plan
from shared.domain.agreement_evaluation import Evaluation, check_evaluation
from shared.domain.agreement_options import actions_open_to, own_side
from shared.domain.agreement_performers import Performer, check_performer, performers
from shared.domain.agreements import Action, Agreement, Side, apply
from shared.domain.permissions import Permission
from shared.persistence.audit import created, difference
from shared.persistence.work import Work

# What a step adds for a side, as the audit calls it.
SIDED = {Action.SIGN: "signature", Action.CONFIRM: "confirmation"}


async def perform(
    work: Work,
    actor: Actor,
    agreement_id: int,
    action: Action,
    *,
    expected: Expected,
    side: Side | None,
    reason: str | None,
    evaluation: Evaluation | None = None,
) -> None:
    """Take an agreement one step further.

    Raises:
        NotFoundError: The caller sees no such agreement.
        AgreementForbiddenError: The caller may not do this with it.
        PreconditionFailedError: It has another version than expected.
        DomainError: Its status or one of the guards does not allow the step.
    """
    locked = await lock_agreement(work, agreement_id)
    places = places_of(actor, locked.agreement)
    if action in {Action.SIGN, Action.CONFIRM} and side is None:
        side = own_side(action, places)
    check_performer(action, by=places, side=side)
    expected.check(locked.version)
    circumstances = await weigh(work, locked)
    transition = apply(
        locked.agreement,
        action,
        actor=actor.user_id,
        at=work.now,
        circumstances=circumstances,
        side=side,
        reason=reason,
    )
    check_evaluation(action, evaluation)
    number = locked.registry_number
    if number is None and action is Action.PROPOSE:
        number = await repository.give_number(
            work, agreement_id, year=circumstances.today.year
        )
    await repository.save_transition(
        work,
        locked,
        transition,
        today=circumstances.today,
        registry_number=number,
        evaluation=evaluation,
    )
    await matching.settle(work, agreement_id, transition)
    await follow_plan(
        work,
        agreement_id,
        transition.after,
        municipality_id=locked.municipality_id,
        starts_on=locked.agreement.starts_on,
        today=circumstances.today,
    )
    changed = difference(
        {"status": transition.before, "registry_number": locked.registry_number},
        {"status": transition.after, "registry_number": number},
    )
    await leave_trace(
        work,
        agreement_id,
        action,
        {
            **changed,
            **created({SIDED.get(action, ""): transition.side}),
            **created({"evaluation": evaluation and asdict(evaluation)}),
        },
        municipality_id=locked.municipality_id,
        concerned=locked.concerned,
        status=transition.after,
        reason=transition.reason,
    )


def places_of(actor: Actor, agreement: Agreement) -> frozenset[Performer]:
    """Return from which places the caller stands towards an agreement it sees.

    An administrator, who has no municipality, stands where every coordinator does.
    """
    coordinates = actor.may(Permission.AGREEMENTS_WRITE)
    return performers(
        agreement,
        edits_school=actor.school_id,
        coordinates_municipality=actor.municipality_id if coordinates else None,
        coordinates_all=coordinates and actor.municipality_id is None,
    )


def possible_actions(actor: Actor, agreement: Agreement) -> tuple[Action, ...]:
    """Return what the caller may do with the agreement in its present status."""
    if not actor.may(Permission.AGREEMENTS_SIGN):
        return ()
    return actions_open_to(agreement, places_of(actor, agreement))
