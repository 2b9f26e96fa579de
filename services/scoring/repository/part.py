"""What one run covers."""

from dataclasses import dataclass

from shared.contracts.events import Topic


@dataclass(frozen=True, slots=True)
class Part:
    """A topic of an academic year; of the programmes all years together (year 0)."""

    topic: Topic
    year: int
