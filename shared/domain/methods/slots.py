"""Where methods are in force, and how many of a kind may be so at a time."""

from dataclasses import dataclass
from typing import Final

# Of these kinds schools are looked at by several methods side by side.
SEVERAL_AT_A_TIME: Final = frozenset({"identification"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodPlace:
    """A municipality, a region or, with neither, everywhere."""

    region_id: int | None = None
    municipality_id: int | None = None

    @property
    def is_everywhere(self) -> bool:
        """Whether it is all of the system."""
        return self.region_id is None and self.municipality_id is None


EVERYWHERE: Final = MethodPlace()


def slot_of(kind: str, code: str) -> str:
    """Return what a method takes: in one place one method has it in a year.

    >>> slot_of("ranking", "by-marks"), slot_of("identification", "federal-2020")
    ('ranking', 'identification:federal-2020')
    """
    return f"{kind}:{code}" if kind in SEVERAL_AT_A_TIME else kind
