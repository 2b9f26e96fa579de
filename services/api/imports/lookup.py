"""The schools and subjects that rows may name, each spelling looked up once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from services.api.imports.readers.rows import RowNames
from services.api.imports.targets import Roles
from shared.domain.errors import Fault, Text
from shared.domain.school_directory import SchoolDirectory, SchoolFound, SchoolUnknown
from shared.domain.school_names import login_key, municipality_key
from shared.domain.spellings import spelling_key

_UNKNOWN_NUMBER = Text(
    "Школы с таким номером в муниципалитете файла нет.",
    "The file's municipality has no school with this number.",
)
_UNKNOWN_SUBJECT = Text(
    "Такого предмета нет в справочнике: исправьте название.",
    "There is no such subject: correct its name.",
)


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a file of one municipality may name.

    `subjects` maps a spelling, reduced by `spelling_key`, to the subject's code.
    `only_school` is the one that rows without a school are of.
    """

    municipality: str
    schools: SchoolDirectory[int]
    subjects: Mapping[str, str]
    only_school: int | None = None
    _schools: dict[tuple[str, str], SchoolFound[int] | SchoolUnknown] = field(
        default_factory=dict
    )
    _codes: dict[str, str | None] = field(default_factory=dict)
    _own: dict[tuple[str, str], bool] = field(default_factory=dict)

    def is_own(self, names: RowNames) -> bool:
        """Say whether a row is of this municipality.

        It belongs to the municipality that it names; to this one also if it names
        none, or if its code is of one of the schools.
        """
        spelled = (names.municipality, names.login)
        if spelled not in self._own:
            own = ("", municipality_key(self.municipality))
            named = municipality_key(names.municipality)
            known = login_key(names.login) in self.schools.by_login
            self._own[spelled] = named in own or known
        return self._own[spelled]

    def school(self, names: RowNames) -> SchoolFound[int] | SchoolUnknown:
        """Find the school that a row names."""
        if names.number is not None:
            return self._numbered(names.number)
        spelled = (names.login, names.school)
        if spelled == ("", "") and self.only_school is not None:
            return SchoolFound(self.only_school)
        if spelled not in self._schools:
            login, name = spelled
            self._schools[spelled] = self.schools.find(login=login, name=name)
        return self._schools[spelled]

    def _numbered(self, number: int) -> SchoolFound[int] | SchoolUnknown:
        if number in self.schools.schools:
            return SchoolFound(number)
        reason = self.schools.elsewhere or _UNKNOWN_NUMBER
        return SchoolUnknown(reason, by_login=True)

    def subject(self, text: str) -> str | None:
        """Return the code of the subject that is spelled so, if there is one."""
        if text not in self._codes:
            self._codes[text] = self.subjects.get(spelling_key(text))
        return self._codes[text]

    def faults(self, names: RowNames, roles: Roles) -> Iterator[Fault]:
        """Yield what of the names is unknown; the faults have no place yet."""
        school = self.school(names)
        if isinstance(school, SchoolUnknown):
            code = names.login if names.number is None else str(names.number)
            role, value = (
                ("login", code) if school.by_login else ("school", names.school)
            )
            yield Fault(reason=school.reason, column=roles[role], value=value)
        if self.subject(names.subject) is None:
            column = roles["subject"]
            yield Fault(reason=_UNKNOWN_SUBJECT, column=column, value=names.subject)
