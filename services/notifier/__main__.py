"""Starts the notifier: `python -m services.notifier`."""

import asyncio
import os
import sys

from sqlalchemy.exc import SQLAlchemyError

from services.notifier.channels.envelopes import UnsafeHeaderError, mail_address
from services.notifier.channels.links import LinkMaker
from services.notifier.channels.mail import Sender
from services.notifier.channels.smtp_url import parse_smtp_url
from services.notifier.worker import Notifier
from shared.domain.errors import DomainError
from shared.domain.reminders.bundles import check_domain
from shared.persistence.engine import create_engine
from shared.persistence.schema import SchemaNotAtHeadError, require_head
from shared.runtime.file_store import open_file_store
from shared.runtime.garbage import collect_rarely
from shared.runtime.logs import configure_logs
from shared.runtime.notifier_settings import NotifierSettings, notifier_settings
from shared.runtime.queue import redis_settings
from shared.runtime.reminder_rules import read_reminder_rules
from shared.runtime.settings import SettingsError
from shared.runtime.startup import refuse, refuse_database, stop_signals
from shared.runtime.tracing import traced

CONNECTIONS = 5  # one of them listens


def sender_of(settings: NotifierSettings) -> Sender:
    """Check the mail settings.

    Raises:
        DomainError: SMTP_URL or the domain of MAIL_FROM cannot be used.
        SettingsError: MAIL_FROM is not an address.
    """
    try:
        address = mail_address(settings.mail_from)
    except UnsafeHeaderError:
        raise SettingsError(
            f"MAIL_FROM={settings.mail_from}: нужен адрес вида podyom@example.ru.",
            f"MAIL_FROM={settings.mail_from}: it must be like podyom@example.ru.",
        ) from None
    domain = address.rpartition("@")[2].lower()
    check_domain(domain)
    return Sender(parse_smtp_url(settings.smtp_url), address, domain)


def check_queue(settings: NotifierSettings) -> None:
    """Check that the queue's address can be read; the server itself may be away.

    Raises:
        SettingsError: it is not a redis address; the secret in it is not shown.
    """
    try:
        redis_settings(settings.redis_url)
    except (RuntimeError, ValueError):
        raise SettingsError(
            "REDIS_URL: нужен адрес вида redis://host:6379/0.",
            "REDIS_URL: it must be like redis://host:6379/0.",
        ) from None


def links_of(settings: NotifierSettings) -> LinkMaker | None:
    """Return what makes the links of messages, where there is an address for them."""
    if settings.links is None:
        return None
    return LinkMaker.of(settings.links.public_url, settings.links.secret_key)


async def run(settings: NotifierSettings) -> None:
    """Check settings and database, then remind until told to stop.

    Raises:
        DomainError: rules or mail settings are wrong.
        SettingsError: a setting is wrong.
        SchemaNotAtHeadError: migrations are missing or newer than this program.
    """
    stop = stop_signals()
    rules = read_reminder_rules()
    sender = sender_of(settings)
    check_queue(settings)
    engine = create_engine(settings.database_url, "notifier", pool_size=CONNECTIONS)
    try:
        await require_head(engine)
        await Notifier(
            engine=engine,
            rules=rules,
            sender=sender,
            redis_url=settings.redis_url,
            smtp_connections=settings.smtp_connections,
            calls_private=settings.calls_private,
            links=links_of(settings),
            files=open_file_store(settings.data_dir / "files", settings.s3),
        ).run(stop)
    finally:
        await engine.dispose()


def main() -> int:
    """Remind until told to stop; return the exit code."""
    configure_logs()
    collect_rarely()
    try:
        settings = notifier_settings(os.environ)
        with traced("notifier", os.environ):
            asyncio.run(run(settings))
    except (SettingsError, SchemaNotAtHeadError) as error:
        return refuse(error.text)
    except DomainError as error:
        return refuse(error.detail)
    except (SQLAlchemyError, OSError) as error:
        return refuse_database(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())
