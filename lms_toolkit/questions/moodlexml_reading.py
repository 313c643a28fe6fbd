"""Reads Moodle XML; every question that our source cannot say is named with its line and left out.

Settings of Moodle's own behaviours (penalty for a new try, numbering of options, standard instruction, hidden) are not
part of a question here and are passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree

from lms_toolkit.errors import ContentError, PackageError
from lms_toolkit.inspecting.xml_reading import has_doctype, parse_xml
from lms_toolkit.model import Question
from lms_toolkit.questions import building_blocks as make
from lms_toolkit.questions.building_blocks import Answer, Head
from lms_toolkit.questions.drafts import Imported, Log, NotExpressible, with_own_ids
from lms_toolkit.questions.from_html import PLUGIN_FILE, as_markdown
from lms_toolkit.questions.media import MediaBox
from lms_toolkit.questions.notation import ACCENT_INSENSITIVE
from lms_toolkit.questions.plain_text import inline_literal

_FORMATS = {"html": "html", "markdown": "markdown", "plain_text": "plain", "moodle_auto_format": "moodle"}
_FOREIGN = {
    "description": "it is a text to read, which belongs into a lesson",
    "cloze": "several questions in one text are not among our kinds",
    "multianswer": "several questions in one text are not among our kinds",
}
_MAX_POINTS = 1000


def read_moodle_xml(path: Path, data: bytes) -> Imported:
    """Every question of a file that our source can say.

    Raises ContentError when the file is not well-formed, is something else, or declares a DOCTYPE: entities can read
    files or fill the memory of whoever opens them.
    """
    log, media = Log(path), MediaBox()
    made: list[Question] = []
    for element in _root(path, data).iterchildren("question"):
        question = _read_or_report(element, log, media)
        if question is not None:
            made.append(question)
    return Imported(tuple(with_own_ids(made)), tuple(log.findings), dict(sorted(media.files.items())))


def _root(path: Path, data: bytes) -> etree._Element:
    if has_doctype(data):
        raise ContentError(f"{path} declares a DOCTYPE, which no Moodle writes; remove it and its entities")
    try:
        root = parse_xml(data)
    except PackageError as error:
        raise ContentError(f"{path} is not well-formed XML: {error}; export the questions again") from error
    if root.tag != "quiz":
        raise ContentError(f"{path} is XML, but no Moodle XML: it begins with <{root.tag}> where <quiz> is needed")
    return root


def _read_or_report(element: etree._Element, log: Log, media: MediaBox) -> Question | None:
    kind, line = element.get("type", ""), _line(element)
    if kind == "category":
        log.note(f"the category {_plain(element, 'category/text')} has no place in questions.yaml", line)
        return None
    name = f"“{_plain(element, 'name/text') or kind}”"
    try:
        return _Reader(element, name, log, media).question(kind)
    except NotExpressible as reason:
        log.left_out(name, str(reason), line)
        return None


def _line(element: etree._Element) -> int:
    line: int = element.sourceline  # type: ignore[assignment]  # a number wherever a file was parsed
    return line


def _plain(element: etree._Element, path: str) -> str:
    return " ".join((element.findtext(path) or "").split())


class _Reader:
    """One question element."""

    def __init__(self, element: etree._Element, name: str, log: Log, media: MediaBox) -> None:
        self.element = element
        self.name = name
        self.log = log
        self.media = media
        self.line = _line(element)

    def question(self, kind: str) -> Question:
        read = _KINDS.get(kind)
        if read is None:
            raise NotExpressible(_FOREIGN.get(kind, f"questions of the type {kind} are not among our kinds"))
        head = Head(
            id=_plain(self.element, "idnumber") or _plain(self.element, "name/text"),
            name=self.name,
            text=self._rich(self.element.find("questiontext"), inline=False),
            feedback=self._rich(self.element.find("generalfeedback"), inline=False),
            points=self._points(kind),
            line=self.line,
            hint=self._rich(self.element.find("hint"), inline=True),
        )
        question = read(self, head)
        self._report_what_stays_behind()
        return question

    def _points(self, kind: str) -> float:
        text = _plain(self.element, "defaultgrade") or "1"
        points = make.to_number(text)
        if 0 < points <= _MAX_POINTS or kind == "essay":
            return points
        raise NotExpressible(f"it is worth {text} marks; here a question is worth more than 0 and up to {_MAX_POINTS}")

    def _report_what_stays_behind(self) -> None:
        tags = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
        if any(_plain(self.element, f"{tag}/text") for tag in tags):
            note = f"{self.name} came in without its texts for right, partly right and wrong answers"
            self.log.note(note, self.line)
        if len(self.element.findall("hint")) > 1:
            self.log.partly(self.name, "its second hint, and any further one", self.line)
        if _plain(self.element, "shuffleanswers") in ("0", "false"):
            self.log.partly(self.name, "the fixed order of its answers; here they are shuffled", self.line)

    def choice(self, head: Head) -> Question:
        single = _plain(self.element, "single") in ("true", "1", "")
        return make.choice(head, list(self._answers(rich=True)), single=single, log=self.log)

    def true_false(self, head: Head) -> Question:
        answers = {answer.text.lower(): answer for answer in self._answers(rich=False)}
        if set(answers) != {"true", "false"}:
            raise NotExpressible("a true-false question has the answers true and false")
        told = (answers["true"].feedback, answers["false"].feedback)
        return make.true_false(head, answers["true"].share_percent > 0, told)

    def short_text(self, head: Head) -> Question:
        return make.short_text(head, self.log)

    def fill_in(self, head: Head) -> Question:
        tags = {" ".join((tag.text or "").split()) for tag in self.element.iterfind("tags/tag/text")}
        case, accents = _plain(self.element, "usecase") == "1", ACCENT_INSENSITIVE not in tags
        return make.fill_in(head, list(self._answers(rich=False)), case=case, accents=accents, log=self.log)

    def numeric(self, head: Head) -> Question:
        units = [_plain(unit, "unit_name") for unit in self.element.iterfind("units/unit")]
        if len(units) > 1:
            self.log.partly(self.name, f"the units {', '.join(units[1:])}", self.line)
        if _plain(self.element, "unitgradingtype") not in ("", "0"):
            self.log.partly(self.name, "marks for the unit", self.line)
        return make.numeric(head, list(self._answers(rich=False)), units[0] if units else "", self.log)

    def matching(self, head: Head) -> Question:
        pairs = [
            (self._rich(sub, inline=True), inline_literal(_plain(sub, "answer/text")))
            for sub in self.element.iterchildren("subquestion")
        ]
        return make.matching(head, pairs)

    def ordering(self, head: Head) -> Question:
        if _plain(self.element, "selecttype") not in ("", "ALL"):
            self.log.partly(self.name, "showing only some of its items", self.line)
        if _plain(self.element, "gradingtype") != "ABSOLUTE_POSITION":
            self.log.partly(self.name, "its way of marking; here each item in its place earns its share", self.line)
        answers = sorted(self._answers(rich=True), key=lambda answer: answer.share_percent)
        return make.ordering(head, [answer.text for answer in answers])

    def _answers(self, *, rich: bool) -> Iterator[Answer]:
        for element in self.element.iterchildren("answer"):
            text = self._rich(element, inline=True) if rich else (element.findtext("text") or "").strip()
            feedback = self._rich(element.find("feedback"), inline=True)
            share = make.to_number(element.get("fraction", "0"))
            tolerance = make.to_number(_plain(element, "tolerance") or "0")
            yield Answer(text, share, feedback, tolerance)

    def _rich(self, element: etree._Element | None, *, inline: bool) -> str:
        """A text with its files, as Markdown."""
        if element is None:
            return ""
        text = (element.findtext("text") or "").strip()
        form = _FORMATS.get(element.get("format", "html"), "html")
        files = dict(self._files(element, text))
        converted = as_markdown(text, form, files, inline=inline)
        for lost in converted.lost:
            self.log.partly(self.name, lost, self.line)
        return converted.markdown

    def _files(self, element: etree._Element, text: str) -> Iterator[tuple[str, str]]:
        """Each file that a text shows: its path in Moodle, and its new name in the module's folder."""
        for file in element.iterchildren("file"):
            path = (file.get("path", "/") + file.get("name", "")).lstrip("/")
            target = self.media.put(path, file.text or "") if PLUGIN_FILE in text else None
            if target is None:
                self.log.partly(self.name, f"the file {path}, which cannot be read or is not shown", self.line)
            else:
                yield path, target


_KINDS: dict[str, Callable[[_Reader, Head], Question]] = {
    "multichoice": _Reader.choice,
    "truefalse": _Reader.true_false,
    "essay": _Reader.short_text,
    "shortanswer": _Reader.fill_in,
    "numerical": _Reader.numeric,
    "matching": _Reader.matching,
    "ordering": _Reader.ordering,
}
