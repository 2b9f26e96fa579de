"""Delivering reminders by mail: taken on lease, sent one by one, recorded at once.

A process that dies leaves its lease to run out, and another then sends with the same
Message-ID: only the mail whose acceptance was not yet recorded is sent twice.
"""

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from services.notifier.channels.envelopes import Mailbox, UnsafeHeaderError, build_mail
from services.notifier.channels.mail import (
    MailServerError,
    MailSession,
    PermanentMailError,
    TemporaryMailError,
)
from services.notifier.channels.messages import one_line
from services.notifier.channels.smtp_url import SmtpServer
from services.notifier.planning.retries import delay_after
from services.notifier.planning.rules import ReminderRules
from services.notifier.repository import deliveries as repository
from services.notifier.usecases.taking import Letter, take
from shared.domain.errors import Text
from shared.persistence.engine import Database
from shared.persistence.outages import is_outage
from shared.persistence.work import Work, begin_as_system
from shared.runtime.clock import system_now

log = structlog.stdlib.get_logger()

BATCH = 50
LEASE = timedelta(seconds=60)
SEND_SECONDS = 40.0  # for one mail, connecting included
MARGIN = timedelta(seconds=5)  # to record the last mail before the lease runs out
RECORD_AGAIN_SECONDS = 0.5
RELEASE_SECONDS = 0.5
LEAST_LEASE = timedelta(seconds=SEND_SECONDS) + MARGIN

SENDER_NAME = Text("Подъём: напоминания", "Podyom reminders")
_ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")


@dataclass(frozen=True, slots=True)
class Sender:
    """Where mail is handed in, and whose name it bears; `domain` is its host's."""

    server: SmtpServer
    address: str
    domain: str


@dataclass(slots=True)
class MailRoom:
    """Sends reminders by mail, batch by batch, until `is_stopping`."""

    engine: Database
    rules: ReminderRules
    sender: Sender
    is_stopping: bool = False

    async def send_batch(self) -> bool:
        """Send a batch over one connection; return whether more may be waiting."""
        until = system_now() + LEASE
        async with begin_as_system(self.engine) as work:
            taken = await take(
                work, "mail", self.rules, at=system_now(), limit=BATCH, until=until
            )
        waiting = deque(taken.letters)
        reason: str | None = None
        try:
            async with self._session() as session:
                while waiting and not self.is_stopping and _has_time(until):
                    # What was begun stays leased, since its fate may be unknown.
                    letter = waiting.popleft()
                    try:
                        await self._deliver(session, letter)
                    except MailServerError as error:
                        waiting.appendleft(letter)
                        reason = presentable(str(error))
                        log.warning("mail_server_refuses", error=reason)
                        break
        finally:
            await self._give_back(waiting, until, reason)
        return reason is None and (taken.is_full or bool(waiting))

    def _session(self) -> MailSession:
        return MailSession(self.sender.server, local_hostname=self.sender.domain)

    async def _deliver(self, session: MailSession, letter: Letter) -> None:
        """Send one mail and record what became of it.

        Raises:
            MailServerError: the server takes no mail at all now; nothing was sent.
        """
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._send(session, letter)
        except MailServerError:
            raise
        except (PermanentMailError, UnsafeHeaderError) as error:
            await self._give_up(letter, str(error))
        except TimeoutError:
            await self._put_off(letter, f"no answer within {SEND_SECONDS:.0f} s")
        except TemporaryMailError as error:
            await self._put_off(letter, str(error))
        except Exception as error:  # one mail never stops the others
            log.exception("mail_failed", message_id=letter.owed.id)
            await self._put_off(letter, type(error).__name__)
        else:
            await self._record_sent(letter)

    async def _send(self, session: MailSession, letter: Letter) -> None:
        owed = letter.owed
        address = owed.email or ""
        mail = build_mail(
            letter.message,
            sender=Mailbox(
                self.sender.address, SENDER_NAME.in_language(owed.language or "ru")
            ),
            recipient=Mailbox(address, owed.recipient_name or ""),
            message_id=owed.message_id,
            sent_at=letter.dated_at,
        )
        await session.send(mail, sender=self.sender.address, recipient=address)

    async def _record_sent(self, letter: Letter) -> None:
        ids = [letter.owed.id]
        await self._record(
            lambda work: repository.mark_sent(work, ids, late=letter.late)
        )

    async def _put_off(self, letter: Letter, reason: str) -> None:
        delay = delay_after(letter.owed.attempts + 1)
        if delay is None:
            await self._give_up(letter, reason)
            return
        log.info("mail_put_off", message_id=letter.owed.id)
        moment = system_now() + delay
        await self._record(
            lambda work: repository.put_off(
                work,
                letter.owed.id,
                next_try_at=moment,
                reason=presentable(reason),
            )
        )

    async def _give_up(self, letter: Letter, reason: str) -> None:
        log.warning("mail_given_up", message_id=letter.owed.id)
        await self._record(
            lambda work: repository.give_up(
                work, letter.owed.id, reason=presentable(reason)
            )
        )

    async def _record(self, change: Callable[[Work], Awaitable[None]]) -> None:
        """Write what became of a mail, however long the database is away.

        Sending anything else before that could send this one twice.
        """
        while True:
            try:
                async with begin_as_system(self.engine) as work:
                    await change(work)
            except Exception as error:
                if not is_outage(error):
                    raise
                log.warning("record_postponed", error=type(error).__name__)
                await asyncio.sleep(RECORD_AGAIN_SECONDS)
            else:
                return

    async def _give_back(
        self, letters: Iterable[Letter], until: datetime, reason: str | None
    ) -> None:
        """Let others have what was not begun; a lease that remains runs out."""
        ids = [letter.owed.id for letter in letters]
        if not ids:
            return
        try:
            async with (
                asyncio.timeout(RELEASE_SECONDS),
                begin_as_system(self.engine) as work,
            ):
                await repository.release(work, ids, leased_until=until, reason=reason)
        except Exception as error:
            if not is_outage(error):
                raise
            log.warning("release_failed", count=len(ids))


def presentable(reason: str) -> str:
    """Return a server's reply as one line in which no address can be read."""
    return _ADDRESS.sub("…", one_line(reason))


def _has_time(until: datetime) -> bool:
    """Tell whether one more mail surely ends before the lease does."""
    return until - system_now() >= LEAST_LEASE
