"""What may stand as another name of a school: nothing that means a different one."""

from collections.abc import Iterator

from shared.domain.errors import Fault
from shared.domain.record_rules import Facts, Values, fault


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
