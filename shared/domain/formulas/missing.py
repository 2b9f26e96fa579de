"""What a share of schools does with schools of which too little is known."""

from enum import StrEnum


class MissingPolicy(StrEnum):
    """Whether an undecided school is left out of the denominator or counts as “no”."""

    EXCLUDE = "exclude"
    COUNT_AS_NO = "count_as_no"
