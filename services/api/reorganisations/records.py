"""Plain values that the parts of this feature hand each other."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Ancestor:
    """A school that another came from or went over into, `steps` away."""

    school_id: int
    name: str
    steps: int
    takes_effect_on: date
    reorganisation_id: int


@dataclass(frozen=True, slots=True)
class OpenAgreement:
    """An agreement that a school is still a party to."""

    id: int
    school_id: int
