"""The rules of a municipality, found by the deadline that they are for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

from shared.domain.deadlines import DeadlineKind
from shared.domain.reminders.rules import (
    ReminderRules,
    RuleChange,
    RuleSet,
    changed,
)

# Which part of the tree rules are for: a programme or a measure, and a kind.
Place = tuple[int | None, int | None, str | None]
Scope = Literal["installation", "region", "municipality", "programme", "measure"]
K = TypeVar("K")


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


@dataclass(frozen=True, slots=True)
class PlacedChange:
    """A change that a part is under: whose, and for which kind of deadline."""

    scope: Scope
    kind: str | None
    change: RuleChange


class RuleBook:
    """The rules of one municipality: the installation's as the region has changed them.

    What the municipality decides itself is nearer, and counts before the region's.
    """

    def __init__(
        self,
        installation: ReminderRules,
        changes: Mapping[Place, RuleChange],
        regional: Mapping[str | None, RuleChange] | None = None,
    ) -> None:
        """Find rules by the places of `changes`, and the kinds of the `regional`."""
        self._installation = installation
        self._changes = changes
        self._regional = regional or {}
        self._found: dict[tuple[int | None, int | None, str], RuleSet] = {}

    def of(self, deadline: Deadline) -> RuleSet:
        """Return the rules for a deadline."""
        key = (deadline.programme_id, deadline.measure_id, deadline.kind)
        if key not in self._found:
            self._found[key] = changed(
                self._installation.of_kind(DeadlineKind(deadline.kind)),
                [found.change for found in self.changes_at(*key)],
            )
        return self._found[key]

    def changes_at(
        self, programme_id: int | None, measure_id: int | None, kind: str | None
    ) -> list[PlacedChange]:
        """Return what was changed for a part, from the farthest to the nearest."""
        kinds = dict.fromkeys((None, kind))
        scopes: dict[Place, Scope] = {
            (None, None, each): "municipality" for each in kinds
        }
        scopes.setdefault((programme_id, None, None), "programme")
        scopes.setdefault((None, measure_id, None), "measure")
        regional = [
            PlacedChange("region", each, self._regional[each])
            for each in kinds
            if each in self._regional
        ]
        return regional + [
            PlacedChange(scope, place[2], self._changes[place])
            for place, scope in scopes.items()
            if place in self._changes
        ]

    def change_at(self, place: Place) -> RuleChange | None:
        """Return what the municipality decided for just this part."""
        return self._changes.get(place)

    def regional_change(self, kind: str | None) -> RuleChange | None:
        """Return what the region decided for just this kind of deadline, or for all."""
        return self._regional.get(kind)

    def all_rule_sets(self) -> list[RuleSet]:
        """Return rule sets among which is the one with the longest lead."""
        base = [self._installation.of_kind(kind) for kind in DeadlineKind]
        changes = [*self._regional.values(), *self._changes.values()]
        return [*base, *(changed(base[0], [change]) for change in changes)]

    def with_change(self, place: Place, change: RuleChange | None) -> "RuleBook":
        """Return the book as it would be with another change; None inherits."""
        return RuleBook(
            self._installation, _with(self._changes, place, change), self._regional
        )

    def with_regional_change(
        self, kind: str | None, change: RuleChange | None
    ) -> "RuleBook":
        """Return the book as it would be with another change of the region's."""
        return RuleBook(
            self._installation, self._changes, _with(self._regional, kind, change)
        )


def _with(
    changes: Mapping[K, RuleChange], key: K, change: RuleChange | None
) -> dict[K, RuleChange]:
    others = {each: found for each, found in changes.items() if each != key}
    return others if change is None else {**others, key: change}
