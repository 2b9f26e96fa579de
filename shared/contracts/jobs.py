"""Jobs that services ask of the workers, and the seam to whatever queue carries them.

A job is a doorbell: it carries ids only, may be lost or rung twice, and the worker
looks into the database for what is to be done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

SCORING_QUEUE = "podyom:scoring"
NOTIFIER_QUEUE = "podyom:notifier"


class JobName(StrEnum):
    """Names of the workers' functions."""

    RECALCULATE = "recalculate"
    REMIND = "remind"


@dataclass(frozen=True, slots=True)
class Job:
    """One ring: `job_id` is new for every ring, since a used one may be ignored."""

    queue: str
    name: JobName
    municipality_id: int
    job_id: str


class Queue(Protocol):
    """What carries jobs to workers: arq over Valkey, or a list in a test."""

    async def enqueue(self, jobs: Sequence[Job]) -> None:
        """Hand the jobs over; raises `ConnectionError` where that is impossible."""
