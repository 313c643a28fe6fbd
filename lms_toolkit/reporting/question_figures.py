"""Works out what learners' answers say about the questions: how hard each is, and whether it tells people apart.

Only first attempts count: later ones have seen the right answers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from lms_toolkit.model import Answer, Attempt, Question
from lms_toolkit.reporting.figures import QuestionFigures, Remark, WrongAnswer
from lms_toolkit.reporting.responses import is_chosen, plain, readable

MIN_ANSWERS = 30
"""So many answers make a correlation worth reading: with fewer, chance alone gives 0.3 and more."""
SHOWN_WRONG = 3
HARD, EASY, WEAK = 30.0, 95.0, 0.1
_WORTH = {"correct": 1.0, "partial": 0.5, "incorrect": 0.0, "unanticipated": 0.0}

Key = tuple[str, str, str]
"""Item, lesson and question."""


@dataclass(frozen=True, slots=True)
class _Given:
    """An answer, what it was worth (None if it earns no points), and the mean of the rest of its attempt."""

    answer: Answer
    worth: float | None
    rest: float | None


def question_figures(
    attempts: Iterable[Attempt],
    accounts: Collection[str],
    titles: Mapping[str, str],
    known: Mapping[str, Mapping[str, Question]],
    *,
    with_words: bool = True,
) -> tuple[int, list[QuestionFigures]]:
    """How many answers there are, and the figures of each question in the order of the page.

    `titles` are those of items by their key, `known` the questions of an item by their ids. Without `with_words`, only
    answers in the course's words are shown: what people typed may tell who they are.
    """
    given: defaultdict[Key, list[_Given]] = defaultdict(list)
    for attempt in _first(attempts, accounts):
        worths = [_WORTH.get(answer.result) for answer in attempt.answers]
        for number, answer in enumerate(attempt.answers):
            others = [worth for place, worth in enumerate(worths) if worth is not None and place != number]
            rest = sum(others) / len(others) if others else None
            given[attempt.item, answer.sco, answer.question].append(_Given(answer, worths[number], rest))
    order = {item: number for number, item in enumerate(titles)}
    places = {item: {id: number for number, id in enumerate(questions)} for item, questions in known.items()}

    def place(key: Key) -> tuple[int, int, Key]:
        return order.get(key[0], len(order)), places.get(key[0], {}).get(key[2], len(given)), key

    figures = [
        _figures(given[key], titles.get(key[0], key[0]), known.get(key[0], {}).get(key[2]), with_words=with_words)
        for key in sorted(given, key=place)
    ]
    return sum(map(len, given.values())), figures


def _first(attempts: Iterable[Attempt], accounts: Collection[str]) -> list[Attempt]:
    """The first attempt with answers of each account at each item."""
    found: dict[tuple[str, str], Attempt] = {}
    for attempt in attempts:
        key = attempt.user_ref, attempt.item
        if attempt.answers and attempt.user_ref in accounts:
            before = found.get(key)
            if before is None or attempt.number < before.number:
                found[key] = attempt
    return list(found.values())


def _figures(given: Sequence[_Given], title: str, question: Question | None, *, with_words: bool) -> QuestionFigures:
    scored = [one.worth for one in given if one.worth is not None]
    right = sum(scored) / len(scored) * 100 if scored else None
    discrimination = _discrimination(given)
    return QuestionFigures(
        title=title,
        text=plain(question.text) if question else plain(given[0].answer.text) or given[0].answer.question,
        answered=len(given),
        right_percent=right,
        discrimination=discrimination,
        wrong=_wrong(given, question) if with_words or is_chosen(question) else (),
        remarks=_remarks(right, discrimination, len(scored)),
    )


def _discrimination(given: Sequence[_Given]) -> float | None:
    """The correlation of a question's worth with the rest of the attempt; None where chance may have made it."""
    pairs = [(one.worth, one.rest) for one in given if one.worth is not None and one.rest is not None]
    if len(pairs) < MIN_ANSWERS:
        return None
    worths, rests = [worth for worth, _ in pairs], [rest for _, rest in pairs]
    worth_mean, rest_mean = sum(worths) / len(pairs), sum(rests) / len(pairs)
    worth_spread = sum((worth - worth_mean) ** 2 for worth in worths)
    rest_spread = sum((rest - rest_mean) ** 2 for rest in rests)
    if worth_spread < 1e-9 or rest_spread < 1e-9:
        return None  # all the same: there is nothing to tell apart
    return sum((worth - worth_mean) * (rest - rest_mean) for worth, rest in pairs) / sqrt(worth_spread * rest_spread)


def _wrong(given: Sequence[_Given], question: Question | None) -> tuple[WrongAnswer, ...]:
    counts = Counter(readable(one.answer.response, question) for one in given if one.worth == 0.0)
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return tuple(WrongAnswer(text, count) for text, count in ordered[:SHOWN_WRONG])


def _remarks(right: float | None, discrimination: float | None, scored: int) -> tuple[Remark, ...]:
    """What an author may want to look at; of a handful of answers nothing is said."""
    remarks: list[Remark] = []
    if right is not None and scored >= MIN_ANSWERS:
        if right < HARD:
            remarks.append("hard")
        elif right > EASY:
            remarks.append("easy")
    if discrimination is not None and discrimination < WEAK:
        remarks.append("against" if discrimination < 0 else "weak")
    return tuple(remarks)
