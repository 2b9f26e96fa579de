"""What may stand as another name of a school: nothing that means a different one."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from shared.domain.errors import Fault, Text
from shared.domain.record_rules import Facts, Values, fault
from shared.domain.school_names import NameKey, name_key


def alias_means_one_school(values: Values, facts: Facts) -> Iterator[Fault]:
    """Yield a fault for each other school that is called by the alias already."""
    if facts.schools is None:
        return
    for school in facts.schools.named(values["alias"]):
        if school.id != values["school_id"]:
            yield fault(
                values,
                "alias",
                f"Так уже называется другая школа: «{school.names[0]}». Файлы не "
                "различали бы их.",
                f"Another school is called so already: '{school.names[0]}'. Files "
                "could not tell them apart.",
            )


@dataclass(slots=True)
class NewAliases:
    """The names that the rows of one file give to schools, each by its row."""

    _given: defaultdict[tuple[str, ...], list[tuple[NameKey, int, Text]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def clash(self, values: Values, place: Text) -> Fault | None:
        """Say whether an earlier row gives such a name to another school.

        `place` is where the row stands; it is remembered unless it clashes.
        """
        key, school_id = name_key(values["alias"]), values["school_id"]
        given = self._given[key.words]
        for other, owner, row in given:
            if owner != school_id and _may_be_one(key, other):
                return fault(
                    values,
                    "alias",
                    f"Так же назвала другую школу {row.ru}: файлы не различали бы их. "
                    "Оставьте одну из двух.",
                    f"Another school is called so by {row.en}: files could not tell "
                    "them apart. Keep one of the two.",
                )
        given.append((key, school_id, place))
        return None


def _may_be_one(key: NameKey, other: NameKey) -> bool:
    return None in (key.kind, other.kind) or key.kind == other.kind
