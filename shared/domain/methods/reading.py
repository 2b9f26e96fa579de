"""Reads a method's plain data, collecting every fault instead of the first."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final, TypeGuard

from shared.domain.errors import Fault, InvalidInputError, Text

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NOTHING: Mapping[str, object] = {}
# Beyond any count, code or threshold that a method can mean.
LARGEST: Final = 1_000_000_000


@dataclass(slots=True)
class Reader:
    """One mapping of the data at `path`, and the faults found so far in all of it.

    A read of a bad value notes a fault and returns a harmless stand-in, so that
    reading goes on; `finish` refuses the whole if there was any.
    """

    values: Mapping[str, object]
    path: str
    faults: list[Fault]
    sections: list["Reader"] = field(default_factory=list)
    read: set[str] = field(default_factory=set)
    absent: bool = False

    @classmethod
    def of(cls, mapping: object) -> "Reader":
        """Start reading at the top of `mapping`.

        Raises:
            InvalidInputError: If it is no mapping at all, as an empty file is not.
        """
        if isinstance(mapping, Mapping):
            return cls(values=mapping, path="", faults=[])
        raise InvalidInputError(
            Text(
                "Методика пуста или записана не парами «ключ: значение».",
                "The method is empty or is not written as “key: value” pairs.",
            )
        )

    def section(self, key: str) -> "Reader":
        """Read a mapping within this one."""
        value = self._take(key)
        is_mapping = isinstance(value, Mapping)
        if value is not None and not is_mapping:
            self._fault(key, value, "Нужны вложенные ключи", "Nested keys are needed")
        inner = Reader(
            values=value if isinstance(value, Mapping) else _NOTHING,
            path=self._at(key),
            faults=self.faults,
            # One fault says that the section is missing; its keys need not repeat it.
            absent=not is_mapping,
        )
        self.sections.append(inner)
        return inner

    def items(self, key: str) -> "list[Reader]":
        """Read a list of mappings, which may be empty; a fault names the place."""
        value = self._take(key)
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            self._fault(key, value, "Нужен список", "A list is needed")
            return []
        readers = []
        for place, item in enumerate(value):
            at = f"{key}[{place}]"
            if isinstance(item, Mapping):
                readers.append(Reader(item, self._at(at), self.faults))
            else:
                self._fault(at, item, "Нужны вложенные ключи", "Nested keys are needed")
        self.sections += readers
        return readers

    def has(self, key: str) -> bool:
        """Tell whether an optional key is there and filled in."""
        self.read.add(key)
        return self.values.get(key) is not None

    def refuse(self, key: str, value: object, reason: Text) -> None:
        """Note a fault that only the whole of a kind can find."""
        self._fault(key, value, reason.ru, reason.en)

    def refuse_within(self, key: str, faults: Iterable[Fault]) -> None:
        """Note faults of parts of a text, which keep their positions in it."""
        self.faults += [replace(fault, column=self._at(key)) for fault in faults]

    def words(self, key: str) -> str:
        """Read a text that is not blank, without blanks around it."""
        return self.text(key).strip()

    def text(self, key: str) -> str:
        """Read a text that is not blank just as it is, so that positions in it hold."""
        value = self._take(key)
        if isinstance(value, str) and value.strip():
            return value
        if value is not None:
            self._fault(key, value, "Нужен непустой текст", "A text is needed")
        return ""

    def code(self, key: str) -> str:
        """Read a code of Latin letters, digits and single hyphens."""
        value = self._take(key)
        if isinstance(value, str) and _CODE.fullmatch(value):
            return value
        if value is not None:
            self._fault(
                key,
                value,
                "Нужны строчные латинские буквы, цифры и дефисы",
                "Lower-case Latin letters, digits and hyphens are needed",
            )
        return ""

    def choice(self, key: str, choices: Sequence[str]) -> str:
        """Read one of `choices`."""
        value = self._take(key)
        if isinstance(value, str) and value in choices:
            return value
        if value is not None:
            known = ", ".join(choices)
            self._fault(key, value, f"Можно: {known}", f"Choose one of: {known}")
        return choices[0]

    def names(self, key: str) -> tuple[str, ...]:
        """Read a list of different names, and put it in alphabetical order."""
        value = self._take(key)
        match value:
            case list() | tuple() if all(isinstance(x, str) and x for x in value):
                names = tuple(sorted(set(value)))
                if len(names) == len(value):
                    return names
                self._fault(key, value, "Названия повторяются", "Names are repeated")
            case None:
                pass
            case _:
                self._fault(
                    key, value, "Нужен список текстов", "A list of texts is needed"
                )
        return ()

    def whole_number(self, key: str, *, at_least: int, at_most: int = LARGEST) -> int:
        """Read a whole number; neither a fraction nor yes/no passes for one."""
        value = self._take(key)
        number = None if isinstance(value, bool) else value
        if isinstance(number, int) and at_least <= number <= at_most:
            return number
        if value is not None:
            self._fault(
                key,
                value,
                f"Нужно целое число, не меньше {at_least} и не больше {at_most}",
                f"A whole number of at least {at_least} and at most {at_most} is "
                "needed",
            )
        return at_least

    def number(self, key: str, *, at_least: float, at_most: float) -> float:
        """Read a number as a float."""
        value = self._take(key)
        # A yes/no is an int to Python.
        number = math.nan if isinstance(value, bool) else value
        if isinstance(number, int | float) and at_least <= number <= at_most:
            return float(number) + 0.0  # -0.0 is 0.0
        if value is not None:
            self._fault(
                key,
                value,
                f"Нужно число от {at_least:g} до {at_most:g}",
                f"A number from {at_least:g} to {at_most:g} is needed",
            )
        return at_least

    def ascending(self, key: str) -> tuple[float, ...]:
        """Read a list of finite numbers, each above the one before."""
        numbers = self.numbers(key)
        if any(low >= high for low, high in pairwise(numbers)):
            self._fault(
                key,
                list(numbers),
                "Каждое число должно быть больше предыдущего",
                "Each number must be above the one before",
            )
        return numbers

    def numbers(self, key: str) -> tuple[float, ...]:
        """Read a list of numbers up to `LARGEST`, in its own order."""
        value = self._take(key)
        if isinstance(value, list | tuple) and all(map(_is_bounded, value)):
            return tuple(float(number) + 0.0 for number in value)
        if value is not None:
            self._fault(
                key,
                value,
                f"Нужен список чисел, каждое не больше {LARGEST} по модулю",
                f"A list of numbers is needed, none beyond {LARGEST} either way",
            )
        return ()

    def whole_numbers(self, key: str) -> tuple[int, ...]:
        """Read a list of different whole numbers, and put it in ascending order."""
        value = self._take(key)
        match value:
            case list() | tuple() if all(map(_is_whole, value)):
                numbers = tuple(sorted(set(value)))
                if len(numbers) == len(value):
                    return numbers
                self._fault(key, value, "Числа повторяются", "Numbers are repeated")
            case None:
                pass
            case _:
                self._fault(
                    key,
                    value,
                    f"Нужен список целых чисел, каждое не больше {LARGEST} по модулю",
                    "A list of whole numbers is needed, none beyond "
                    f"{LARGEST} either way",
                )
        return ()

    def truth(self, key: str) -> bool:
        """Read a yes or no."""
        value = self._take(key)
        if isinstance(value, bool):
            return value
        if value is not None:
            self._fault(key, value, "Нужно true или false", "true or false is needed")
        return False

    def finish(self) -> None:
        """Refuse the data if anything in it was bad or nobody asked for it.

        Raises:
            InvalidInputError: With all the faults.
        """
        self.refuse_unread_keys()
        if self.faults:
            paths = ", ".join(fault.column or "" for fault in self.faults)
            raise InvalidInputError(
                Text(
                    f"Методика не принята, исправьте: {paths}",
                    f"The method was not accepted; mend: {paths}",
                ),
                faults=self.faults,
            )

    def refuse_unread_keys(self) -> None:
        """Note a fault for each key, here and below, that nobody has read."""
        known = ", ".join(sorted(self.read))
        for key in self.values:
            if key not in self.read:
                self._fault(
                    str(key),
                    self.values[key],
                    f"Неизвестный ключ; известны: {known}",
                    f"Unknown key; known are: {known}",
                )
        for section in self.sections:
            section.refuse_unread_keys()

    def _take(self, key: str) -> object:
        self.read.add(key)
        value = self.values.get(key)
        if value is None and not self.absent:
            self._fault(key, None, "Ключ не заполнен", "The key is missing or empty")
        return value

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def _fault(self, key: str, value: object, ru: str, en: str) -> None:
        shown = None if value is None else str(value)
        self.faults.append(
            Fault(column=self._at(key), value=shown, reason=Text(ru, en))
        )


def _is_bounded(value: object) -> TypeGuard[float]:
    """Tell whether it is a number within bounds; yes/no is an int to Python."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= LARGEST


def _is_whole(value: object) -> TypeGuard[int]:
    return type(value) is int and abs(value) <= LARGEST
