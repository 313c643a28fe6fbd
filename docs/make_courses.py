"""Writes docs/courses.md anew from the courses themselves: `python docs/make_courses.py`.

Every number is counted; the sizes are those of packages built for it. A test holds the page to what `page` says now.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from lms_toolkit.building import build, make_shell
from lms_toolkit.courses import load
from lms_toolkit.courses.prose import module_prose
from lms_toolkit.manager import Plugins
from lms_toolkit.model import Course, Edition, Module, ModuleContent, Question

COURSES_PAGE = Path(__file__).with_name("courses.md")
FORMAT = "scorm12"

Key = tuple[str, str, str]
"""A package: course, module, language."""
Sizes = Mapping[Key, int]
"""Bytes of each package."""

_MARKS = re.compile(r"\]\([^)]*\)|^:::+ *[a-z-]*|\{\.\w+\}", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_REFERENCES = re.compile(r"^:::+ *references[^\n]*\n(.*?)^:::+ *$", re.MULTILINE | re.DOTALL)
_LANGUAGE_NAMES = {"en": "English", "es": "Spanish", "fr": "French"}

HEAD = """\
# The courses

What the sample courses have, counted in their own files: `python docs/make_courses.py` writes this page. They are
material of this toolkit, not publications of the organisations they speak of.

