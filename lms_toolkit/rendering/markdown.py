"""Reads Markdown as our authors write it: CommonMark, tables, footnotes, figures and `:::` blocks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, MutableMapping, Sequence
from functools import lru_cache
from html import escape, unescape
from threading import Lock, local
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from lms_toolkit.model import Term
from lms_toolkit.rendering.blocks import BlockFault, Setting, check_blocks, shape_blocks
from lms_toolkit.rendering.outline import Outline, outline_of
from lms_toolkit.rendering.rule_choice import choose_rules
from lms_toolkit.rendering.terms import mark_terms
from lms_toolkit.rendering.wording import wording

__all__ = [
    "BlockFault",
    "block_faults",
    "block_html",
    "inline_html",
    "is_one_paragraph",
    "lesson_html",
    "lesson_outline",
    "plain_paragraph",
    "plain_text",
]

Environment = MutableMapping[str, Any]
Rule = Callable[[Any, Sequence[Token], int, Any, Environment], str]


_MARKS = re.compile(r'[\\`*_\[\]<>&~{}^"\n]')
"""What begins anything in a line of Markdown, or must be escaped in HTML."""
_PLAIN = re.compile(r'[^\W\d_][^\\`*_\[\]<>&~{}^"\n\r\0]*')
"""A paragraph of one line without any mark. Beginning with a letter, it is no list, heading, rule or code."""
_LINE = re.compile(r"[^\W\d_][^\n\r\0]*")
"""The same with marks."""
_UNSHARED = re.compile(r"[<{\0](?:(?<=<)(?!https?:|mailto:)[A-Za-z/!?]|(?<=\{)(?:(?<![\])]\{)|[^{}\n]*[{\n])|(?<=\0))")
"""What pages and authors may read differently: HTML, and attributes anywhere but behind a word in brackets."""


def block_html(text: str, language: str, glossary: Sequence[Term] = ()) -> str:
    """A whole text as HTML, not yet sanitised. Raises BlockFault at the first block or term it cannot read."""
    return _Text(text, language, tuple(glossary)).html


def lesson_html(text: str, language: str, glossary: Sequence[Term] = ()) -> str:
    """As `block_html`, for texts that are also checked: whoever comes second finds the text parsed."""
    return _lesson(text, language, tuple(glossary)).html


def block_faults(text: str, language: str, glossary: Sequence[Term] = ()) -> tuple[BlockFault, ...]:
    """What is wrong inside the blocks of a text; nothing for one whose blocks have no known name or no end."""
    lesson = _lesson(text, language, tuple(glossary))
    if lesson.fault is None:
        return lesson.faults
    return () if lesson.fault.rule != "block-content" else (lesson.fault,)


def lesson_outline(text: str, language: str, glossary: Sequence[Term] = ()) -> Outline | None:
    """The outline of a text, its lines counted from 0; None where authors may mean what pages do not show.

    Pages show HTML and forbidden addresses as plain text, and take `{…}` for attributes: texts with these are to be
    parsed once more by whoever wants to tell their author.
    """
    return _lesson(text, language, tuple(glossary)).outline


class _Text:
    """One text, parsed once: its outline, what is wrong with its blocks, and its HTML when that is asked for."""

    def __init__(self, text: str, language: str, glossary: tuple[Term, ...]) -> None:
        parser = _parser(language)
        self._env: Environment = {}
        self._lock = Lock()
        self._html: str | None = None
        _refused.links = 0
        tokens = parser.parse(text, self._env)
        self.outline = _outline(text, tokens) if not _refused.links else None
        self.fault: BlockFault | None = None
        self.faults: tuple[BlockFault, ...] = ()
        self._parser = parser
        self._tokens: list[Token] = []
        try:
            check_blocks(tokens, text.splitlines())
        except BlockFault as fault:
            self.fault = fault
            return
        self._tokens, faults = _shaped(tokens, parser, language, glossary)
        self.faults = tuple(faults)

    @property
    def html(self) -> str:
        """Not yet sanitised. Raises BlockFault at the first block or term that cannot be read."""
        for fault in (self.fault, *self.faults):
            if fault:
                raise BlockFault(fault.line, str(fault), fault.hint, fault.rule) from fault.__cause__
        with self._lock:  # drawing changes the tokens, and can be done once
            if self._html is None:
                self._html = self._drawn()
                self._tokens = []
        return self._html

    def _drawn(self) -> str:
        _demote_and_name_headings(self._tokens)
        _make_figures(self._tokens)
        _prepare_tables(self._tokens)
        return str(self._parser.renderer.render(self._tokens, self._parser.options, self._env))


@lru_cache(maxsize=64)
def _lesson(text: str, language: str, glossary: tuple[Term, ...]) -> _Text:
    """Remembered for as long as it takes to check and render a module, not for a whole course."""
    return _Text(text, language, glossary)


def _outline(text: str, tokens: Sequence[Token]) -> Outline | None:
    if not text.endswith("\n") or _UNSHARED.search(text):
        return None
    outline = outline_of(tokens, text, 0)
    return outline if all(block.closed and block.kind for block in outline.blocks) else None


def _shaped(
    tokens: list[Token], parser: MarkdownIt, language: str, glossary: Sequence[Term]
) -> tuple[list[Token], list[BlockFault]]:
    setting = Setting(parser, language, wording(language)["blocks"], glossary)
    mark_terms(tokens, setting)
    return shape_blocks(tokens, setting), sorted(setting.faults, key=lambda fault: fault.line)


def inline_html(text: str, language: str) -> str:
    """One line of text as HTML, not yet sanitised."""
    if not _MARKS.search(text):
        return text.strip()  # most options and feedback; parsing them would be a good part of a build
    return _marked_html(text.strip(), language)


@lru_cache(maxsize=256)
def _marked_html(text: str, language: str) -> str:
    """A question's text is shown, and told to platforms without its marks."""
    return str(_parser(language).renderInline(text))


