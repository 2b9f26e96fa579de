"""Who can mentor, who asks for it, and what deficits it answers: the closed lists."""

from enum import StrEnum


class Bank(StrEnum):
    """How far an offer reaches."""

    SCHOOL = "school"
    DISTRICT = "district"


class OfferStatus(StrEnum):
    """Whether an offer can still be taken up."""

    OPEN = "open"
    CLOSED = "closed"


class RequestStatus(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    MATCHED = "matched"
    CLOSED = "closed"


class Urgency(StrEnum):
    """How soon help is needed."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class DeficitBearer(StrEnum):
    """Whose deficit it is; a person is never named."""

    TEAM = "team"
    POSITION = "position"


class DeficitKind(StrEnum):
    """What is lacking."""

    SUBJECT = "subject"
    METHODICAL = "methodical"
    PSYCHOLOGICAL = "psychological"
    COMMUNICATIVE = "communicative"
    DIGITAL = "digital"


class DeficitSource(StrEnum):
    """How it was noticed."""

    SURVEY = "survey"
    LESSON_VISIT = "lesson_visit"
