"""Who is reached on a day: accounts by their role, or whoever holds a post."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from shared.domain.permissions import Role
from shared.domain.reminders.rules import Audience

INBOX, MAIL, WEBHOOK, MESSENGER = "inbox", "mail", "webhook", "messenger"

# Posts that are asked in turn where mail reaches no account; of each the first by rank
# who is there.
POSTS: dict[Audience, tuple[str, ...]] = {
    Audience.RESPONSIBLE: ("programme_coordinator", "director", "deputy_director"),
    Audience.DIRECTOR: ("director", "deputy_director"),
    Audience.COORDINATOR: ("coordinator",),
    Audience.HEAD: ("head",),
    Audience.ADMINISTRATORS: (),
}
_ROLES: dict[Audience, Role | None] = {
    Audience.RESPONSIBLE: Role.SCHOOL_EDITOR,
    Audience.DIRECTOR: None,
    Audience.COORDINATOR: Role.MUNICIPAL_COORDINATOR,
    Audience.HEAD: None,
    Audience.ADMINISTRATORS: Role.ADMINISTRATOR,
}
_OF_SCHOOL = frozenset({Audience.RESPONSIBLE, Audience.DIRECTOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who signs in; without an address there is the inbox alone.

    `own_channels` are those that the account has set for itself.
    """

    id: int
    role: str
    school_id: int | None
    name: str
    email: str | None
    language: str
    own_channels: tuple[str, ...] = ()

    @property
    def channels(self) -> tuple[str, ...]:
        """Where the account is reached."""
        usual = (INBOX, MAIL) if self.email else (INBOX,)
        return (*usual, *self.own_channels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A contact; `school_id` is None for the education authority's own."""

    role: str
    school_id: int | None
    rank: int
    email: str | None
    absent_from: date | None = None
    absent_to: date | None = None
    bounced_on: date | None = None

    def is_reached(self, today: date) -> bool:
        """Tell whether a mail would reach somebody who is there today."""
        if self.email is None or self.bounced_on is not None:
            return False
        if self.absent_from is None and self.absent_to is None:
            return True
        starts, ends = self.absent_from or date.min, self.absent_to or date.max
        return not starts <= today <= ends


class Recipient(NamedTuple):
    """An account, or whom the audience of a place is reached by through its posts.

    `post` names the audience, not the person: whoever stands in on the day of sending
    is the same recipient. `school_id` is the place's.
    """

    account_id: int | None
    post: str | None
    school_id: int | None


@dataclass(frozen=True, slots=True)
class Reached:
    """A recipient and the channels that lead there today."""

    recipient: Recipient
    channels: tuple[str, ...]


class Directory:
    """The accounts and posts of one municipality, and those of the administrators."""

    def __init__(
        self,
        accounts: Iterable[Account],
        posts: Iterable[Post],
        school_channels: Mapping[int, tuple[str, ...]] | None = None,
    ) -> None:
        """Order what there is; posts of one role go by their rank.

        `school_channels` are those that schools have set for themselves, by number.
        """
        self._school_channels = school_channels or {}
        self._accounts: defaultdict[tuple[str, int | None], list[Account]]
        self._accounts = defaultdict(list)
        for account in accounts:
            self._accounts[account.role, account.school_id].append(account)
        self._posts: defaultdict[tuple[str, int | None], list[Post]]
        self._posts = defaultdict(list)
        for post in sorted(posts, key=lambda each: each.rank):
            self._posts[post.role, post.school_id].append(post)

    def reached(
        self, audience: Audience, school_id: int | None, today: date
    ) -> list[Reached]:
        """Return whom an audience of a school's deadline is today; maybe nobody.

        Every account with the audience's role is told. Where mail reaches none, it
        goes to one who holds a post: the first by rank who is there and whose mail
        does not come back. What is for a school goes over its own channels as well.
        """
        if audience is Audience.RESPONSIBLE and school_id is None:
            audience = Audience.COORDINATOR
        place = school_id if audience in _OF_SCHOOL else None
        role = _ROLES[audience]
        accounts = self._accounts[role, place] if role is not None else []
        people = [
            Reached(Recipient(account.id, None, place), account.channels)
            for account in accounts
        ]
        channels: tuple[str, ...] = ()
        by_mail = any(MAIL in account.channels for account in accounts)
        if not by_mail and self.address(audience, place, today) is not None:
            channels = (MAIL,)
        if audience is Audience.RESPONSIBLE and place is not None:
            channels += self._school_channels.get(place, ())
        if not channels:
            return people
        return [*people, Reached(Recipient(None, audience, place), channels)]

    def address(
        self, audience: Audience, school_id: int | None, today: date
    ) -> str | None:
        """Return where a mail to the audience's posts goes today, if anywhere."""
        for role in POSTS[audience]:
            for post in self._posts[role, school_id]:
                if post.is_reached(today):
                    return post.email
        return None
