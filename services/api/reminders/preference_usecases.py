"""Choosing how one is reminded."""

from services.api.http.auth import Actor
from services.api.http.preconditions import Expected
from services.api.reminders import preference_repository as repository
from services.api.reminders.preference_repository import Person
from services.api.reminders.preference_schemas import PreferencesIn, PreferencesOut
from shared.domain.reminders.preferences import DEFAULT, Mode
from shared.domain.reminders.recipients import MAIL, MESSENGER, WEBHOOK
from shared.persistence.audit import difference, record_change
from shared.persistence.work import Work

CHOSEN = (MAIL, WEBHOOK, MESSENGER)  # the inbox has everything at once


async def read(work: Work, actor: Actor) -> PreferencesOut:
    """Return what the actor chose, or the defaults."""
    return await read_of(work, actor.user_id)


async def read_of(work: Work, user_id: int) -> PreferencesOut:
    """Return what a person chose, or the defaults."""
    row = await repository.read(work, user_id)
    if row.version is None:
        return PreferencesOut(
            **{channel: DEFAULT.mode_of(channel) for channel in CHOSEN},
            quiet_from=DEFAULT.quiet_from,
            quiet_to=DEFAULT.quiet_to,
            digest_at=DEFAULT.digest_at,
            digest_weekday=DEFAULT.weekday,
            zone=DEFAULT.zone,
            language=row.language,
            version=0,
        )
    return PreferencesOut(
        **{channel: row.modes.get(channel, Mode.EACH) for channel in CHOSEN},
        quiet_from=row.quiet_from,
        quiet_to=row.quiet_to,
        digest_at=row.digest_at,
        digest_weekday=row.weekday,
        zone=row.zone,
        language=row.language,
        version=row.version,
    )


async def write(
    work: Work, actor: Actor, expected: Expected, body: PreferencesIn
) -> PreferencesOut:
    """Keep what the actor chose.

    Raises:
        PreconditionFailedError: it has been changed meanwhile.
    """
    await repository.lock_account(work, actor.user_id)
    before = await read(work, actor)
    expected.check(before.version)
    person = Person(actor.user_id, actor.municipality_id, actor.school_id)
    await _keep(work, person, before, body)
    return await read(work, actor)


async def switch_mail_off(work: Work, person: Person) -> None:
    """Keep that a person wants urgent mails only; again changes nothing."""
    await repository.lock_account(work, person.user_id)
    before = await read_of(work, person.user_id)
    if before.mail is Mode.OFF:
        return
    chosen = before.model_dump(exclude={"version"}) | {"mail": Mode.OFF}
    await _keep(work, person, before, PreferencesIn.model_validate(chosen))


async def _keep(
    work: Work, person: Person, before: PreferencesOut, body: PreferencesIn
) -> None:
    values = {
        "municipality_id": person.municipality_id,
        "modes": {channel: getattr(body, channel).value for channel in CHOSEN},
        "quiet_from": body.quiet_from,
        "quiet_to": body.quiet_to,
        "digest_at": body.digest_at,
        "weekday": body.digest_weekday,
        "zone": body.zone,
    }
    await repository.write(work, person.user_id, values, language=body.language)
    await record_change(
        work,
        "reminder_preferences",
        "replace",
        difference(before.model_dump(mode="json"), body.model_dump(mode="json")),
        municipality_id=person.municipality_id,
        school_id=person.school_id,
        entity_id=person.user_id,
    )
