"""Moodle XML: the questions of a module as a bank that Moodle imports whole, in one file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lxml import etree

from lms_ims import check_bank
from lms_ims.asked import quiz_questions, self_checks
from lms_toolkit import PackageFormat
from lms_toolkit.errors import ContentError
from lms_toolkit.interfaces import Shell
from lms_toolkit.model import OpenedPackage, PackageFile, PackageItem, Question, RenderedModule
from lms_toolkit.questions.losses import can_hold, moodle_xml_losses
from lms_toolkit.questions.moodlexml import write_moodle_xml
from lms_toolkit.rendering import wording
from lms_toolkit.rendering.markdown import plain_text


class MoodleBank(PackageFormat):
    name = "moodlexml"
    title = "Moodle XML question bank"
    extension = ".xml"
    single_file = True

    def files(self, module: RenderedModule, shell: Shell) -> Iterable[PackageFile]:
        banks = [_bank(name, questions, module) for name, questions in _categories(module)]
        if not banks:
            where = f"{module.course.id}: module {module.module.slug}"
            raise ContentError(
                f"{where} has no question that a Moodle question bank can hold; write some, or leave it out"
            )
        return (PackageFile("questions.xml", _joined(banks)),)

    def items(self, module: RenderedModule) -> tuple[PackageItem, ...]:
        held = (question for _, questions in _categories(module) for question in questions)
        return tuple(PackageItem(question.id, plain_text(question.text, module.language)) for question in held)

    def notes(self, module: RenderedModule, shell: Shell) -> tuple[str, ...]:
        questions = (*quiz_questions(module), *self_checks(module))
        path = module.module.content[module.language].folder
        losses = [finding.message for finding in moodle_xml_losses(questions, path, module.language)]
        if any(question.kind == "ordering" for question in questions):
            losses.append("ordering questions need Moodle 4.4 or later, or its plugin qtype_ordering")
        return tuple(losses)

    def describe(self, package: OpenedPackage) -> tuple[str, tuple[PackageItem, ...]] | None:
        return check_bank.describe(package)


def _categories(module: RenderedModule) -> Iterator[tuple[str, Sequence[Question]]]:
    """The graded questions and the self-checks, each in a category of the module's; `//` is a slash in a name."""
    words = wording(module.language)["page"]
    folder = "/".join(_part(title) for title in (module.course.title[module.language], module.title))
    for title, questions in ((words["quiz_title"], quiz_questions(module)), (words["self_check"], self_checks(module))):
        held = [question for question in questions if can_hold(question)]
        if held:
            yield f"{folder}/{_part(title)}", held


def _part(title: str) -> str:
    return " ".join(title.split()).replace("/", "//")


def _bank(category: str, questions: Sequence[Question], module: RenderedModule) -> bytes:
    folder = module.module.content[module.language].folder
    return write_moodle_xml(questions, category, language=module.language, folder=folder)


def _joined(banks: Sequence[bytes]) -> bytes:
    """One file with the categories of all."""
    first, *others = [_parsed(bank) for bank in banks]
    for other in others:
        first.extend(other)
    return etree.tostring(first, encoding="UTF-8", xml_declaration=True) + b"\n"


def _parsed(bank: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    )  # pictures are long
    try:
        return etree.fromstring(bank, parser)
    except etree.XMLSyntaxError as error:
        message = f"a question has a character that XML cannot hold ({error.msg}); remove control characters from it"
        raise ContentError(message) from error
