"""Who may do what with a mentoring agreement."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from enum import StrEnum
from types import MappingProxyType

from shared.domain.agreement_terms import (
    ACTION_NAMES,
    Action,
    Agreement,
    Identifier,
    Side,
)
from shared.domain.errors import ForbiddenError, Text


class Performer(StrEnum):
    """The places from which a person can deal with one agreement."""

    MENTOR_SCHOOL = "mentor_school"  # an editor of the mentor school
    MENTEE_SCHOOL = "mentee_school"
    MENTOR_MUNICIPALITY = "mentor_municipality"  # a coordinator there
    MENTEE_MUNICIPALITY = "mentee_municipality"


_SCHOOLS = frozenset({Performer.MENTOR_SCHOOL, Performer.MENTEE_SCHOOL})
_COORDINATORS = frozenset(
    {Performer.MENTOR_MUNICIPALITY, Performer.MENTEE_MUNICIPALITY}
)

# A coordinator records a signature that was given on paper.
SIGNERS: Mapping[Side, frozenset[Performer]] = MappingProxyType(
    {
        Side.MENTOR: frozenset(
            {Performer.MENTOR_SCHOOL, Performer.MENTOR_MUNICIPALITY}
        ),
        Side.MENTEE: frozenset(
            {Performer.MENTEE_SCHOOL, Performer.MENTEE_MUNICIPALITY}
        ),
    }
)

CONFIRMERS: Mapping[Side, frozenset[Performer]] = MappingProxyType(
    {
        Side.MENTOR: frozenset({Performer.MENTOR_MUNICIPALITY}),
        Side.MENTEE: frozenset({Performer.MENTEE_MUNICIPALITY}),
    }
)

PERFORMERS: Mapping[Action, frozenset[Performer]] = MappingProxyType(
    {
        Action.PROPOSE: _SCHOOLS | _COORDINATORS,
        Action.CONFIRM: _COORDINATORS,
        Action.SIGN: SIGNERS[Side.MENTOR] | SIGNERS[Side.MENTEE],
        Action.ACTIVATE: _COORDINATORS,
        Action.SUSPEND: _COORDINATORS,
        Action.RESUME: _COORDINATORS,
        Action.COMPLETE: _COORDINATORS,
        Action.TERMINATE: _COORDINATORS,
    }
)


class AgreementForbiddenError(ForbiddenError):
    """The caller may not do this with this agreement."""

    code = "agreement_forbidden"
    title = Text("Это действие вам не разрешено", "You may not perform this action")

    def __init__(self, action: Action) -> None:
        super().__init__(
            Text(
                f"Вам нельзя {ACTION_NAMES[action].ru} этот договор. Предлагают его "
                "обе школы и координатор муниципалитета; за школу подписывает она "
                "сама или её координатор; остальное делает координатор.",
                f"You may not {ACTION_NAMES[action].en} this agreement. Either school "
                "or a coordinator proposes it; a school or its coordinator gives the "
                "school's signature; the rest is for a coordinator.",
            )
        )


def performers(
    agreement: Agreement,
    *,
    edits_school: Identifier | None = None,
    coordinates_municipality: Identifier | None = None,
    coordinates_all: bool = False,
) -> frozenset[Performer]:
    """Return from which places this person stands towards `agreement`.

    Args:
        agreement: The agreement in question.
        edits_school: The school whose editor the person is, if any.
        coordinates_municipality: The municipality the person coordinates, if any.
        coordinates_all: Whether the person stands for every municipality.
    """
    places: dict[Performer, tuple[Identifier, Identifier | None]] = {
        Performer.MENTOR_SCHOOL: (agreement.mentor_school_id, edits_school),
        Performer.MENTEE_SCHOOL: (agreement.mentee_school_id, edits_school),
        Performer.MENTOR_MUNICIPALITY: (
            agreement.mentor_municipality_id,
            coordinates_municipality,
        ),
        Performer.MENTEE_MUNICIPALITY: (
            agreement.mentee_municipality_id,
            coordinates_municipality,
        ),
    }
    stands = frozenset(
        performer
        for performer, (wanted, own) in places.items()
        if own is not None and own == wanted
    )
    return stands | _COORDINATORS if coordinates_all else stands


def may_perform(
    action: Action, *, by: AbstractSet[Performer], side: Side | None = None
) -> bool:
    """Say whether a place in `by` is allowed `action`, for `side` where it matters."""
    if action is Action.SIGN and side is not None:
        return not SIGNERS[side].isdisjoint(by)
    if action is Action.CONFIRM and side is not None:
        return not CONFIRMERS[side].isdisjoint(by)
    return not PERFORMERS[action].isdisjoint(by)


def check_performer(
    action: Action, *, by: AbstractSet[Performer], side: Side | None = None
) -> None:
    """Refuse a person who may not perform `action`.

    Raises:
        AgreementForbiddenError: None of the places `by` is allowed it.
    """
    if not may_perform(action, by=by, side=side):
        raise AgreementForbiddenError(action)
