"""A batch of letters on its way."""

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.notifier.repository.endpoints import Endpoint, Owner
from services.notifier.usecases.letters import Letter


@dataclass(slots=True)
class Trip:
    """Letters held until the same moment of the machine's time.

    Those in `waiting` were not begun; `aside` are those of them about which something
    has changed since they were written. `reason` says why nothing more can be sent.
    """

    waiting: deque[Letter]
    until: datetime
    endpoints: Mapping[Owner, Endpoint]
    aside: list[Letter] = field(default_factory=list)
    reason: str | None = None

    def set_aside(self, ids: Collection[int]) -> None:
        """Do not begin the letters with these messages, if they still wait."""
        if not ids:
            return
        letters, self.waiting = self.waiting, deque()
        for letter in letters:
            kept = self.aside if letter.owed.id in ids else self.waiting
            kept.append(letter)
