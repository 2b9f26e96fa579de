"""Groups of the municipal system of assessing quality (МСОКО), which are data."""

import re
from collections.abc import Iterator
from typing import Final

from shared.domain.errors import Fault
from shared.domain.record_rules import Facts, Values, fault

CODE: Final = re.compile(r"[1-9]\d?\.[1-9]\d?")


def code_is_of_a_group(values: Values, _facts: Facts) -> Iterator[Fault]:
    """Find a code that is no section and group, as 1.1 is."""
    if not CODE.fullmatch(values["code"]):
        yield fault(
            values,
            "code",
            "Код группы — номер раздела и номер группы через точку: 1.1.",
            "The code is the number of the section, a full stop and that of the "
            "group: 1.1.",
        )
