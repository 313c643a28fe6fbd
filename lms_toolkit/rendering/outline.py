"""What a parsed Markdown text is made of, with its lines: headings, links, blocks, and HTML that is not understood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from markdown_it.token import Token

_FENCE = ":::"
_BREAKS = ("softbreak", "hardbreak")


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` is 2 for `##`."""

    level: int
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Link:
    """A link or a picture; `target` is as written, `text` is the alternative text of a picture."""

    target: str
    text: str
    is_picture: bool
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """A `:::` block: its kind, and its title or the question it shows."""

    kind: str
    argument: str
    closed: bool
    line: int


@dataclass(frozen=True, slots=True)
class Outline:
    """Everything that the rules of `check` look at in one text."""

    headings: tuple[Heading, ...]
    links: tuple[Link, ...]
    blocks: tuple[Block, ...]
    html_lines: tuple[int, ...]


def outline_of(tokens: Sequence[Token], markdown: str, first_line: int) -> Outline:
    """The outline of a text that was parsed into `tokens` and begins at `first_line` of its file."""
    return Outline(
        headings=tuple(_headings(tokens, first_line)),
        links=tuple(_links(tokens, first_line)),
        blocks=tuple(_blocks(tokens, markdown.split("\n"), first_line)),
        html_lines=tuple(_html_lines(tokens, first_line)),
    )


def _headings(tokens: Iterable[Token], first_line: int) -> Iterator[Heading]:
    level = 0
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag.removeprefix("h"))
        elif level and token.type == "inline":
            yield Heading(level, token.content, _line(token, first_line))
            level = 0


def _links(tokens: Iterable[Token], first_line: int) -> Iterator[Link]:
    for child, line in _inline(tokens, first_line):
        if child.type == "link_open":
            yield Link(_target(child, "href"), "", False, line)
        elif child.type == "image":
            yield Link(_target(child, "src"), child.content, True, line)


def _target(token: Token, attribute: str) -> str:
    # A file cannot be called %00; asking the system for it raises.
    return unquote(str(token.attrGet(attribute) or "")).replace("\0", "\ufffd")


def _inline(tokens: Iterable[Token], first_line: int) -> Iterator[tuple[Token, int]]:
    """Each inline token with its line: that of its paragraph, and one more for each line break before it."""
    line = first_line
    for token in tokens:
        line = _line(token, first_line) if token.map else line
        breaks = 0
        for child in token.children or ():
            breaks += child.type in _BREAKS
            yield child, line + breaks


def _blocks(tokens: Iterable[Token], lines: Sequence[str], first_line: int) -> Iterator[Block]:
    ends = [len(lines)]  # where the blocks around this one end
    for token in tokens:
        if token.type == "container_block_open":
            kind, _, argument = token.info.strip().partition(" ")
            end = token.map[1] if token.map else len(lines)
            # A block that nobody closed ends with what is around it: another block, a list, a quotation, the text.
            closed = end < ends[-1] and lines[end].lstrip(" \t>").startswith(_FENCE)
            yield Block(kind, argument.strip(), closed, _line(token, first_line))
            ends.append(end)
        elif token.type == "container_block_close":
            ends.pop()


def _html_lines(tokens: Sequence[Token], first_line: int) -> Iterator[int]:
    yield from (_line(token, first_line) for token in tokens if token.type == "html_block" and not _is_comment(token))
    yield from (
        line for token, line in _inline(tokens, first_line) if token.type == "html_inline" and not _is_comment(token)
    )


def _is_comment(token: Token) -> bool:
    return token.content.lstrip().startswith("<!--")


def _line(token: Token, first_line: int) -> int:
    return first_line + (token.map[0] if token.map else 0)
