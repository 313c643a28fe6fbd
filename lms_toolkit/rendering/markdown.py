"""Reads Markdown as our authors write it: CommonMark, tables, footnotes, figures and `:::` blocks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, MutableMapping, Sequence
from functools import lru_cache
from html import escape, unescape
from itertools import zip_longest
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from lms_toolkit.rendering.wording import wording

ASIDES = ("note", "important", "example")
SECTIONS = ("case", "objectives", "summary")
SELF_CHECK = "self-check"

Environment = MutableMapping[str, Any]
Rule = Callable[[Any, Sequence[Token], int, Any, Environment], str]


class BlockFault(Exception):
    """A `:::` block that cannot be understood; `line` counts from 1 within the text."""

    def __init__(self, line: int, message: str, hint: str) -> None:
        super().__init__(message)
        self.line = line
        self.hint = hint


def block_html(text: str, language: str) -> str:
    """A whole text as HTML, not yet sanitised. Raises BlockFault at the first `:::` block it cannot read."""
    parser = _parser(language)
    env: Environment = {}
    tokens = parser.parse(text, env)
    _check_blocks(tokens, text.splitlines())
    _demote_and_name_headings(tokens)
    _make_figures(tokens)
    _prepare_tables(tokens)
    return str(parser.renderer.render(tokens, parser.options, env))


def inline_html(text: str, language: str) -> str:
    """One line of text as HTML, not yet sanitised."""
    return str(_parser(language).renderInline(text.strip()))


def plain_text(text: str, language: str) -> str:
    """One line of text without its marks, for places that hold no HTML (an `<option>`, a manifest)."""
    return unescape(re.sub(r"<[^>]*>", "", inline_html(text, language)))


def is_one_paragraph(text: str, language: str) -> bool:
    tokens = _parser(language).parse(text.strip())
    return len(tokens) == 3 and tokens[0].type == "paragraph_open"


@lru_cache
def _parser(language: str) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin).use(deflist_plugin)
    parser.use(attrs_plugin, spans=True, allowed=("lang", "dir")).use(attrs_block_plugin, allowed=("lang", "dir"))
    parser.use(container_plugin, "block", validate=lambda params, markup: True, render=_block_rule(parser, language))
    parser.add_render_rule("table_open", _table_open(language))
    parser.add_render_rule("table_close", _table_close)
    _translate_footnotes(parser, language)
    return parser


def _block_rule(parser: MarkdownIt, language: str) -> Rule:
    def render(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Environment) -> str:
        token = tokens[index]
        if token.nesting == 1:
            env.setdefault("open_blocks", []).append(_name_and_title(token)[0])
            return _open_block(parser, language, token, env)
        return _CLOSING[_tag(env["open_blocks"].pop())]

    return render


_CLOSING = {"aside": "</aside>\n", "section": "</section>\n", "div": "</div>\n"}


def _tag(name: str) -> str:
    return "div" if name == SELF_CHECK else "aside" if name in ASIDES else "section"


def _open_block(parser: MarkdownIt, language: str, token: Token, env: Environment) -> str:
    name, title = _name_and_title(token)
    if name == SELF_CHECK:
        return f'<div data-self-check="{escape(title)}">'
    env["blocks"] = env.get("blocks", 0) + 1
    label_id = f"block-{env['blocks']}"
    label = escape(wording(language)["blocks"][name])
    rest = f' <span class="block-title">{parser.renderInline(title)}</span>' if title else ""
    # role=note: an aside would be a landmark, and a lesson with ten landmarks has none
    role = ' role="note"' if name in ASIDES else ""
    return (
        f'<{_tag(name)} class="block block-{name}"{role} aria-labelledby="{label_id}">\n'
        f'<p class="block-label" id="{label_id}"><span class="block-kind">{label}</span>{rest}</p>\n'
    )


def _name_and_title(token: Token) -> tuple[str, str]:
    name, _, title = token.info.strip().partition(" ")
    return name, title.strip()


def _check_blocks(tokens: Sequence[Token], lines: Sequence[str]) -> None:
    for token, following in zip_longest(tokens, tokens[1:]):
        if token.type == "container_block_open":
            _check_block(token, following, lines)


def _check_block(token: Token, following: Token | None, lines: Sequence[str]) -> None:
    name, title = _name_and_title(token)
    start, end = token.map or [0, 0]
    known = (*ASIDES, *SECTIONS, SELF_CHECK)
    if name not in known:
        message = f"there is no block named {name!r}" if name else "this ::: closes nothing"
        raise BlockFault(start + 1, message, f"blocks are {', '.join(known)}")
    if end >= len(lines) or ":::" not in lines[end]:
        raise BlockFault(start + 1, f"the block {name!r} is never closed", "close it with a line of :::")
    if name == SELF_CHECK and (not title or " " in title):
        raise BlockFault(start + 1, "a self-check names one question", "write ::: self-check question-id")
    if name == SELF_CHECK and (following is None or following.type != "container_block_close"):
        raise BlockFault(start + 1, "a self-check holds no text", "its question is written in questions.yaml")


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
        # wide tables scroll on their own; the keyboard must reach them to do so
        return f'<div class="table-wrap" role="region" aria-label="{escape(label)}" tabindex="0"><table>\n'

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
