"""Who can mentor, who needs a mentor, and professional deficits.

Persons are never named: rows tell positions and subjects.
"""

from services.api.datasets.columns import column, given
from services.api.datasets.dataset import of_school
from services.api.datasets.recording import Recording
from shared.domain.errors import Text
from shared.domain.mentor_bank import (
    Bank,
    DeficitBearer,
    DeficitKind,
    DeficitSource,
    OfferStatus,
    RequestStatus,
    Urgency,
)
from shared.domain.mentor_matches import require_open_row
from shared.domain.permissions import Permission
from shared.domain.record_rules import in_order, not_in_the_future, without_initials
from shared.persistence.tables.mentor_bank import (
    DeficitRow,
    MentorOfferRow,
    MentorRequestRow,
)

_OFFER = MentorOfferRow.__table__.c
_REQUEST = MentorRequestRow.__table__.c
_DEFICIT = DeficitRow.__table__.c

MENTOR_OFFERS = of_school(
    "mentor-offers",
    Text("Банк наставников", "Bank of mentors"),
    Permission.MENTOR_BANK_READ,
    MentorOfferRow,
    None,
    column(_OFFER.bank, "Банк", "Bank", allowed=list(Bank)),
    column(_OFFER.position, "Должность", "Position"),
    column(_OFFER.subject, "Предмет", "Subject"),
    column(_OFFER.problem, "С чем поможет", "What it helps with"),
    column(_OFFER.capacity, "Мест", "Places", least=1, most=99),
    column(_OFFER.valid_from, "Действует с", "Valid from"),
    column(_OFFER.valid_to, "Действует по", "Valid to"),
    column(_OFFER.status, "Состояние", "Status", allowed=list(OfferStatus)),
    recording=Recording(
        rows=MentorOfferRow,
        entity="mentor_offer",
        permission=Permission.MENTOR_BANK_WRITE,
        key=("school_id", "position", "problem", "valid_from"),
        rules=(in_order("valid_from", "valid_to"), without_initials("position")),
        filters=("bank", "subject", "status"),
        sorts=("valid_from",),
        locked_with_year=False,
        example={
            "school_id": 1,
            "bank": "district",
            "position": "Учитель математики высшей категории",
            "subject": "mathematics",
            "problem": "Математика в 5–6 классах",
            "capacity": 2,
            "valid_from": "2020-09-01",
            "valid_to": "2021-05-31",
            "status": "open",
        },
    ),
)

MENTOR_REQUESTS = of_school(
    "mentor-requests",
    Text("Нуждающиеся в наставничестве", "Requests for a mentor"),
    Permission.MENTOR_BANK_READ,
    MentorRequestRow,
    "asked_on",
    column(_REQUEST.position, "Должность или команда", "Position or team"),
    column(_REQUEST.subject, "Предмет", "Subject"),
    column(_REQUEST.problem, "Проблема", "Problem"),
    column(_REQUEST.urgency, "Срочность", "Urgency", allowed=list(Urgency)),
    column(_REQUEST.asked_on, "Дата", "Asked on"),
    given(_REQUEST.status, "Состояние", "Status", allowed=list(RequestStatus)),
    recording=Recording(
        rows=MentorRequestRow,
        entity="mentor_request",
        permission=Permission.MENTOR_BANK_WRITE,
        key=("school_id", "position", "problem", "asked_on"),
        rules=(not_in_the_future("asked_on"), without_initials("position")),
        filters=("subject", "urgency", "status"),
        guard=require_open_row,
        sorts=("asked_on",),
        locked_with_year=False,
        example={
            "school_id": 1,
            "position": "Учителя математики",
            "subject": "mathematics",
            "problem": "Математика в 5–6 классах",
            "urgency": "high",
            "asked_on": "2020-09-10",
        },
    ),
)

DEFICITS = of_school(
    "deficits",
    Text("Профессиональные дефициты", "Professional deficits"),
    Permission.MENTOR_BANK_READ,
    DeficitRow,
    "observed_on",
    column(_DEFICIT.bearer, "Чей", "Whose", allowed=list(DeficitBearer)),
    column(_DEFICIT.position, "Должность или команда", "Position or team"),
    column(_DEFICIT.subject, "Предмет", "Subject"),
    column(_DEFICIT.kind, "Вид", "Kind", allowed=list(DeficitKind)),
    column(_DEFICIT.description, "Описание", "Description"),
    column(_DEFICIT.source, "Как выявлен", "Noticed by", allowed=list(DeficitSource)),
    column(_DEFICIT.observed_on, "Дата", "Observed on"),
    column(_DEFICIT.closed_on, "Закрыт", "Closed on"),
    recording=Recording(
        rows=DeficitRow,
        entity="deficit",
        permission=Permission.MENTOR_BANK_WRITE,
        key=("school_id", "bearer", "position", "kind", "observed_on"),
        rules=(
            in_order("observed_on", "closed_on"),
            not_in_the_future("observed_on"),
            not_in_the_future("closed_on"),
            without_initials("position"),
        ),
        filters=("bearer", "subject", "kind", "source"),
        sorts=("observed_on",),
        locked_with_year=False,
        example={
            "school_id": 1,
            "bearer": "team",
            "position": "Учителя математики",
            "subject": "mathematics",
            "kind": "methodical",
            "source": "lesson_visit",
            "observed_on": "2020-09-10",
        },
    ),
)

DATASETS = (MENTOR_OFFERS, MENTOR_REQUESTS, DEFICITS)
