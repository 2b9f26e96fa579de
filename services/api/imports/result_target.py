"""Assessment results as what files are imported into."""

from dataclasses import dataclass

from services.api.imports import directory
from services.api.imports.errors import InvalidImportError
from services.api.imports.lookup import Lookup
from services.api.imports.readers.options import VPR, FileOptions
from services.api.imports.records import Municipality
from services.api.imports.result_rows import ResultRows
from services.api.imports.result_sittings import Sittings
from services.api.imports.targets import Roles, TableRule, TargetTable
from shared.contracts.events import EventKind
from shared.domain.errors import Fault, Text
from shared.domain.result_rules import Procedure
from shared.domain.sittings import Season
from shared.persistence.school_directory import read_schools
from shared.persistence.school_lives import read_bounded_lives
from shared.persistence.tables.results import AssessmentResultRow
from shared.persistence.work import Work

LOGIN_KIND = "fis_oko_login"

_JOURNAL = TableRule(
    condition="after.n_lower + after.n_equal + after.n_higher <= after.n",
    reason=Text(
        "С журналом сравнено больше отметок, чем у этого результата участников.",
        "More marks are compared with the journal than this result has participants.",
    ),
    role="n_equal",
)
_GAP = TableRule(
    condition="after.n_gap_2 <= after.n_lower + after.n_higher",
    reason=Text(
        "На две отметки с журналом расходится больше работ, чем вообще расходится.",
        "More marks are two away from the journal than differ from it at all.",
    ),
    role="n_equal",
)
_MARKS = TableRule(
    condition="after.n2 + after.n3 + after.n4 + after.n5 = after.n",
    reason=Text(
        "Число участников не равно сумме отметок 2–5, которые уже записаны.",
        "The number of participants is not that of the marks 2–5 recorded already.",
    ),
    role="n",
)
_MINIMUM = TableRule(
    condition="after.n_below_minimum <= after.n",
    reason=Text(
        "Не преодолевших минимум больше, чем участников.",
        "More pupils are below the minimum than took part.",
    ),
    role="n_below_minimum",
)
_MEAN = TableRule(
    condition="after.mean_primary_score <= after.max_primary_score",
    reason=Text(
        "Средний первичный балл больше наибольшего.",
        "The mean primary score is above the maximum.",
    ),
    role="mean_primary_score",
)
RESULTS = TargetTable(
    table=AssessmentResultRow.metadata.tables["api.assessment_results"],
    entity="assessment_result",
    key=(
        "academic_year",
        "school_id",
        "procedure",
        "subject",
        "programme_grade",
        "pupil_grade",
        "wave",
        "written_on",
    ),
    figures=(
        "n",
        "n2",
        "n3",
        "n4",
        "n5",
        "n_absent",
        "n_ungraded",
        "n_below_minimum",
        "mean_primary_score",
        "max_primary_score",
        "mean_test_score",
        "n_lower",
        "n_equal",
        "n_higher",
        "n_gap_2",
        "observed",
        "score_counts",
    ),
    carried=("percentages", "counts_rebuilt"),
    merged=frozenset({"percentages"}),
    defaults={"n_absent": "0", "n_ungraded": "0", "counts_rebuilt": "false"},
    keeps_source=True,
    when_new={"synthetic": "municipality.synthetic", "created_at": ":now"},
    when_written={"updated_at": ":now"},
    required=("n",),
    rules=(_MARKS, _MINIMUM, _MEAN, _JOURNAL, _GAP),
    year="academic_year",
    locked_by="academic_year",
    event=EventKind.RESULTS_CHANGED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultTarget:
    """Results of one procedure.

    `code_kind` is what files of the format call a school by; a procedure without marks
    is refused unless `marked` is None. `table` is narrowed to the figures that the
    format states: `RESULTS.narrowed(…)`.
    """

    code_kind: str = LOGIN_KIND
    marked: bool | None = True
    table: TargetTable = RESULTS

    @property
    def held(self) -> None:
        """Nothing: what is wrong with results, their rows and the table say."""
        return

    async def prepare(
        self, work: Work, municipality: Municipality, options: FileOptions, roles: Roles
    ) -> ResultRows:
        """Load the schools, subjects and procedures that rows may name.

        Raises:
            InvalidImportError: the procedure does not give such results, or the
                subject or the school of the options is unknown.
        """
        schools = await read_schools(
            work,
            municipality.id,
            code_kind=self.code_kind,
            only_school=municipality.only_school,
        )
        if options.school_id is not None and options.school_id not in schools.schools:
            raise _refused("school_id", options.school_id, _UNKNOWN_SCHOOL)
        subjects = await directory.read_subject_spellings(work)
        procedures = await self._procedures(work, options.procedure)
        lookup = Lookup(municipality.name, schools, subjects, options.school_id)
        if options.subject is not None and lookup.subject(options.subject) is None:
            raise _refused("subject", options.subject, _UNKNOWN_SUBJECT)
        season = _season(options)
        today = work.now.date()
        sittings = Sittings(procedures, options.procedure, season, today)
        lives = await read_bounded_lives(work, municipality.id)
        return ResultRows(lookup, sittings, roles, lives)

    async def _procedures(self, work: Work, wanted: str) -> dict[str, Procedure]:
        known = await directory.read_procedures(work)
        fitting = {
            code: procedure
            for code, procedure in known.items()
            if self.marked in (None, procedure.marked)
        }
        if wanted in fitting:
            return fitting
        listed = ", ".join(sorted(fitting))
        reason = Text(
            f"Файл этого формата может относиться к процедурам: {listed}.",
            f"A file of this format can be of these procedures: {listed}.",
        )
        raise _refused("procedure", wanted, reason)


_UNKNOWN_SCHOOL = Text(
    "Такой школы нет в муниципалитете файла.",
    "There is no such school in the file's municipality.",
)
_UNKNOWN_SUBJECT = Text(
    "Такого предмета нет в справочнике.", "There is no such subject."
)


def _season(options: FileOptions) -> Season | None:
    # Only the ВПР was moved to autumn in some years, which its rows' years tell.
    return options.season or (None if options.procedure == VPR else Season.SPRING)


def _refused(column: str, value: object, reason: Text) -> InvalidImportError:
    fault = Fault(reason=reason, column=column, value=str(value))
    return InvalidImportError(reason, faults=[fault])
