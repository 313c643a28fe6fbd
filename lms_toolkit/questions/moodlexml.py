"""Writes questions as Moodle XML, the one form in which a Moodle imports them whole.

Texts go out as HTML, as Moodle's editors want them, with the files they show inside. Every question carries its id as
Moodle's ID number, so that a second import can be told from the first. What Moodle cannot hold is named by
`losses.moodle_xml_losses`; a question that would be marked differently there is left out.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape, quoteattr

from lms_toolkit.errors import ContentError
from lms_toolkit.model import Question
from lms_toolkit.questions.losses import can_hold
from lms_toolkit.questions.notation import ACCENT_INSENSITIVE, answers_and_replies, name_of, number, share_percent
from lms_toolkit.rendering.markdown import block_html, inline_html, plain_text
from lms_toolkit.rendering.sanitising import references, sanitise

TYPES = {
    "single": "multichoice",
    "multiple": "multichoice",
    "true-false": "truefalse",
    "matching": "matching",
    "ordering": "ordering",
    "fill-in": "shortanswer",
    "numeric": "numerical",
    "short-text": "essay",
}
PLUGIN_FILE = "@@PLUGINFILE@@/"


@dataclass(frozen=True, slots=True)
class _Setting:
    """What texts are rendered with: their language, and the folder that holds the files they show."""

    language: str
    folder: Path | None


def write_moodle_xml(
    questions: Iterable[Question], category: str, *, language: str = "en", folder: Path | None = None
) -> bytes:
    """A question bank in one category; `/` in its name makes a category inside another.

    `folder` is where the files are that texts show or link to. Raises ContentError when one cannot be read.
    """
    setting = _Setting(language, folder)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>", *_category(category)]
    for question in questions:
        if can_hold(question):
            lines += _question(question, setting)
    return "\n".join([*lines, "</quiz>", ""]).encode()


def _category(name: str) -> Iterator[str]:
    yield '<question type="category">'
    yield f"<category><text>{escape('$course$/top/' + name)}</text></category>"
    yield '<info format="html"><text></text></info>'
    yield "</question>"


def _question(question: Question, setting: _Setting) -> Iterator[str]:
    yield f'<question type="{TYPES[question.kind]}">'
    yield f"<name><text>{escape(name_of(question, setting.language))}</text></name>"
    yield _rich("questiontext", _block(question.text, setting), setting)
    yield _rich("generalfeedback", _block(question.feedback, setting), setting)
    yield f"<defaultgrade>{number(question.points)}</defaultgrade>"
    yield f"<penalty>{1 if question.kind == 'true-false' else 0.3333333}</penalty>"
    yield "<hidden>0</hidden>"
    yield f"<idnumber>{escape(question.id)}</idnumber>"
    yield from _BODIES[question.kind](question, setting)
    if question.hint:
        yield _rich("hint", _inline(question.hint, setting), setting)
    yield from _tags(question)
    yield "</question>"


def _single(question: Question, setting: _Setting) -> Iterator[str]:
    yield from _choice_settings(single=True)
    for option in question.options:
        yield _answer("100" if option.correct else "0", option.text, option.feedback, setting)


def _multiple(question: Question, setting: _Setting) -> Iterator[str]:
    """Each right option is worth its share and each wrong one costs as much, which is how our own pages mark."""
    yield from _choice_settings(single=False)
    share = share_percent(sum(option.correct for option in question.options))
    for option in question.options:
        yield _answer(f"{share}" if option.correct else f"-{share}", option.text, option.feedback, setting)


def _choice_settings(*, single: bool) -> Iterator[str]:
    yield f"<single>{'true' if single else 'false'}</single>"
    yield "<shuffleanswers>true</shuffleanswers>"
    yield "<answernumbering>none</answernumbering>"


def _true_false(question: Question, setting: _Setting) -> Iterator[str]:
    for word, option in zip(("true", "false"), question.options, strict=True):
        feedback = _rich("feedback", _inline(option.feedback, setting), setting)
        fraction = "100" if option.correct else "0"
        yield f'<answer fraction="{fraction}" format="moodle_auto_format"><text>{word}</text>{feedback}</answer>'


def _matching(question: Question, setting: _Setting) -> Iterator[str]:
    yield "<shuffleanswers>true</shuffleanswers>"
    for pair in question.pairs:
        yield _subquestion(_inline(pair.left, setting), pair.right, setting)
    for right in question.distractors:
        yield _subquestion("", right, setting)


def _subquestion(html: str, right: str, setting: _Setting) -> str:
    answer = escape(plain_text(right, setting.language))
    inside = f"{_text(html)}{_files(html, setting)}<answer><text>{answer}</text></answer>"
    return f'<subquestion format="html">{inside}</subquestion>'


def _ordering(question: Question, setting: _Setting) -> Iterator[str]:
    """Graded by place, as our own pages do."""
    yield "<layouttype>VERTICAL</layouttype>"
    yield "<selecttype>ALL</selecttype>"
    yield f"<selectcount>{len(question.items)}</selectcount>"
    yield "<gradingtype>ABSOLUTE_POSITION</gradingtype>"
    yield "<showgrading>SHOW</showgrading>"
    yield "<numberingstyle>none</numberingstyle>"
    # without it Moodle 4.5 makes up two hints, and fails to save them (qtype_ordering::import_from_xml)
    yield "<shownumcorrect>1</shownumcorrect>"
    for place, item in enumerate(question.items, start=1):
        yield f'<answer fraction="{place}" format="html">{_text(_inline(item, setting))}</answer>'


def _fill_in(question: Question, setting: _Setting) -> Iterator[str]:
    yield f"<usecase>{int(question.case_sensitive)}</usecase>"
    for answer, share, feedback in answers_and_replies(question):
        spelled = answer.replace("*", r"\*")  # a bare * stands for any letters
        yield f"{_typed(spelled, share, feedback, setting)}</answer>"


def _numeric(question: Question, setting: _Setting) -> Iterator[str]:
    for answer, share, feedback in answers_and_replies(question):
        tolerance = number(question.tolerance if share else 0.0)
        yield f"{_typed(answer, share, feedback, setting)}<tolerance>{tolerance}</tolerance></answer>"
    if question.unit:
        name = escape(question.unit)
        yield f"<units><unit><multiplier>1</multiplier><unit_name>{name}</unit_name></unit></units>"
    yield "<unitgradingtype>0</unitgradingtype>"
    # 0: a unit may be typed behind the number; 3: there is none
    yield f"<showunits>{0 if question.unit else 3}</showunits>"
    yield "<unitsleft>0</unitsleft>"


def _typed(text: str, share: int, feedback: str, setting: _Setting) -> str:
    """An answer that is typed, still open at its end."""
    told = _rich("feedback", _inline(feedback, setting), setting)
    return f'<answer fraction="{share}" format="moodle_auto_format"><text>{escape(text)}</text>{told}'


def _short_text(question: Question, setting: _Setting) -> Iterator[str]:
    yield "<responseformat>plain</responseformat>"
    yield "<responserequired>1</responserequired>"
    yield "<responsefieldlines>5</responsefieldlines>"
    yield "<attachments>0</attachments>"
    yield "<attachmentsrequired>0</attachmentsrequired>"
    yield '<graderinfo format="html"><text></text></graderinfo>'
    yield '<responsetemplate format="html"><text></text></responsetemplate>'


_BODIES: dict[str, Callable[[Question, _Setting], Iterator[str]]] = {
    "single": _single,
    "multiple": _multiple,
    "true-false": _true_false,
    "matching": _matching,
    "ordering": _ordering,
    "fill-in": _fill_in,
    "numeric": _numeric,
    "short-text": _short_text,
}


def _tags(question: Question) -> Iterator[str]:
    if question.kind == "fill-in" and not question.accent_sensitive:
        yield f"<tags><tag><text>{ACCENT_INSENSITIVE}</text></tag></tags>"


def _answer(fraction: str, text: str, feedback: str, setting: _Setting) -> str:
    html = _inline(text, setting)
    told = _rich("feedback", _inline(feedback, setting), setting)
    return f'<answer fraction="{fraction}" format="html">{_text(html)}{_files(html, setting)}{told}</answer>'


def _rich(tag: str, html: str, setting: _Setting) -> str:
    return f'<{tag} format="html">{_text(html)}{_files(html, setting)}</{tag}>'


def _text(html: str) -> str:
    for target in _local_targets(html):
        html = html.replace(f'"{target}"', f'"{PLUGIN_FILE}{quote(unquote(target))}"')
    return f"<text>{escape(html)}</text>"


def _files(html: str, setting: _Setting) -> str:
    return "".join(_file(unquote(target), setting) for target in _local_targets(html))


def _file(target: str, setting: _Setting) -> str:
    if setting.folder is None:
        raise ContentError(f"a question shows {target}; say in which folder it is to write it as Moodle XML")
    try:
        data = (setting.folder / target).read_bytes()
    except OSError as error:
        path = setting.folder / target
        raise ContentError(f"{path} cannot be read ({error.strerror}); a question shows it") from error
    folder, _, name = f"/{target}".rpartition("/")
    where = f'name={quoteattr(name)} path={quoteattr(folder + "/")} encoding="base64"'
    return f"<file {where}>{b64encode(data).decode()}</file>"


def _local_targets(html: str) -> list[str]:
    """The files of the course that a text shows or links to, each once."""
    targets = (reference.target for reference in references(html) if reference.kind in ("resource", "link"))
    return list(dict.fromkeys(target for target in targets if _is_local(target)))


def _is_local(target: str) -> bool:
    return bool(target) and not target.startswith(("#", "/")) and ":" not in target.split("/", 1)[0]


def _block(text: str, setting: _Setting) -> str:
    return sanitise(block_html(text, setting.language)).strip() if text else ""


def _inline(text: str, setting: _Setting) -> str:
    return sanitise(inline_html(text, setting.language)) if text else ""