Words are those of the lessons, without titles and questions. Figures are pictures and charts. Questions are graded ones
and self-checks; each language has the same. Sizes are those of SCORM 1.2 packages, in kB (1,000 bytes).
"""


def main() -> None:
    courses = all_courses()
    with tempfile.TemporaryDirectory() as folder:
        sizes = {key: size for course in courses for key, size in measure(course, course.languages, Path(folder))}
    COURSES_PAGE.write_text(page(courses, sizes), encoding="utf-8")


def all_courses() -> tuple[Course, ...]:
    return tuple(load(source.path) for _, source in sorted(Plugins().course_sources().items()))


def measure(course: Course, languages: Iterable[str], folder: Path) -> Iterator[tuple[Key, int]]:
    """Build each written module in these languages, and tell how large it is."""
    plugins = Plugins()
    shell = make_shell(folder / "data")
    for module in course.modules:
        for language in filter(module.is_written, languages):
            package = build(course, module, language, plugins.format(FORMAT), folder / "out", shell, plugins)
            yield (course.id, module.slug, language), package.size_bytes


def page(courses: Sequence[Course], sizes: Sizes) -> str:
    """The whole page."""
    return "\n".join([HEAD, *overview(courses), *(line for course in courses for line in about(course, sizes))])


def overview(courses: Iterable[Course]) -> Iterator[str]:
    columns = "course", "languages", "modules", "lessons", "words", "figures", "questions", "activities", "editions"
    yield from table(
        columns,
        (
            (
                f"[{course.title[course.languages[0]]}](#{course.id})",
                ", ".join(course.languages),
                len(course.modules),
                sum(len(module.lessons) for module in course.modules),
                by_language(course, words),
                total(course, partial(figures, course)),
                total(course, lambda content: len(content.quiz) + len(content.self_checks)),
                len(course.activities),
                len(course.editions),
            )
            for course in courses
        ),
    )


def about(course: Course, sizes: Sizes) -> Iterator[str]:
    yield f"## {course.id}\n"
    yield from (f"- {_LANGUAGE_NAMES[language]}: *{course.title[language]}*" for language in course.languages)
    yield f"\nVersion {course.version}, {course.licence}; {glossary(course)}."
    yield "\n### Editions\n"
    yield from table(
        ("edition", "languages", "mode", "dates", "hours", "modules", "activities"),
        (edition_row(edition) for edition in course.editions),
    )
    yield "### Modules\n"
    yield from modules(course, sizes)
    yield "### Questions\n"
    yield from table(
        ("kind", "graded", "self-checks"),
        kinds(course),
    )
    if course.activities:
        yield "### Activities\n"
        count = Counter(activity.kind for activity in course.activities)
        graded = Counter(activity.kind for activity in course.activities if activity.graded)
        yield from table(("kind", "in all", "graded"), ((kind, count[kind], graded[kind]) for kind in sorted(count)))
    yield "### Sources\n"
    yield from (line for module in course.modules for line in sources(course, module))


def glossary(course: Course) -> str:
    terms = same(len(course.glossary.get(language, ())) for language in written_in(course))
    return f"a glossary of {terms} terms" if terms != "0" else "no glossary"


def edition_row(edition: Edition) -> tuple[object, ...]:
    dates = f"{edition.starts_on} – {edition.ends_on}" if edition.starts_on else "at any time"
    return (
        edition.code,
        ", ".join(edition.languages),
        edition.mode,
        dates,
        f"{edition.learning_hours:g}",
        sum(len(phase.modules) for phase in edition.phases),
        sum(len(phase.activities) for phase in edition.phases),
    )


def modules(course: Course, sizes: Sizes) -> Iterator[str]:
    languages = written_in(course)
    columns = (
        "module",
        "hours",
        "lessons",
        "figures",
        *(f"words {language}" for language in languages),
        "graded",
        "self-checks",
        *(f"size {language}" for language in languages),
    )
    yield from table(columns, (module_row(course, module, languages, sizes) for module in course.modules))


def module_row(course: Course, module: Module, languages: Sequence[str], sizes: Sizes) -> tuple[object, ...]:
    texts = list(module.content.values())
    return (
        module.title[next(iter(module.content), course.languages[0])],
        f"{module.hours:g}",
        len(module.lessons),
        same(figures(course, content) for content in texts),
        *(f"{words(module.content[language]):,}" if module.is_written(language) else "–" for language in languages),
        same(len(content.quiz) for content in texts),
        same(len(content.self_checks) for content in texts),
        *(f"{sizes.get((course.id, module.slug, language), 0) / 1000:.0f} kB" for language in languages),
    )


def kinds(course: Course) -> Iterator[tuple[object, ...]]:
    """How often each kind of question is asked, in one language of the course."""
    texts = [next(iter(module.content.values())) for module in course.modules if module.content]
    graded = count_kinds(question for content in texts for question in content.quiz)
    checks = count_kinds(question for content in texts for question in content.self_checks)
    for kind, _ in (graded + checks).most_common():
        yield kind, graded[kind], checks[kind]
    yield "all", graded.total(), checks.total()


def count_kinds(questions: Iterable[Question]) -> Counter[str]:
    return Counter(question.kind for question in questions)


def sources(course: Course, module: Module) -> Iterator[str]:
    """What the `::: references` blocks of a module name, in the first language it is written in."""
    content = next(iter(module.content.values()), None)
    named = list(references(content)) if content else []
    if content and named:
        yield f"<details><summary>{module.title[content.language]}: {len(named)}</summary>\n"
        yield from named
        yield "\n</details>\n"


def references(content: ModuleContent) -> Iterator[str]:
    """Each entry as one line of Markdown."""
    for lesson in content.lessons:
        for block in _REFERENCES.findall(lesson.markdown):
            yield from (line.rstrip() for line in block.replace("\n  ", " ").split("\n") if line.strip())


# --- counting


def written_in(course: Course) -> tuple[str, ...]:
    return tuple(code for code in course.languages if any(module.is_written(code) for module in course.modules))


def words(content: ModuleContent) -> int:
    return sum(len(_WORD.findall(_MARKS.sub(" ", lesson.markdown))) for lesson in content.lessons)


def figures(course: Course, content: ModuleContent) -> int:
    lessons = [prose for prose in module_prose(content, course.glossary.get(content.language, ())) if prose.lesson]
    pictures = sum(link.is_picture for prose in lessons for link in prose.links)
    return pictures + sum(block.kind == "chart" for prose in lessons for block in prose.blocks)


def by_language(course: Course, count: Callable[[ModuleContent], int]) -> str:
    """A sum over all modules for each language, such as `en 20,145, fr 23,456`."""
    sums = {code: sum_in(course, code, count) for code in written_in(course)}
    return ", ".join(f"{code} {number:,}" for code, number in sums.items())


def total(course: Course, count: Callable[[ModuleContent], int]) -> str:
    """A sum over all modules, which is the same in each language."""
    return same(sum_in(course, code, count) for code in written_in(course))


def sum_in(course: Course, language: str, count: Callable[[ModuleContent], int]) -> int:
    return sum(count(module.content[language]) for module in course.modules if module.is_written(language))


def same(numbers: Iterable[int]) -> str:
    """One number where all languages have it; else each of them, which a reader should see."""
    return " / ".join(f"{number:,}" for number in dict.fromkeys(numbers))


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield f"| {' | '.join('---' for _ in columns)} |"
    yield from (f"| {' | '.join(map(str, row))} |" for row in rows)
    yield ""


if __name__ == "__main__":
    main()
