"""How far two lists of the same schools agree."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAgreement:
    """Counts of schools by whether each of two lists has them."""

    both: int
    only_first: int
    only_second: int
    neither: int

    @property
    def schools(self) -> int:
        """How many schools were compared."""
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa, 1 at full agreement and 0 at that of chance.

        Source: J. Cohen, «A coefficient of agreement for nominal scales» (1960), as
        one division of whole numbers. None where chance alone would agree fully: no
        schools, or both lists have all or none of them.

        >>> lists = ListAgreement(both=20, only_first=5, only_second=10, neither=15)
        >>> lists.kappa
        0.4
        """
        in_first, in_second = self.both + self.only_first, self.both + self.only_second
        by_chance = in_first * (self.schools - in_second) + in_second * (
            self.schools - in_first
        )
        if by_chance == 0:
            return None
        agreed = self.both * self.neither - self.only_first * self.only_second
        return 2 * agreed / by_chance
