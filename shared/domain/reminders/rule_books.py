"""The rules of a municipality, found by the deadline that they are for."""

from dataclasses import dataclass
from datetime import date

from shared.domain.deadlines import DeadlineKind
from shared.domain.reminders.rules import (
    ReminderRules,
    RuleChange,
    RuleSet,
    changed,
)

# Which part of the tree rules are for: a programme or a measure, and a kind.
Place = tuple[int | None, int | None, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """Something owed by `school_id`, or by the municipality itself where it is None.

    `changed_on` is the day of the last change: of the submission, while it is
    submitted. `programme_id` is that of a measure's programme.
    """

    id: int
    kind: str
    school_id: int | None
    due_on: date
    state: str
    changed_on: date
    measure_id: int | None = None
    programme_id: int | None = None


class RuleBook:
    """The rules of one municipality: the installation's, as it has changed them."""

    def __init__(
        self, installation: ReminderRules, changes: dict[Place, RuleChange]
    ) -> None:
        """Find rules by the places that `changes` are for."""
        self._installation = installation
        self._changes = changes
        self._found: dict[tuple[int | None, int | None, str], RuleSet] = {}

    def of(self, deadline: Deadline) -> RuleSet:
        """Return the rules for a deadline."""
        key = (deadline.programme_id, deadline.measure_id, deadline.kind)
        if key not in self._found:
            self._found[key] = changed(
                self._installation.of_kind(DeadlineKind(deadline.kind)),
                [
                    change
                    for _, change in self.changes_at(
                        deadline.programme_id, deadline.measure_id, deadline.kind
                    )
                ],
            )
        return self._found[key]

    def changes_at(
        self, programme_id: int | None, measure_id: int | None, kind: str | None
    ) -> list[tuple[Place, RuleChange]]:
        """Return what was changed for a part, from the farthest to the nearest."""
        places: list[Place] = [
            (None, None, None),
            (None, None, kind),
            (programme_id, None, None),
            (None, measure_id, None),
        ]
        return [
            (place, self._changes[place])
            for place in dict.fromkeys(places)
            if place in self._changes
        ]

    def change_at(self, place: Place) -> RuleChange | None:
        """Return what was decided for just this part."""
        return self._changes.get(place)

    def all_rule_sets(self) -> list[RuleSet]:
        """Return rule sets among which is the one with the longest lead."""
        base = [self._installation.of_kind(kind) for kind in DeadlineKind]
        return [
            *base,
            *(changed(base[0], [change]) for change in self._changes.values()),
        ]

    def with_change(self, place: Place, change: RuleChange | None) -> "RuleBook":
        """Return the book as it would be with another change; None inherits."""
        changes = {**self._changes}
        changes.pop(place, None)
        if change is not None:
            changes[place] = change
        return RuleBook(self._installation, changes)
