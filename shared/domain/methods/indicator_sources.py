"""What an indicator of a ranking is counted from."""

from dataclasses import dataclass
from typing import Final

from shared.domain.formulas import Expression, InvalidFormulaError, parse
from shared.domain.formulas.catalogue import CATALOGUE, RESULTS
from shared.domain.formulas.columns import INDICATOR
from shared.domain.measures import MEASURES
from shared.domain.methods.reading import Reader

MEASURE: Final = "measure"
MSOKO: Final = "msoko"
FORMULA: Final = "formula"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureSource:
    """A measure over chosen results; an empty choice is all of them.

    `procedures` and `subjects` are in alphabetical order; `grades` are those of the
    programme that was tested, ascending.
    """

    measure: str
    procedures: tuple[str, ...]
    subjects: tuple[str, ...]
    grades: tuple[int, ...]

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read_source` reads back to an equal value."""
        return {
            "kind": MEASURE,
            "measure": self.measure,
            "procedures": list(self.procedures),
            "subjects": list(self.subjects),
            "grades": list(self.grades),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class MsokoSource:
    """A school's score in a group of the МСОКО, in per cent of its maximum."""

    group: str

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read_source` reads back to an equal value."""
        return {"kind": MSOKO, "group": self.group}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormulaSource:
    """A formula over columns of the catalogue and over other indicators.

    The choice of results, as that of `MeasureSource`, is of its columns ``results.*``.
    """

    text: str
    procedures: tuple[str, ...]
    subjects: tuple[str, ...]
    grades: tuple[int, ...]

    @property
    def expression(self) -> Expression:
        """The formula as it is read.

        Raises:
            InvalidFormulaError: It is none, which `read_source` has noted.
        """
        return parse(self.text)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that it uses, and then of those with their N."""
        used = self.expression.columns
        return tuple(dict.fromkeys((*used, *self.n_columns)))

    @property
    def n_columns(self) -> tuple[str, ...]:
        """Names of the columns with the N of those that a sound formula uses."""
        over = map(n_column, self.expression.columns)
        return tuple(dict.fromkeys(name for name in over if name))

    @property
    def counts_results(self) -> bool:
        """Whether any of its columns is a sum of results."""
        return any(name.startswith(RESULTS) for name in self.expression.columns)

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read_source` reads back to an equal value."""
        return {
            "kind": FORMULA,
            "text": self.text,
            "procedures": list(self.procedures),
            "subjects": list(self.subjects),
            "grades": list(self.grades),
        }


Source = MeasureSource | MsokoSource | FormulaSource


def n_column(name: str) -> str | None:
    """Return the column with the N of a column, which that of an indicator has, too.

    >>> n_column("results.n4"), n_column("indicator.low")
    ('results.n_marked', 'indicator.low.n')
    """
    return f"{name}.n" if name.startswith(INDICATOR) else CATALOGUE[name].n


def read_source(reader: Reader) -> Source:
    """Read a source of any kind; faults are noted with the reader."""
    match reader.choice("kind", (MEASURE, MSOKO, FORMULA)):
        case "msoko":
            return MsokoSource(group=reader.words("group"))
        case "formula":
            return read_formula(reader)
        case _:
            return MeasureSource(
                measure=reader.choice("measure", tuple(MEASURES)),
                procedures=reader.names("procedures"),
                subjects=reader.names("subjects"),
                grades=reader.whole_numbers("grades"),
            )


def read_formula(reader: Reader) -> FormulaSource:
    """Read a formula, which may be without a choice of results; faults are noted."""
    source = FormulaSource(
        text=reader.text("text"),
        procedures=reader.names("procedures") if reader.has("procedures") else (),
        subjects=reader.names("subjects") if reader.has("subjects") else (),
        grades=reader.whole_numbers("grades") if reader.has("grades") else (),
    )
    if source.text:
        try:
            parse(source.text)
        except InvalidFormulaError as error:
            reader.refuse_within("text", error.faults)
    return source
