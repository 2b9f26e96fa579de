"""Issuing addresses of feeds, revoking them, and reading with one."""

import secrets
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from services.api.feeds import repository
from services.api.feeds.records import Feed
from services.api.feeds.schemas import FeedIn
from services.api.http.auth import Actor
from services.api.http.people import require_person
from shared.domain.errors import Fault, InvalidInputError, NotFoundError, Text
from shared.domain.permissions import GRANTS, Permission, Role
from shared.persistence.audit import created, difference, record_change
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work
from shared.runtime.clock import system_now

RANDOM_BYTES = 32
_NAMES = {
    "person": Text("Подъём: мои сроки", "Podyom: my deadlines"),
    "school": Text("Подъём: сроки школы", "Podyom: deadlines of the school"),
    "municipality": Text(
        "Подъём: сроки муниципалитета", "Podyom: deadlines of the municipality"
    ),
}


class FeedNotFoundError(NotFoundError):
    """There is no such feed, for whatever reason; a revoked one is none."""

    code = "feed_not_found"
    title = Text("Календарь не найден", "Feed not found")


@dataclass(frozen=True, slots=True)
class _Place:
    municipality_id: int
    school_id: int | None


async def issue(
    work: Work, actor: Actor, wanted: FeedIn, *, language: str
) -> tuple[AnyRow, str]:
    """Make a feed; return it, and the only copy of its secret.

    Raises:
        ForbiddenError: a program asks; feeds are people's.
        InvalidInputError: it is not clear whose deadlines are meant.
        NotFoundError: the caller sees no such school or municipality.
    """
    await require_person(actor)
    place = await _place(work, actor, wanted)
    secret = secrets.token_urlsafe(RANDOM_BYTES)
    values = {
        "user_id": actor.user_id,
        "kind": wanted.kind,
        "municipality_id": place.municipality_id,
        "school_id": place.school_id,
        "name": wanted.name or _NAMES[wanted.kind].in_language(language),
    }
    feed_id = await repository.insert_feed(
        work, values | {"token_hash": hash_of(secret), "created_at": system_now()}
    )
    await record_change(
        work,
        "feed",
        "create",
        created({"kind": wanted.kind}),
        municipality_id=place.municipality_id,
        entity_id=feed_id,
        school_id=place.school_id,
    )
    return await find(work, feed_id), secret


async def revoke(work: Work, feed_id: int) -> None:
    """End a feed at once; ending it again changes nothing.

    Raises:
        FeedNotFoundError: the caller has no such feed.
    """
    feed = await find(work, feed_id)
    now = system_now()
    if not await repository.revoke_feed(work, feed_id, now=now):
        return
    await record_change(
        work,
        "feed",
        "revoke",
        difference({"revoked_at": None}, {"revoked_at": now}),
        municipality_id=feed.municipality_id,
        entity_id=feed_id,
        school_id=feed.school_id,
    )


async def find(work: Work, feed_id: int) -> AnyRow:
    """Return a feed of the caller.

    Raises:
        FeedNotFoundError: the caller has no such feed.
    """
    found = await repository.find_feed(work, feed_id)
    if found is None:
        raise _no_feed()
    return found


async def enter(work: Work, secret: str) -> tuple[Feed, str, date]:
    """Open the transaction to what the feed shows; return it, its zone and its day.

    Raises:
        FeedNotFoundError: the secret is no feed's, it was revoked, or its account may
            not see it any more.
    """
    feed = await repository.enter_as_feed(work, hash_of(secret))
    if feed is None or Permission.DEADLINES_READ not in GRANTS[Role(feed.role)]:
        raise _no_feed()
    zone = await repository.read_time_zone(work, feed.municipality_id)
    return feed, zone, work.today_in(zone)


def hash_of(secret: str) -> bytes:
    """Return what is kept of a secret; it is random, so that no salt is needed."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()


async def _place(work: Work, actor: Actor, wanted: FeedIn) -> _Place:
    municipality_id, school_id = wanted.municipality_id, wanted.school_id
    match wanted.kind:
        case "person":
            municipality_id, school_id = actor.municipality_id, actor.school_id
        case "school":
            school_id = school_id or actor.school_id
        case "municipality":
            municipality_id = municipality_id or actor.municipality_id
            school_id = None
    column = "school_id" if wanted.kind == "school" else "municipality_id"
    if (school_id if wanted.kind == "school" else municipality_id) is None:
        raise _unclear(column)
    found = await repository.find_place(
        work, municipality_id=municipality_id, school_id=school_id
    )
    is_too_wide = wanted.kind == "municipality" and actor.school_id is not None
    is_partners = actor.school_id is not None and school_id != actor.school_id
    if found is None or is_too_wide or is_partners:
        raise _no_place(column)
    return _Place(found.municipality_id, school_id)


def _unclear(column: str) -> InvalidInputError:
    reason = Text(
        f"Неясно, чьи сроки нужны: укажите {column}.",
        f"It is not clear whose deadlines are meant: state {column}.",
    )
    return InvalidInputError(reason, faults=[Fault(reason=reason, column=column)])


def _no_place(column: str) -> NotFoundError:
    reason = Text(
        "Такой школы или муниципалитета нет, или их сроки вам недоступны.",
        "There is no such school or municipality, or its deadlines are not accessible "
        "to you.",
    )
    return NotFoundError(reason, faults=[Fault(reason=reason, column=column)])


def _no_feed() -> FeedNotFoundError:
    return FeedNotFoundError(
        Text(
            "Такого календаря нет, или его адрес отозван.",
            "There is no such feed, or its address was revoked.",
        )
    )
