"""A feed as it is read with its secret."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Feed:
    """What a calendar program asks for, with its account as it is at this moment.

    A person's is what its school owes or, without a school, what the municipality
    itself does; a school's and a municipality's are all that is owed there.
    """

    feed_id: int
    kind: str
    name: str
    role: str
    municipality_id: int
    school_id: int | None
    language: str
