"""What is wrong with a text that cannot be read as a formula, and how to mend it."""

import re
from typing import Final

from shared.domain.errors import Text
from shared.domain.formulas.errors import shown

EMPTY: Final = Text(
    "формула пуста. Напишите, например, share(results.n5, results.n_marked).",
    "the formula is empty. Write, for instance, share(results.n5, results.n_marked).",
)
NOT_CLOSED: Final = Text(
    "скобка не закрыта. Добавьте «)».", "the parenthesis is not closed. Add “)”."
)
ONE_TOO_MANY: Final = Text(
    "лишняя скобка «)». Уберите её или добавьте «(» раньше.",
    "there is one “)” too many. Remove it, or add “(” before.",
)
STRAY_COMMA: Final = Text(
    "запятая бывает только между аргументами функции. Уберите её.",
    "a comma stands only between the arguments of a function. Remove it.",
)
CHAINED: Final = Text(
    "сравнения не ставятся подряд. Напишите «a < b and b < c».",
    "comparisons do not follow each other. Write “a < b and b < c”.",
)
# What people write for a sign, and how it is written here.
_SPELT: Final = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    **dict.fromkeys("×·∙⋅∗", "*"),
    **dict.fromkeys("÷:∕", "/"),
    **dict.fromkeys(("==", "==="), "="),
    **dict.fromkeys(("<>", "≠", "!"), "!="),
    **dict.fromkeys(("≥", "=>"), ">="),
    **dict.fromkeys(("≤",), "<="),
    **dict.fromkeys(("&", "&&", "и", "И", "AND", "And"), "and"),
    **dict.fromkeys(("|", "||", "или", "ИЛИ", "OR", "Or"), "or"),
    **dict.fromkeys(("не", "НЕ", "NOT", "Not"), "not"),
    **dict.fromkeys("[{", "("),
    **dict.fromkeys("]}", ")"),
    ";": ",",
}
_LOOK_ALIKE: Final = str.maketrans("асеорхукмнвтАСЕОРХКМНВТ", "aceopxykmhbtACEOPXKMHBT")


def hint(piece: str) -> Text:
    """Return what is wrong with a piece that is no token, and how to mend it."""
    if piece in _SPELT:
        sign = _SPELT[piece]
        return Text(
            f"вместо «{piece}» напишите «{sign}».", f"write “{sign}” for “{piece}”."
        )
    if piece[0].isdecimal() or piece[0] == ".":
        return _number_hint(piece)
    if piece[0].isalpha() or piece[0] == "_":
        return _name_hint(piece)
    if piece == "%":
        return Text(
            "знак процента не нужен: напишите одно число.",
            "the sign of per cent is not needed: write the number alone.",
        )
    if piece in {"^", "**"}:
        return Text(
            "степени нет: перемножьте, например x * x.",
            "there are no powers: multiply, as in x * x.",
        )
    return Text(
        f"знак «{shown(piece)}» здесь непонятен. Уберите его; можно: числа, имена "
        "столбцов, функции, + - * / ( ) , < <= > >= = != and or not.",
        f"the sign “{shown(piece)}” is not understood here. Remove it; there are "
        "numbers, names of columns, functions, + - * / ( ) , < <= > >= = != and or "
        "not.",
    )


def _number_hint(piece: str) -> Text:
    if re.fullmatch(r"[0-9.]+,[0-9]+", piece):
        mended = piece.replace(",", ".")
        return Text(
            f"дробная часть отделяется точкой: {mended}. Если это два числа через "
            f"запятую, поставьте после неё пробел: {piece.replace(',', ', ')}.",
            f"the decimal sign is a full stop: {mended}. If these are two numbers, "
            f"leave a blank after the comma: {piece.replace(',', ', ')}.",
        )
    if glued := re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)([^\W\d_][\w.]*)", piece):
        number, name = glued.groups()
        return Text(
            f"между «{number}» и «{shown(name)}» нет знака: напишите, например, "
            f"{number} * {shown(name)}.",
            f"there is no sign between “{number}” and “{shown(name)}”: write, for "
            f"instance, {number} * {shown(name)}.",
        )
    return Text(
        f"«{shown(piece)}» не число. Пишите до 9 цифр и, после точки, до 6: 0.25.",
        f"“{shown(piece)}” is no number. Write up to 9 digits and, after a full stop, "
        "up to 6: 0.25.",
    )


def _name_hint(piece: str) -> Text:
    mended = piece.translate(_LOOK_ALIKE).lower().strip(".")
    if mended != piece and re.fullmatch(r"[a-z][a-z0-9_.]*", mended):
        return Text(
            f"имена пишутся строчными латинскими буквами: {mended}.",
            f"names are written in small Latin letters: {mended}.",
        )
    return Text(
        f"«{shown(piece)}» не имя столбца или функции: нужны строчные латинские "
        "буквы, цифры, _ и точка внутри, как в results.n4.",
        f"“{shown(piece)}” is no name of a column or a function: these have small "
        "Latin letters, digits, _ and full stops inside, as results.n4 has.",
    )


def too_long(limit: int) -> Text:
    """Return how to mend a formula of more than `limit` characters."""
    return Text(
        f"формула длиннее {limit} знаков. Разделите её: показатель можно считать "
        "через другой, indicator.код.",
        f"the formula is longer than {limit} characters. Divide it: an indicator may "
        "be counted from another, indicator.code.",
    )


def too_deep(limit: int) -> Text:
    """Return how to mend a formula of more than `limit` levels."""
    return Text(
        f"вложенность больше {limit}. Разделите формулу на показатели "
        "(indicator.код); длинную сумму пишите как sum(a, b, …).",
        f"more than {limit} levels. Divide the formula into indicators "
        "(indicator.code); write a long sum as sum(a, b, …).",
    )


def nothing_before(sign: str) -> Text:
    """Say that the left operand of a sign is missing, or a function's argument."""
    return Text(
        f"перед «{sign}» не хватает числа, столбца или функции: допишите.",
        f"a number, a column or a function is missing before “{sign}”: add it.",
    )


def nothing_after(sign: str) -> Text:
    """Say that a formula or its part ends where something must follow."""
    return Text(
        f"после «{sign}» чего-то не хватает: допишите число, столбец или функцию.",
        f"something is missing after “{sign}”: add a number, a column or a function.",
    )


def no_sign(before: str, after: str) -> Text:
    """Say that two operands stand side by side."""
    return Text(
        f"между «{before}» и «{after}» нет знака: поставьте + - * /, сравнение, and "
        "или or.",
        f"there is no sign between “{before}” and “{after}”: put + - * /, a "
        "comparison, “and” or “or”.",
    )
