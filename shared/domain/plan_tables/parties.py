"""Who owes a measure, as the words of its plan say."""

import re

MUNICIPALITY = "municipality"
SCHOOLS = "schools"

_OFFICE = re.compile(
    r"управлени\w* образовани|управлени\w* по образованию|\b[мрг]?уо\b|"
    r"отдел\w* (?:общего )?образовани|департамент\w* образовани|"
    r"комитет\w* (?:по )?образовани|\bмуниципал\w+ координатор|\bмуниципалитет|"
    r"\bадминистраци\w+ (?:мо\b|муницип|район|округ|город)"
)
_SCHOOLS = re.compile(
    r"\bоо\b|\bоу\b|\bсош\b|\bоош\b|\bшнор\b|\bшнсу\b|образовательн\w+ "
    r"(?:организаци|учреждени)|(?<!спортивная )(?<!спортивные )(?<!спортивной )"
    r"(?<!музыкальная )(?<!художественная )\bшкол(?:а|ы|е|ой|ам|ами|ах)?\b"
)


def parties_of(responsible: str) -> tuple[str, ...]:
    """Return who is named: the municipality's office, its schools; none if neither.

    >>> parties_of("МКУ «Управление образования» и ОО"), parties_of("ЦДО")
    (('municipality', 'schools'), ())
    """
    text = " ".join(responsible.casefold().replace("ё", "е").split())
    found = [MUNICIPALITY] if _OFFICE.search(text) else []
    return tuple([*found, SCHOOLS] if _SCHOOLS.search(text) else found)
