"""What is unusual in a file of results, but stops none of its rows."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from typing import Final

from services.api.imports.readers.rows import ImportedRow
from services.api.imports.targets import Roles
from shared.domain.errors import Fault, Text
from shared.domain.school_directory import SchoolFound

MOST_WARNINGS: Final = 100


class ResultWarnings:
    """Gathers the warnings of one file, each once."""

    def __init__(self, municipality: str, roles: Roles) -> None:
        """Tell of the files of a municipality, by its name; `roles` place warnings."""
        self._municipality = municipality
        self._roles = roles
        self._foreign: Counter[str] = Counter()
        self._of_rows: dict[tuple[str | None, str | None], Fault] = {}
        self._is_anything_own = False

    def add_own(self) -> None:
        """Note a row of the municipality."""
        self._is_anything_own = True

    def add_foreign(self, municipality: str) -> None:
        """Note a row of another municipality, which is skipped."""
        self._foreign[municipality] += 1

    def add(self, row: ImportedRow, school: SchoolFound[int]) -> None:
        """Note what is unusual about a row and about the naming of its school."""
        if len(self._of_rows) >= MOST_WARNINGS:
            return
        for each in row.warnings:
            self._of_rows.setdefault((each.column, each.reason.en), each)
        if school.warning is None:
            return
        names = row.names
        role, value = (
            ("login", names.login)
            if school.warns_of_login
            else ("school", names.school)
        )
        column = self._roles[role]
        warning = Fault(
            reason=school.warning,
            sheet=row.sheet,
            row=row.row,
            column=column,
            value=value,
        )
        self._of_rows.setdefault((column, value), warning)

    def told(self) -> list[Fault]:
        """Return up to `MOST_WARNINGS`, those of the whole file first."""
        warnings = chain(self._of_file(), self._of_rows.values())
        return list(islice(warnings, MOST_WARNINGS))

    def _of_file(self) -> Iterator[Fault]:
        if not self._is_anything_own:
            name = self._municipality
            yield Fault(
                reason=Text(
                    f"В файле нет строк школ: {name}.",
                    f"The file has no rows of schools of {name}.",
                )
            )
        for name, count in self._foreign.most_common():
            reason = Text(
                f"Пропущены строки другого муниципалитета: {count}.",
                f"Rows of another municipality were skipped: {count}.",
            )
            yield Fault(reason=reason, column=self._roles["municipality"], value=name)
