"""Finding the school that a row of a file means, by its code or by its name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Generic, Self, TypeVar

from shared.domain.errors import Text
from shared.domain.school_names import NameKey, login_key, name_key

Id = TypeVar("Id")

_NOT_OWN = Text(
    "Строка не вашей школы: загрузить можно данные только своей. Если школа ваша, "
    "исправьте её название или код так, как они записаны у школы.",
    "This row is not of your school: you can upload data of your own only. If it is "
    "yours, correct name or code to what is recorded for the school.",
)


@dataclass(frozen=True, slots=True)
class KnownSchool(Generic[Id]):
    """A school as the directory knows it."""

    id: Id
    names: tuple[str, ...]  # the official one first, then aliases
    identifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SchoolFound(Generic[Id]):
    """The one school that is meant; `warning` says what about the row was unusual."""

    school_id: Id
    warning: Text | None = None
    warns_of_login: bool = True  # whether of the code, rather than of the name


@dataclass(frozen=True, slots=True)
class SchoolUnknown:
    """No school, or more than one, can be meant."""

    reason: Text
    by_login: bool  # whether the code, rather than the name, could not be placed


@dataclass(frozen=True, slots=True)
class SchoolDirectory(Generic[Id]):
    """The schools that a file may speak of, ready to be looked up."""

    schools: Mapping[Id, KnownSchool[Id]]
    by_login: Mapping[str, frozenset[Id]]
    by_words: Mapping[tuple[str, ...], frozenset[Id]]
    elsewhere: Text | None = None  # what is said of all that is not among them

    @classmethod
    def of(cls, schools: Iterable[KnownSchool[Id]], *, is_of_one: bool = False) -> Self:
        """Index the schools by every code and every name they have.

        With `is_of_one` there is one school, and nothing is told of any other.
        """
        known = {school.id: school for school in schools}
        logins: defaultdict[str, set[Id]] = defaultdict(set)
        words: defaultdict[tuple[str, ...], set[Id]] = defaultdict(set)
        for school in known.values():
            for login in school.identifiers:
                logins[login_key(login)].add(school.id)
            for name in school.names:
                words[name_key(name).words].add(school.id)
        return cls(
            known,
            {key: frozenset(ids) for key, ids in logins.items()},
            {key: frozenset(ids) for key, ids in words.items() if key},
            _NOT_OWN if is_of_one else None,
        )

    def find(self, *, login: str, name: str) -> SchoolFound[Id] | SchoolUnknown:
        """Find the school by its code; by its name where the code is new or missing.

        A known code decides, unless the name says plainly that another school is
        meant: it is another school's, has no word of this one's, or another number. A
        new code is taken for the school of that name only if no code of that school is
        recorded yet: of two schools with one name in two districts, the other would be
        meant.
        """
        found = self._found(login, name)
        if isinstance(found, SchoolUnknown) and self.elsewhere is not None:
            return replace(found, reason=self.elsewhere)
        return found

    def _found(self, login: str, name: str) -> SchoolFound[Id] | SchoolUnknown:
        found = self.by_login.get(login_key(login), frozenset()) if login else None
        if found:
            only = _only(found, login)
            if isinstance(only, SchoolFound):
                return self._unless_named_otherwise(only.school_id, login, name)
            return only
        match self._by_name(name):
            case SchoolUnknown() as unknown:
                return _unknown_login(login, name) if login else unknown
            case SchoolFound(school_id=school_id) if not login:
                return SchoolFound(school_id)
            case SchoolFound(school_id=school_id):
                return self._with_new_login(school_id, login)

    def _unless_named_otherwise(
        self, school_id: Id, login: str, name: str
    ) -> SchoolFound[Id] | SchoolUnknown:
        school = self.schools[school_id]
        words = name_key(name).words
        known = [name_key(each).words for each in school.names]
        named = self._by_name(name)
        if isinstance(named, SchoolFound) and named.school_id != school_id:
            return _named_otherwise(login, school.names[0], name)
        if not words or words in known:
            return SchoolFound(school_id)
        if not any(_may_be_one(words, each) for each in known):
            return _named_otherwise(login, school.names[0], name)
        warning = _name_not_recorded(login, school.names[0], name)
        return SchoolFound(school_id, warning, warns_of_login=False)

    def _with_new_login(
        self, school_id: Id, login: str
    ) -> SchoolFound[Id] | SchoolUnknown:
        school = self.schools[school_id]
        if school.identifiers:
            return _other_login(login, school.names[0])
        return SchoolFound(school_id, _login_not_recorded(login, school.names[0]))

    def named(self, name: str) -> list[KnownSchool[Id]]:
        """Return the schools that a name without a code fits, by official name."""
        key = name_key(name)
        ids = self.by_words.get(key.words, frozenset())
        fitting = (self.schools[number] for number in ids)
        found = [school for school in fitting if self._has_kind(school, key)]
        return sorted(found, key=lambda school: school.names)

    def _by_name(self, name: str) -> SchoolFound[Id] | SchoolUnknown:
        ids = self.by_words.get(name_key(name).words, frozenset())
        same_kind = {school.id for school in self.named(name)}
        if len(same_kind) == 1:
            return SchoolFound(same_kind.pop())
        if same_kind:
            return _ambiguous(name, [self.schools[i].names[0] for i in same_kind])
        return _unknown_name(name, [self.schools[i].names[0] for i in ids])

    def _has_kind(self, school: KnownSchool[Id], key: NameKey) -> bool:
        spelled = [name_key(name) for name in school.names]
        kinds = {k.kind for k in spelled if k.words == key.words}
        return key.kind is None or None in kinds or key.kind in kinds


def _may_be_one(words: tuple[str, ...], known: tuple[str, ...]) -> bool:
    """Whether two names may be spellings of one: a common word, no two numbers."""
    numbers = {word for word in words if word.isdecimal()}
    others = {word for word in known if word.isdecimal()}
    same_number = numbers == others or not numbers or not others
    return same_number and not set(words).isdisjoint(known)


def _only(ids: frozenset[Id], login: str) -> SchoolFound[Id] | SchoolUnknown:
    if len(ids) == 1:
        return SchoolFound(next(iter(ids)))
    return SchoolUnknown(
        Text(
            f"Код «{login}» записан у нескольких школ: исправьте справочник школ.",
            f"The code “{login}” is recorded for several schools: correct the schools.",
        ),
        by_login=True,
    )


def _unknown_login(login: str, name: str) -> SchoolUnknown:
    return SchoolUnknown(
        Text(
            f"Школы с кодом «{login}» и названием «{name}» нет в справочнике: добавьте "
            "код или другое написание названия к школе.",
            f"No school has the code “{login}” or the name “{name}”: add the code, or "
            "this spelling of the name, to the school.",
        ),
        by_login=True,
    )


def _other_login(login: str, known: str) -> SchoolUnknown:
    return SchoolUnknown(
        Text(
            f"Название подходит школе «{known}», но у неё записан другой код, не "
            f"«{login}»: исправьте код в файле или добавьте его к школе.",
            f"The name fits “{known}”, but another code than “{login}” is recorded "
            "for it: correct the code in the file or add it to the school.",
        ),
        by_login=True,
    )


def _named_otherwise(login: str, known: str, name: str) -> SchoolUnknown:
    return SchoolUnknown(
        Text(
            f"Код «{login}» записан у школы «{known}», а названа «{name}»: исправьте "
            "код или название; с пустым названием школу определит код.",
            f"The code “{login}” is recorded for “{known}”, but “{name}” is named: "
            "correct the code or the name; with an empty name the code decides.",
        ),
        by_login=False,
    )


def _name_not_recorded(login: str, known: str, name: str) -> Text:
    return Text(
        f"Школа «{known}» найдена по коду «{login}»: название «{name}» у неё не "
        "записано.",
        f"“{known}” was found by its code “{login}”: the name “{name}” is not recorded "
        "for it.",
    )


def _login_not_recorded(login: str, known: str) -> Text:
    return Text(
        f"Школа «{known}» найдена по названию: код «{login}» у неё ещё не записан.",
        f"“{known}” was found by its name: the code “{login}” is not recorded yet.",
    )


def _ambiguous(name: str, candidates: list[str]) -> SchoolUnknown:
    listed = "; ".join(sorted(candidates))
    return SchoolUnknown(
        Text(
            f"Название «{name}» подходит нескольким школам ({listed}): укажите логин.",
            f"The name “{name}” fits several schools ({listed}): give the login.",
        ),
        by_login=False,
    )


def _unknown_name(name: str, similar: list[str]) -> SchoolUnknown:
    listed = "; ".join(sorted(similar))
    return SchoolUnknown(
        Text(
            f"Школы «{name}» нет в справочнике"
            + (f"; похожа: {listed}" if similar else "")
            + ". Исправьте название или добавьте это написание к школе.",
            f"There is no school “{name}”"
            + (f"; similar: {listed}" if similar else "")
            + ". Correct the name, or add this spelling to the school.",
        ),
        by_login=False,
    )
