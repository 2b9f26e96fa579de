"""Why a school has no suggested mentor, and why another cannot be its mentor."""

from collections.abc import Mapping
from typing import Final

from shared.domain.errors import Text

OUTCOMES: Final[Mapping[str, Text]] = {
    "suggested": Text("Наставник предложен.", "A mentor is suggested."),
    "has_mentor": Text(
        "У школы уже есть наставник: открытых договоров столько, сколько допускает "
        "методика.",
        "The school has a mentor: as many open agreements as the method allows.",
    ),
    "no_need": Text(
        "Слабых предметов и групп, запросов и дефицитов у школы нет.",
        "The school has no weak subject or group, no request and no deficit.",
    ),
    "not_assessable": Text(
        "О школе слишком мало данных: внесите результаты, баллы или запрос.",
        "Too little is known of the school: enter results, scores or a request.",
    ),
    "no_feasible_mentor": Text(
        "Ни одна школа не подходит: причины по каждой — в исключённых.",
        "No school fits: the reasons stand with those excluded.",
    ),
    "no_places_left": Text(
        "Подходящие наставники есть, но их места нужнее другим школам.",
        "There are mentors that fit, but their places bring others more.",
    ),
}

EXCLUSIONS: Final[Mapping[str, Text]] = {
    "same_school": Text("Это филиал той же школы.", "It is a branch of the school."),
    "open_agreement": Text(
        "Между школами есть открытый договор.", "The two have an open agreement."
    ),
    "same_pair_before": Text(
        "Эта пара уже работала вместе недавно.", "The pair worked together recently."
    ),
    "declined": Text(
        "Координатор отклонил эту пару в этом году.",
        "A coordinator declined the pair this year.",
    ),
    "no_capacity": Text("Школа не берёт подопечных.", "The school takes no mentees."),
    "all_places_taken": Text(
        "Все места наставника заняты договорами.",
        "All places of the mentor are taken by agreements.",
    ),
    "not_offered": Text(
        "Школа не предлагает такой помощи в банке.",
        "The school offers no such help in the bank.",
    ),
    "mentor_on_low_list": Text(
        "Школа сама в перечне школ с низкими результатами.",
        "The school itself is on the list of low results.",
    ),
    "mentor_has_signs": Text(
        "В результатах школы есть признаки необъективности.",
        "The school's results show signs of non-objectivity.",
    ),
    "no_figure_of_mentor": Text(
        "О школе по этому нет данных.", "Nothing is known of the school in this."
    ),
    "too_few_participants": Text(
        "У школы слишком мало участников.", "The school has too few participants."
    ),
    "not_strong_enough": Text(
        "Школа сама недостаточно сильна в этом.",
        "The school is not strong enough in this itself.",
    ),
    "gap_too_small": Text(
        "Школа впереди слишком немного.", "The school is too little ahead."
    ),
    "too_little_benefit": Text(
        "Польза пары меньше наименьшей по методике.",
        "The pair would bring less than the method asks for.",
    ),
}
