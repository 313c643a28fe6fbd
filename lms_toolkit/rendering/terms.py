"""Words of a lesson that the glossary explains: `[word]{.term}` becomes a button that opens its explanation."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from markdown_it.token import Token

from lms_toolkit.model import Term
from lms_toolkit.rendering.blocks import BlockFault, Setting


def mark_terms(tokens: Sequence[Token], setting: Setting) -> None:
    """Gives each term its explanation, in place; one that the glossary does not have is left to `setting.faults`."""
    for token in tokens:
        if token.type == "inline" and token.children:
            line = (token.map or [0])[0] + 1
            token.children = _marked(token.children, line, setting)


def _marked(children: Sequence[Token], line: int, setting: Setting) -> list[Token]:
    marked: list[Token] = []
    closing: list[str] = []  # what closes each open span
    for at, child in enumerate(children):
        if child.type == "span_open":
            is_term = child.attrs.pop("class", "") == "term"
            wanted = str(child.attrs.pop("term", "")) or _words(children[at:])
            opening, close = _button(wanted, line, setting) if is_term else ("", "")
            closing.append(close)
            marked.append(_html(opening) if is_term else child)
        elif child.type == "span_close":
            close = closing.pop()
            marked.append(_html(close) if close else child)
        else:
            marked.append(child)
    return marked


def _words(children: Sequence[Token]) -> str:
    """The text of the span that these tokens begin with."""
    text, depth = "", 0
    for child in children:
        depth += child.nesting if child.type in ("span_open", "span_close") else 0
        if depth == 0:
            break
        text += child.content or (" " if child.type == "softbreak" else "")
    return text


def _button(word: str, line: int, setting: Setting) -> tuple[str, str]:
    term = find_term(setting.glossary, word)
    if term is None:
        known = ", ".join(term.term for term in setting.glossary) or "nothing yet"
        hint = f'glossary.yaml explains: {known}; for another form write [word]{{.term term="its term"}}'
        fault = BlockFault(line, f"the glossary does not explain {word!r}", hint, "unknown-term")
        setting.faults.append(fault)
        return "<span>", "</span>"
    popover = setting.next("term")
    opening = f'<button type="button" class="term" popovertarget="{popover}">'
    text = f"<strong>{escape(term.term)}</strong> {setting.inline(term.text)}"
    return opening, f'</button><span class="explanation" popover id="{popover}">{text}</span>'


def find_term(glossary: Sequence[Term], word: str) -> Term | None:
    """The entry for a word, whatever its capitals; `also` lists further forms of a term."""
    wanted = " ".join(word.split()).casefold()
    return next((term for term in glossary if wanted in [name.casefold() for name in (term.term, *term.also)]), None)


def _html(content: str) -> Token:
    return Token("html_inline", "", 0, content=content)
