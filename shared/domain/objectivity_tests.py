"""The tests of objectivity, and how their findings are worded: signs, never proofs."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from shared.domain.errors import Text

CONFIRMED: Final = "journal_confirmed"
GAP: Final = "journal_gap"
PEAK: Final = "boundary_peak"
RISE: Final = "low_share_rise"
FALL: Final = "cohort_fall"
OUTSIDE: Final = "outside_limits"

SIGN: Final = "sign"
NO_SIGN: Final = "no_sign"
LIMITED: Final = "limited"
NOT_ASSESSABLE: Final = "not_assessable"

NOTICE: Final = Text(
    "Это признаки, а не доказательства необъективности: повод проверить работы и "
    "поговорить со школой, пояснение которой приведено рядом. Оценивать по этим "
    "результатам работу учителей нельзя.",
    "These are signs, not proofs of non-objectivity: a reason to look at the papers "
    "and to talk to the school, whose explanation stands beside them. The results may "
    "not be used to judge teachers.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectivityTest:
    """A test: its name, what it compares, and where its thresholds are.

    `section` is that of its thresholds in a method of objectivity; `has_p_value` says
    that the correction for many tests concerns it as well.
    """

    code: str
    title: Text
    compares: Text
    section: str
    has_p_value: bool = True


TESTS: Final[Mapping[str, ObjectivityTest]] = MappingProxyType(
    {
        test.code: test
        for test in (
            ObjectivityTest(
                code=CONFIRMED,
                title=Text(
                    "Доля отметок, подтвердивших журнал",
                    "Share of marks that confirm the journal",
                ),
                compares=Text(
                    "Доля школы против доли остальных школ муниципалитета: точный "
                    "двусторонний биномиальный критерий.",
                    "The school's share against that of the municipality's other "
                    "schools: the exact two-sided binomial test.",
                ),
                section="journal",
            ),
            ObjectivityTest(
                code=GAP,
                title=Text(
                    "Расхождение с журналом на две отметки и более",
                    "Two marks or more away from the journal",
                ),
                compares=Text(
                    "Доля школы против доли остальных школ муниципалитета, по файлам с "
                    "отметками каждой работы: точный двусторонний биномиальный "
                    "критерий.",
                    "The school's share against that of the municipality's other "
                    "schools, by files with the marks of each paper: the exact "
                    "two-sided binomial test.",
                ),
                section="journal",
            ),
            ObjectivityTest(
                code=PEAK,
                title=Text(
                    "Пик первичных баллов на границе отметки",
                    "A peak of primary scores where a mark begins",
                ),
                compares=Text(
                    "Число работ с граничным баллом против соседних баллов: точный "
                    "односторонний биномиальный критерий.",
                    "The papers at the lowest score of a mark against those at the "
                    "scores around it: an exact one-sided binomial test.",
                ),
                section="peak",
            ),
            ObjectivityTest(
                code=RISE,
                title=Text(
                    "Рост доли низких результатов за год",
                    "Growth of the low share within a year",
                ),
                compares=Text(
                    "Разность долей двух лет в процентных пунктах, без критерия "
                    "значимости.",
                    "The difference of two years' shares in points, without a test of "
                    "significance.",
                ),
                section="rise",
                has_p_value=False,
            ),
            ObjectivityTest(
                code=FALL,
                title=Text(
                    "Падение среднего балла той же параллели",
                    "Fall of the mean mark of the same pupils",
                ),
                compares=Text(
                    "Изменение среднего балла школы против изменения в остальных "
                    "школах муниципалитета: разность разностей, критерий Уэлча.",
                    "The change of the school's mean mark against that of the "
                    "municipality's other schools: difference in differences, Welch's "
                    "test.",
                ),
                section="cohort",
            ),
            ObjectivityTest(
                code=OUTSIDE,
                title=Text(
                    "Показатель вне установленных границ",
                    "A measure outside its limits",
                ),
                compares=Text(
                    "Показатель против границ, которые установил регион или "
                    "муниципалитет.",
                    "The measure against limits set by the region or the municipality.",
                ),
                section="limits",
                has_p_value=False,
            ),
        )
    }
)

REASONS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "too_few_participants": Text(
            "слишком мало участников", "there are too few participants"
        ),
        "too_few_in_other_schools": Text(
            "слишком мало данных других школ муниципалитета",
            "there is too little from the municipality's other schools",
        ),
        "other_schools_all_alike": Text(
            "в остальных школах доля равна 0 или 100 %, сравнивать не с чем",
            "the other schools' share is 0 or 100 %, which nothing can be held against",
        ),
        "no_spread": Text("все отметки одинаковы", "all marks are alike"),
        "no_boundaries": Text(
            "не внесены границы отметок", "the boundaries of marks are not recorded"
        ),
        "no_scores_around_boundary": Text(
            "рядом с границей нет баллов для сравнения",
            "there are no scores around the boundary to compare with",
        ),
        "incomparable_years": Text("годы несопоставимы", "the years are incomparable"),
    }
)

VERDICTS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        SIGN: Text("есть признак", "there is a sign"),
        NO_SIGN: Text("признака нет", "there is no sign"),
        LIMITED: Text(
            "участников мало: с оговоркой, признаком не считается",
            "with reserve, for there are few participants: not counted as a sign",
        ),
        NOT_ASSESSABLE: Text("не оценивается", "not assessable"),
    }
)
