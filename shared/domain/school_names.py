"""How a school's or a municipality's name is reduced to what tells it from others."""

import re
from dataclasses import dataclass
from types import MappingProxyType

_KINDS = MappingProxyType(
    {
        "средняя общеобразовательная школа": "сош",
        "основная общеобразовательная школа": "оош",
        "начальная общеобразовательная школа": "нош",
        "средняя школа": "сош",
        "основная школа": "оош",
        "начальная школа": "нош",
        "сш": "сош",
        "ош": "оош",
    }
)
_KIND_WORDS = frozenset({"сош", "оош", "нош"})
# Legal forms, and letters that announce a place (г. Ужур, с. Ильинка), tell nothing.
_SILENT = re.compile(
    r"(?:м|г|кг|ог)[бка]?оу|м[бк]у|школа|[гспд]|пгт|муниципальн\w+|государственн\w+|"
    r"краев\w+|областн\w+|бюджетн\w+|казенн\w+|автономн\w+|"
    r"(?:обще)?образовательн\w+|учреждени\w+"
)
_ABBREVIATION = re.compile(r"\bобщеобр(?:азоват)?\.")
# The honorific ends with the quoted name, at a comma, or before the number.
_HONORIFIC = re.compile(r"\b(?:им\.|имени\s)[^»\"”,№]*")
_LATIN_NUMBER_SIGN = re.compile(r"\bn(?=\s*\d)")
_INNER_HYPHEN = re.compile(r"(?<=\w)[-\u2010\u2011](?=\w)")
_WORD = re.compile(r"\d+|[^\W\d]+")
_MUNICIPAL_WORDS = re.compile(
    r"\b(?:муниципальн\w*|городско\w*|район\w*|округ\w*|образовани\w*|"
    r"м[оро]|го|р-о?н)\b"
)


@dataclass(frozen=True, slots=True)
class NameKey:
    """What is left of a school's name: its telling words, and its kind if stated."""

    words: tuple[str, ...]
    kind: str | None


def name_key(name: str) -> NameKey:
    """Reduce a school's name to what tells it from others.

    Quotes, case, ё, hyphens, the legal form, the word «школа», «№», an honorific
    («им. …») and the order of the words do not count: МБОУ «Ужурская СОШ № 3» and
    «школа №3 Ужурская» share the words ``("3", "ужурская")``; only the first states
    its kind, ``сош``.
    """
    text = _HONORIFIC.sub(" ", _folded(name))
    text = _ABBREVIATION.sub("общеобразовательная ", text)
    text = _INNER_HYPHEN.sub("", _LATIN_NUMBER_SIGN.sub(" ", text))
    text = " ".join(_WORD.findall(text))
    for phrase, short in _KINDS.items():
        text = re.sub(rf"\b{phrase}\b", short, text)
    words = text.split()
    kind = next((word for word in words if word in _KIND_WORDS), None)
    telling = {w for w in words if w not in _KIND_WORDS and not _SILENT.fullmatch(w)}
    return NameKey(tuple(sorted(telling)), kind)


def municipality_key(name: str) -> str:
    """Reduce a municipality's name: «Ужурский район», «Ужурский МР» → ``ужурский``."""
    return " ".join(_WORD.findall(_MUNICIPAL_WORDS.sub(" ", _folded(name))))


def login_key(login: str) -> str:
    """Reduce a school's code: ``Sch24 `` → ``sch24``; ``240123.0`` → ``240123``."""
    return re.sub(r"\.0+$", "", login.strip().casefold())


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())