def plain_text(text: str, language: str) -> str:
    """One line of text without its marks, for places that hold no HTML (an `<option>`, a manifest)."""
    if not _MARKS.search(text):
        return text.strip()
    return unescape(re.sub(r"<[^>]*>", "", inline_html(text, language)))


def plain_paragraph(text: str) -> str | None:
    """A text without any mark as HTML, as `block_html` gives it; None for all others.

    Most questions and feedback are like this, and parsing them would be a good part of a build.
    """
    return f"<p>{text.rstrip()}</p>\n" if _PLAIN.fullmatch(text) else None


def is_one_paragraph(text: str, language: str) -> bool:
    if _LINE.fullmatch(text):
        return True
    tokens = _parser(language).parse(text.strip())
    return len(tokens) == 3 and tokens[0].type == "paragraph_open"


class _Refused(local):
    """How many addresses this thread's last text had that no page may lead to."""

    links = 0


_refused = _Refused()


class _Parser(MarkdownIt):
    """Counts the addresses it refuses."""

    def validateLink(self, url: str) -> bool:  # noqa: N802  # markdown-it's name
        is_good = super().validateLink(url)
        _refused.links += not is_good
        return is_good


@lru_cache
def _parser(language: str) -> MarkdownIt:
    parser = _parser_that_asks_every_rule(language)
    choose_rules(parser)
    return parser


def _parser_that_asks_every_rule(language: str) -> MarkdownIt:
    parser = _Parser("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin).use(deflist_plugin)
    parser.use(attrs_plugin, spans=True, allowed=("lang", "dir", "class", "term")).use(
        attrs_block_plugin, allowed=("lang", "dir")
    )
    parser.use(container_plugin, "block", validate=lambda params, markup: True)
    parser.add_render_rule("table_open", _table_open(language))
    parser.add_render_rule("table_close", _table_close)
    _translate_footnotes(parser, language)
    return parser


def _demote_and_name_headings(tokens: Sequence[Token]) -> None:
    seen: dict[str, int] = {}
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", _heading_id(tokens[index + 1].content, seen))
        if token.type in ("heading_open", "heading_close") and token.tag == "h1":
            token.tag = "h2"  # the page's title is its only h1


def _heading_id(text: str, seen: dict[str, int]) -> str:
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")[:60] or "section"
    seen[slug] = seen.get(slug, 0) + 1
    return f"s-{slug}" if seen[slug] == 1 else f"s-{slug}-{seen[slug]}"


def _make_figures(tokens: Sequence[Token]) -> None:
    """A picture alone in its paragraph becomes a figure; its title is the caption."""
    for before, inline, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if before.type != "paragraph_open" or before.hidden or not _is_one_image(inline):
            continue
        before.tag = after.tag = "figure"
        image = (inline.children or [])[0]
        caption = str(image.attrs.pop("title", ""))
        if caption:
            caption_token = Token("html_inline", "", 0, content=f"<figcaption>{escape(caption)}</figcaption>")
            inline.children = [image, caption_token]


def _is_one_image(inline: Token) -> bool:
    children = inline.children or []
    return inline.type == "inline" and [child.type for child in children] == ["image"]


def _prepare_tables(tokens: Sequence[Token]) -> None:
    for token in tokens:
        if token.type == "th_open":
            token.attrSet("scope", "col")
        if token.type in ("th_open", "td_open") and "style" in token.attrs:
            # a page must show under a Content-Security-Policy without inline styles
            token.attrSet("class", "align-" + str(token.attrs.pop("style")).rpartition(":")[2])


def _table_open(language: str) -> Rule:
    def render(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Environment) -> str:
        env["tables"] = env.get("tables", 0) + 1
        label = f"{wording(language)['blocks']['table']} {env['tables']}"
        caption = tokens[index].meta.get("caption", "")
        shown = f"<caption><span>{escape(label)}</span> {caption}</caption>\n" if caption else ""
        # wide tables scroll on their own; the keyboard must reach them to do so
        return f'<div class="table-wrap" role="region" aria-label="{escape(label)}" tabindex="0"><table>\n{shown}'

    return render


def _table_close(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Environment) -> str:
    return "</table></div>\n"


def _translate_footnotes(parser: MarkdownIt, language: str) -> None:
    blocks = wording(language)["blocks"]
    rules = parser.renderer.rules  # type: ignore[attr-defined]  # not in the protocol, there in every renderer
    anchor = rules["footnote_anchor"]

    def open_footnotes(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Environment) -> str:
        return f'<section class="footnotes" aria-label="{escape(blocks["footnotes"])}">\n<ol>\n'

    def back_to_text(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Environment) -> str:
        html = str(anchor(tokens, index, options, env))
        return html.replace("<a ", f'<a aria-label="{escape(blocks["back_to_text"])}" ', 1)

    parser.add_render_rule("footnote_block_open", open_footnotes)
    parser.add_render_rule("footnote_anchor", back_to_text)
