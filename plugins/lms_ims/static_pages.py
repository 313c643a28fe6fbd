"""Lessons as plain HTML for platforms that keep the body of a page and nothing around it, as Moodle does on import.

No script, no style sheet, no form, and only elements that HTML cleaners let through: what gives a block its frame goes
with the element. A self-check shows its question in its place and its answer at the end of the page; a folded answer
would be unfolded by the cleaners. The terms of a page are explained there too. A chart is told by its table. The title
is left to the platform, which writes it above the page.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree, html
from markupsafe import Markup

from lms_ims.local_links import parse, serialise
from lms_toolkit.interfaces import Shell
from lms_toolkit.model import Question, RenderedModule, RenderedPage
from lms_toolkit.rendering import wording
from lms_toolkit.rendering.pages import text_direction
from lms_toolkit.rendering.questions import key_data, question_view

if TYPE_CHECKING:
    from jinja2 import Environment

_FRAME = "border-inline-start:4px solid #0b5cad;border-left:4px solid #0b5cad;padding:0.25em 1em;margin:1em 0"
_RIGHT_FRAME = "border-right:4px solid #0b5cad;padding:0.25em 1em;margin:1em 0"
_PLAIN = {"section": "div", "aside": "div", "figure": "div", "figcaption": "div"}
_LABEL = "font-weight:bold"
_PICTURE = "max-width:100%;height:auto"
_CELL = "border:1px solid #8a8f98;padding:0.3em 0.6em"


def static_page(module: RenderedModule, page: RenderedPage, shell: Shell) -> bytes:
    """The complete file of a lesson."""
    direction = text_direction(module.language)
    template = _environment(shell.templates).get_template("cartridge/lesson.html.j2")
    return template.render(
        body=Markup(_body(page, module.language, direction, shell)),  # sanitised by the rendering step
        direction=direction,
        language=module.language,
        module_title=module.title,
        page=page,
    ).encode()


def _body(page: RenderedPage, language: str, direction: str, shell: Shell) -> str:
    tree = parse(page.html)
    questions = {question.id: question for question in page.questions}
    asked: list[Question] = []
    for place in list(tree.iter("div")):
        question = questions.get(place.get("data-self-check", ""))
        if question is not None:
            asked.append(question)
            _replace(place, parse(_self_check("question", question, len(asked), language, shell)))
    for number, question in enumerate(asked, 1):
        answer = parse(_self_check("answer", question, number, language, shell))
        answer.set("class", "block")
        tree.append(answer)
    _gather_explanations(tree, language)
    _drop_drawings(tree)
    _make_plain(tree)
    _frame_blocks(tree, direction)
    return serialise(tree)


def _replace(place: html.HtmlElement, element: html.HtmlElement) -> None:
    element.tail = place.tail
    element.set("class", "block")
    place.getparent().replace(place, element)


def _self_check(part: str, question: Question, number: int, language: str, shell: Shell) -> str:
    """The `question` in its place, or its `answer` at the end of the page; `number` joins the two."""
    key = key_data(question, language, reveal=True)
    return (
        _environment(shell.templates)
        .get_template(f"cartridge/{part}.html.j2")
        .render(
            answer=Markup(key["answerHtml"]),  # sanitised with the question, as its feedback is
            feedback=Markup(key["feedback"]),
            number=number,
            question=question_view(question, language),
            words=wording(language),
        )
    )


def _gather_explanations(tree: html.HtmlElement, language: str) -> None:
    """Terms become plain words: an explanation that opens over the text would stand in the middle of its sentence."""
    explanations: dict[str, html.HtmlElement] = {}
    for explanation in [span for span in tree.iter("span") if span.get("class") == "explanation"]:
        explanations.setdefault(explanation.text_content(), explanation)
        explanation.drop_tree()  # what follows it stays in its place
    for term in [button for button in tree.iter("button") if button.get("class") == "term"]:
        term.drop_tag()
    if not explanations:
        return
    block = html.Element("div", {"class": "block"})
    label = etree.SubElement(block, "p", {"class": "block-label"})
    label.text = wording(language)["blocks"]["glossary"]
    for explanation in explanations.values():
        explanation.tag, explanation.tail = "p", None
        explanation.attrib.clear()
        block.append(explanation)
    tree.append(block)


def _drop_drawings(tree: html.HtmlElement) -> None:
    """Cleaners take the lines of a chart away and leave its numbers in a heap; the table below it says the same."""
    for drawing in list(tree.iter("svg")):
        holder = drawing.getparent()
        if holder is not None and "chart-wrap" in (holder.get("class") or "").split():
            holder.drop_tree()


def _make_plain(tree: html.HtmlElement) -> None:
    """Cleaners take unknown elements away and leave their content without its frame."""
    for element in tree.iter(*_PLAIN):
        element.tag = _PLAIN[element.tag]
        for name in ("role", "tabindex", "aria-label", "aria-labelledby"):
            element.attrib.pop(name, None)


def _frame_blocks(tree: html.HtmlElement, direction: str) -> None:
    """Frames and sizes as attributes: the only style that survives being cut out of its page."""
    for element in tree.iter(etree.Element):
        classes = (element.get("class") or "").split()
        if "block" in classes:
            element.set("style", _FRAME if direction == "ltr" else _RIGHT_FRAME)
        elif "block-label" in classes:
            element.set("style", _LABEL)
        elif element.tag == "img":
            element.set("style", _PICTURE)
        elif element.tag in ("td", "th"):
            element.set("style", _CELL)


@lru_cache
def _environment(folders: tuple[Path, ...]) -> Environment:
    """Our templates, which a file of the same name in the shell's folders takes the place of."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        autoescape=True,
        loader=FileSystemLoader([*folders, Path(__file__).with_name("templates")]),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
