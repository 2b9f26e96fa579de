"""Which offer of a mentor can answer which request, and a request's way to its end.

open → matched → closed; matched → open where the agreement is terminated.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.domain.errors import ConflictError, Text
from shared.domain.mentor_bank import Bank, OfferStatus, RequestStatus


class MentorOfferUnavailableError(ConflictError):
    """The offer is closed, is not the district's, or is not valid all the time."""

    code = "mentor_offer_unavailable"
    title = Text("Предложение недоступно", "The offer is not available")


class MentorOfferFullError(ConflictError):
    """All places of the offer are taken."""

    code = "mentor_offer_full"
    title = Text("В предложении нет мест", "The offer has no free place")


class MentorRequestNotOpenError(ConflictError):
    """The request has found a mentor, or is closed."""

    code = "mentor_request_not_open"
    title = Text("Запрос не открыт", "The request is not open")


class MentorMatchUnfitError(ConflictError):
    """The offer is not for what is requested."""

    code = "mentor_match_unfit"
    title = Text("Предложение не по запросу", "The offer does not fit the request")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An offer of the bank; `taken` counts its agreements that are not closed."""

    school_id: int
    municipality_id: int
    bank: Bank
    subject: str | None
    capacity: int
    valid_from: date
    valid_to: date | None
    status: OfferStatus
    taken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request of the bank."""

    school_id: int
    municipality_id: int
    subject: str | None
    problem: str
    status: RequestStatus


def check_match(
    offer: Offer, request: Request, *, starts_on: date, ends_on: date
) -> None:
    """Refuse to answer the request with the offer, for the first rule that is broken.

    Raises:
        MentorRequestNotOpenError, MentorOfferUnavailableError, MentorMatchUnfitError,
        MentorOfferFullError: as they say.
    """
    require_open(request.status)
    _check_available(offer, starts_on, ends_on)
    if offer.municipality_id != request.municipality_id:
        raise MentorMatchUnfitError(
            Text(
                "Предложение и запрос из разных муниципалитетов: составьте договор "
                "без банка, POST /v1/mentoring-agreements.",
                "The offer and the request are of two municipalities: draft the "
                "agreement without the bank, POST /v1/mentoring-agreements.",
            )
        )
    if (
        None not in {offer.subject, request.subject}
        and offer.subject != request.subject
    ):
        raise MentorMatchUnfitError(
            Text(
                f"Предмет предложения — {offer.subject}, запроса — {request.subject}: "
                "выберите другое предложение.",
                f"The offer is for {offer.subject}, the request for {request.subject}: "
                "choose another offer.",
            )
        )
    if offer.taken >= offer.capacity:
        raise MentorOfferFullError(
            Text(
                f"Все места предложения ({offer.capacity}) заняты: выберите другое "
                "или увеличьте число мест.",
                f"All places of the offer ({offer.capacity}) are taken: choose "
                "another, or raise its number of places.",
            )
        )


def problem_code(problem: str) -> str:
    """Return a problem by which the same words are the same need.

    >>> problem_code(" Математика в 5 классе ")
    'математика в 5 классе'
    """
    return problem.strip().lower()


def require_open(status: RequestStatus) -> None:
    """Refuse to go on with a request that is not open.

    Raises:
        MentorRequestNotOpenError: it is matched or closed.
    """
    if status is RequestStatus.MATCHED:
        raise MentorRequestNotOpenError(
            Text(
                "По запросу уже составлен договор: завершите или расторгните его.",
                "There is an agreement for the request: complete or terminate that.",
            )
        )
    if status is RequestStatus.CLOSED:
        raise MentorRequestNotOpenError(
            Text(
                "Запрос закрыт: внесите новый.",
                "The request is closed: write a new one.",
            )
        )


def require_open_row(values: Mapping[str, Any]) -> None:
    """Refuse to change or remove a request that is not open.

    Raises:
        MentorRequestNotOpenError: it is matched or closed.
    """
    require_open(RequestStatus(values["status"]))


def _check_available(offer: Offer, starts_on: date, ends_on: date) -> None:
    if offer.status is not OfferStatus.OPEN or offer.bank is not Bank.DISTRICT:
        raise MentorOfferUnavailableError(
            Text(
                "Предложение закрыто или действует только в своей школе: выберите "
                "открытое из районного банка.",
                "The offer is closed, or for its own school alone: choose an open one "
                "of the district's bank.",
            )
        )
    is_over = offer.valid_to is not None and ends_on > offer.valid_to
    if starts_on < offer.valid_from or is_over:
        raise MentorOfferUnavailableError(
            Text(
                f"Предложение действует с {offer.valid_from} по "
                f"{offer.valid_to or 'любой день'}: измените срок договора.",
                f"The offer is valid from {offer.valid_from} to "
                f"{offer.valid_to or 'any day'}: change the agreement's period.",
            )
        )
