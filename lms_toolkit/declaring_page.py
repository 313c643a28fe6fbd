"""One edition's course page: which languages it speaks, what stands on it, and under which keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lms_toolkit.errors import ContentError
from lms_toolkit.model import Activity, Condition, Course, Edition, Localized, Module, language_group, variant_key
from lms_toolkit.multilingual import beside, in_lines, together

MAX_NAME = 254
"""Characters of a name; the narrowest column of Moodle's for names of courses, sections, activities and groups."""


@dataclass(frozen=True, slots=True)
class Page:
    """One edition's course page; `folder` takes the files that are made for it.

    A page in several languages has `language` for what can be in one only. `can` are the kinds of activity that the
    site can create; None when it does not tell. `is_part`: one language of a page that has several.
    """

    course: Course
    edition: Edition
    language: str
    folder: Path
    can: frozenset[str] | None = None
    is_part: bool = False

    @property
    def languages(self) -> tuple[str, ...]:
        """Those that its texts are in."""
        return self.edition.languages if self.edition.has_one_page and not self.is_part else (self.language,)

    @property
    def is_multilingual(self) -> bool:
        return len(self.languages) > 1

    def parts(self) -> tuple[Page, ...]:
        """The page in each of its languages alone."""
        return tuple(replace(self, language=language, is_part=True) for language in self.languages)

    def shown(self, entry: Module | Activity) -> Iterator[Page]:
        """The page, once for each time that something stands on it.

        In several languages, what is more than text (packages, questions, files) is there once for each of them.
        """
        given_in = [part for part in self.parts() if entry.is_given_in(part.language)]
        if entry.has_variants or len(given_in) < len(self.languages):
            yield from given_in
        else:
            yield self

    def says(self, texts: Localized) -> str:
        """One line in the page's languages."""
        return self.each(lambda part: texts.get(part.language, ""))

    def name(self, texts: Localized) -> str:
        """As `says`, for what must fit where names are kept. Raises ContentError."""
        name = self.says(texts)
        if self.is_multilingual and len(name) > MAX_NAME:
            raise ContentError(
                f"{self.course.folder / 'course.toml'}: {texts.get(self.language, '')!r} has {len(name)} characters in"
                f" all languages of edition {self.edition.code}, marked, and {MAX_NAME} are possible;"
                ' shorten it, or leave out pages = "one"'
            )
        return name

    def beside(self, texts: Localized) -> str:
        """All languages in one plain text, for places where no markup is read."""
        return beside({part.language: texts.get(part.language, "") for part in self.parts()})

    def each(self, text: Callable[[Page], str]) -> str:
        """A text made for each language alone, put together."""
        return together({part.language: text(part) for part in self.parts()})

    def each_in_lines(self, text: Callable[[Page], str]) -> str:
        """As `each`, for HTML that the site cleans before it shows it."""
        return self.each(lambda part: in_lines(text(part))) if self.is_multilingual else self.each(text)

    def html(self, markdown: str) -> str:
        """Markdown in the page's one language as a course page shows it."""
        from lms_toolkit.rendering.markdown import block_html
        from lms_toolkit.rendering.sanitising import sanitise

        # Moodle's themes draw no lines and no gaps in a table without this class.
        return sanitise(block_html(markdown, self.language)).strip().replace("<table>", '<table class="table">')

    def words(self, name: str) -> str:
        from lms_toolkit.rendering.wording import wording

        return wording(self.language)["course_page"][name]

    @property
    def colon(self) -> str:
        """The sign between a fact's name and the fact."""
        return "\u00a0:" if self.language.startswith("fr") else ":"

    def has(self, entry: Module | Activity) -> bool:
        """Whether the page shows it; what is on no page of this language cannot be waited for either."""
        return any(entry.is_given_in(language) for language in self.languages)

    def key_of(self, entry: Module | Activity) -> str:
        """Its key on the site. Raises ContentError for what has one in each language, and no single one here."""
        if not (self.edition.has_one_page and entry.has_variants):
            return entry.key
        if self.is_multilingual:
            raise ContentError(
                f"{self.course.folder / 'course.toml'}: edition {self.edition.code} has one page, on which"
                f" {entry.slug} is there once per language: what is there for all cannot require it"
            )
        return variant_key(entry.key, self.language)

    def keys_of(self, entry: Module | Activity) -> tuple[str, ...]:
        """Every key under which it is on the page."""
        return tuple(page.key_of(entry) for page in self.shown(entry))

    def conditions(self, entry: Module | Activity) -> tuple[Condition, ...]:
        """What must be so before learners get in; what is there in one language alone is for its learners."""
        required = (self.course.entry(slug) for slug in entry.requires)
        completed = [Condition("completed", self.key_of(one)) for one in required if self.has(one)]
        block = self.edition.elective_block(entry.slug)
        groups = [Condition("group", block.group_key(entry.slug))] if block and block.by == "groups" else []
        is_own = self.edition.has_one_page and self.is_part
        own = [Condition("group", language_group(self.language))] if is_own else []
        return (*completed, *groups, *own)
