"""Ending mails by a signed link: for the account that it was sent to."""

from services.api.reminders import preference_repository as repository
from services.api.reminders.preference_repository import Person
from services.api.reminders.preference_usecases import switch_mail_off
from shared.domain.reminders.links import refusal
from shared.domain.reminders.unsubscribing import read_token
from shared.persistence.work import EVERYTHING, Work


async def read(work: Work, token: str, key: bytes) -> Person:
    """Return whose mails a link switches off; nothing is written.

    Raises:
        LinkInvalidError: it is not ours, has expired, or the account was closed.
    """
    await work.enter_as_system(EVERYTHING)
    wish = read_token(token, key, now=work.now)
    person = await repository.read_person(work, wish.account_id)
    if person is None:
        raise refusal()
    if person.municipality_id is not None:
        await work.enter_as_system(person.municipality_id)
    return person


async def use(work: Work, token: str, key: bytes) -> None:
    """Switch off what the account need not be mailed; again changes nothing.

    Raises:
        LinkInvalidError: it is not ours, has expired, or the account was closed.
    """
    await switch_mail_off(work, await read(work, token, key))
