"""Turns a report into one HTML page: no script, no other file, nothing from the network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from lms_toolkit.content import templates_path
from lms_toolkit.reporting.drawing import histogram, progress_bar, share_bar
from lms_toolkit.reporting.figures import AtRisk, Lack, Progress, QuestionFigures, Report, Signal
from lms_toolkit.reporting.question_figures import HARD, MIN_ANSWERS
from lms_toolkit.reporting.wording import Wording, wording_for

NAMED = 3
"""So many titles are written out where there is a list of them; the rest is a number."""
SECTIONS = ("key_figures", "progress", "scores", "risk", "questions", "certificates")


def report_html(report: Report) -> str:
    """The page, in the language of the course page if there are words in it, else in English."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(templates_path() / "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = wording_for(report.language, report.timezone)
    risk_title = words.say("risk_over_title" if report.is_over else "risk_title")
    return environment.get_template("page.html.j2").render(
        report=report,
        words=words,
        say=words.say,
        style=(templates_path() / "report" / "style.css").read_text(encoding="utf-8"),
        is_in_its_language=words.language == report.language.partition("-")[0],
        risk_title=risk_title,
        sections=[(name, risk_title if name == "risk" else words.say(name)) for name in SECTIONS],
        as_of=words.say("as_of", at=words.moment(report.at), pulled=words.moment(report.pulled_at)),
        runs=_runs(report, words),
        key_figures=list(_key_figures(report, words)),
        progress=[_progress(one, words) for one in report.progress],
        scores=_scores(report, words),
        reasons=_reasons(report, words),
        at_risk=[_at_risk(number, one, report, words) for number, one in enumerate(report.at_risk, start=1)],
        questions=[_question(one, words) for one in report.questions],
        least=MIN_ANSWERS,
        certificates=_certificates(report, words),
    )


def _runs(report: Report, words: Wording) -> str:
    if report.starts_on is None or report.ends_on is None:
        return ""
    return words.say("runs", start=words.day(report.starts_on), end=words.day(report.ends_on))


def _key_figures(report: Report, words: Wording) -> Iterator[tuple[str, str, str]]:
    """What, how much, and how much of all."""

    def share(count: int) -> str:
        if not report.learners:
            return ""
        return words.say("of_all", percent=words.percent(100 * count / report.learners))

    risky = len(report.at_risk)
    valid = sum(one.state == "valid" for one in report.certificates)
    middle = report.scores.median_percent
    yield words.say("learners"), words.number(report.learners), ""
    yield words.say("begun"), words.number(report.begun), share(report.begun)
    yield words.say("earned"), words.number(report.earned), share(report.earned)
    yield words.say("not_earned" if report.is_over else "at_risk"), words.number(risky), share(risky)
    yield words.say("median"), "–" if middle is None else words.percent(middle), ""
    yield words.say("certificates_valid"), words.number(valid), ""


def _progress(one: Progress, words: Wording) -> dict[str, Any]:
    return {
        "title": one.title,
        "bar": progress_bar(one),
        "counts": [words.number(count) for count in (one.done, one.under_way, one.not_begun)],
        "mean": "–" if one.mean_percent is None else words.percent(one.mean_percent),
        "due": "–" if one.due_at is None else words.day_of(one.due_at),
        "late": words.number(one.late) if one.late else "–",
    }


def _scores(report: Report, words: Wording) -> dict[str, Any] | None:
    scores = report.scores
    if not scores.graded or scores.mean_percent is None or scores.median_percent is None:
        return None
    mean = words.say(
        "scores_mean",
        mean=words.percent(scores.mean_percent),
        median=words.percent(scores.median_percent),
        reached=words.number(scores.reached),
        graded=words.number(scores.graded),
        mark=words.percent(scores.pass_mark_percent),
    )
    width = 100 // len(scores.counts)
    ranges = [words.say("range_of", low=low, high=low + width) for low in range(0, 100, width)]
    return {
        "text": words.say("scores_text", graded=words.number(scores.graded), ungraded=words.number(scores.ungraded)),
        "mean": mean,
        "drawing": histogram(scores, words, f"{words.say('scores')}. {mean}"),
        "rows": [
            (tenth, words.number(count), words.percent(100 * count / scores.graded))
            for tenth, count in zip(ranges, scores.counts, strict=True)
        ],
    }


def _at_risk(number: int, one: AtRisk, report: Report, words: Wording) -> dict[str, Any]:
    late = {title for signal in one.signals for title in signal.titles}
    lacks = [_lack(lack, words) for lack in one.lacks if lack.title not in late or not lack.title]
    return {
        "name": words.say("learner_number", number=number) if report.is_anonymous else one.name,
        "level": one.level,
        "level_text": words.say(f"level_{one.level}"),
        "why": [_signal(signal, words) for signal in one.signals],
        "missing": _some(list(dict.fromkeys(lacks)), words),
        "percent": "–" if one.percent is None else words.percent(one.percent),
        "last": words.say("never") if one.last_active_at is None else words.day_of(one.last_active_at),
    }


def _reasons(report: Report, words: Wording) -> str:
    """How many are at risk for which reason."""
    counts = Counter(signal.kind for one in report.at_risk for signal in one.signals)
    return words.say(
        "reasons",
        high=words.number(sum(one.level == "high" for one in report.at_risk)),
        late=words.number(counts["late"]),
        not_begun=words.number(counts["not-begun"]),
        inactive=words.number(counts["inactive"]),
        low=words.number(counts["low"]),
    )


def _signal(signal: Signal, words: Wording) -> str:
    return words.say(
        f"signal_{signal.kind}",
        what=_some(signal.titles, words),
        count=words.number(len(signal.titles)),
        days=words.number(signal.days),
    )


def _lack(lack: Lack, words: Wording) -> str:
    """What is missing; in the rule's own words where it is a plugin's."""
    key = f"lack_{lack.rule}"
    if key in words.texts:
        return words.say(key, title=lack.title)
    return lack.title or lack.fact


def _some(titles: Sequence[str], words: Wording) -> str:
    named = list(titles) if len(titles) <= NAMED + 1 else list(titles[:NAMED])
    more = len(titles) - len(named)
    return "; ".join([*named, *([words.say("more", count=words.number(more))] if more else [])]) or "–"


def _question(one: QuestionFigures, words: Wording) -> dict[str, Any]:
    right = one.right_percent
    return {
        "title": one.title,
        "text": one.text,
        "answered": words.number(one.answered),
        "right": words.say("not_scored") if right is None else words.percent(right),
        "bar": "" if right is None else share_bar(right, "below" if right < HARD else "done"),
        "discrimination": "–" if one.discrimination is None else _correlation(one.discrimination, words),
        "wrong": [words.say("times", text=wrong.text, count=words.number(wrong.count)) for wrong in one.wrong],
        "remarks": [words.say(f"remark_{remark}") for remark in one.remarks],
    }


def _correlation(value: float, words: Wording) -> str:
    return words.number(value, 2).replace("-", "−")


def _certificates(report: Report, words: Wording) -> dict[str, Any]:
    states = Counter(words.say(f"state_{one.state}") for one in report.certificates)
    listed = ", ".join(f"{words.number(count)} {state}" for state, count in states.most_common())
    return {
        "summary": words.say("certificates_count", count=words.number(len(report.certificates)), states=listed),
        "rows": [
            (one.name, one.title, one.code, words.day(one.issued_on), one.state, words.say(f"state_{one.state}"))
            for one in report.certificates
        ],
    }
