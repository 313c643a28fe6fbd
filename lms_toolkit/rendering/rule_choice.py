"""Asks those rules of markdown-it alone that can begin with the character at hand; the tokens are the same, sooner.

markdown-it tries every rule on every line, and on every mark within a line. Nearly all of them look at one character
and give up. Here that character is looked at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from markdown_it import MarkdownIt
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore, normalize
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

BlockRule = Callable[[StateBlock, int, int, bool], bool]
InlineRule = Callable[[StateInline, bool], bool]
PairRule = Callable[[StateInline], None]
T = TypeVar("T")

_DIGITS = "0123456789"
_BLOCKS: Mapping[str, str] = {
    "code": "",  # begins with its indentation
    "attr": "{",
    "container_block": ":",
    "fence": "`~",
    "blockquote": ">",
    "hr": "*-_",
    "list": f"*-+{_DIGITS}",
    "footnote_def": "[",
    "reference": "[",
    "html_block": "<",
    "heading": "#",
}
"""What each block begins with; one that is not here can begin with anything."""
_BELOW = frozenset({"table", "lheading"})
"""Blocks that are known by the line below their first one."""
_INSIDE: Mapping[str, str] = {"deflist": ":~"}
"""The same for what ends a paragraph, where it differs."""
_INLINE: Mapping[str, str] = {
    "text": "",
    "newline": "\n",
    "escape": "\\",
    "backticks": "`",
    "strikethrough": "~",
    "emphasis": "*_",
    "link": "[",
    "span": "[",
    "image": "!",
    "footnote_inline": "^",
    "footnote_ref": "[",
    "autolink": "<",
    "html_inline": "<",
    "entity": "&",
    "attr": "{",
}
"""What each mark within a line begins with: every rule must be here."""
_CLOSING = "]"
"""Ends what `[` began."""
_MARK = re.compile(f"[{re.escape(''.join(_INLINE.values()) + _CLOSING)}]")
_CODE_INDENT = 4


def choose_rules(parser: MarkdownIt) -> None:
    """Let the parser choose its rules by character. Call it when all plugins are in: later ones are refused."""
    parser.block.ruler = _BlockRules(parser.block.ruler)
    parser.inline.ruler = _InlineRules(parser.inline.ruler)
    parser.inline.ruler2 = _PairRules(parser.inline.ruler2)
    parser.inline.terminator_re = _MARK
    parser.core.ruler.at("normalize", _normalized)
    parser.core.ruler.at("inline", _inline)


def _normalized(state: StateCore) -> None:
    if "\r" in state.src or "\0" in state.src:
        normalize(state)


def _inline(state: StateCore) -> None:
    """What is inside paragraphs, headings and cells. Most have no mark, and are one text."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        if _MARK.search(token.content):
            token.children = state.md.inline.parse(token.content, state.md, state.env, [])
        else:
            token.children = [Token("text", "", 0, content=token.content)] if token.content else []


class _Chosen(Ruler[T]):
    """The rules of another ruler; each of its chains is one rule, which chooses."""

    def __init__(self, source: Ruler[T]) -> None:
        super().__init__()
        self._source = source
        self._names = dict(zip(source.getRules(), source.get_active_rules(), strict=True))
        self._chains: dict[str, list[T]] = {}

    def getRules(self, chainName: str = "") -> list[T]:  # noqa: N802, N803  # markdown-it's names
        if chainName not in self._chains:
            self._chains[chainName] = [self._one(chainName, self._source.getRules(chainName))]
        return self._chains[chainName]

    def get_active_rules(self) -> list[str]:
        return self._source.get_active_rules()

    def _one(self, chain: str, rules: Sequence[T]) -> T:
        raise NotImplementedError


class _BlockRules(_Chosen[BlockRule]):
    def _one(self, chain: str, rules: Sequence[BlockRule]) -> BlockRule:
        beginnings = {**_BLOCKS, **(_INSIDE if chain else {})}
        choices, others = _by_character([(rule, beginnings.get(self._names[rule])) for rule in rules])
        alone = [rule for rule in others if self._names[rule] not in _BELOW]

        def choose(state: StateBlock, line: int, end: int, silent: bool) -> bool:
            if state.sCount[line] - state.blkIndent >= _CODE_INDENT:
                chosen: Sequence[BlockRule] = rules
            else:
                at = state.bMarks[line] + state.tShift[line]
                chosen = choices.get(state.src[at : at + 1], others)
                if chosen is others and (line + 1 >= end or state.isEmpty(line + 1)):
                    chosen = alone
            for rule in chosen:  # noqa: SIM110  # a generator would cost more than most rules
                if rule(state, line, end, silent):
                    return True
            return False

        return choose


class _InlineRules(_Chosen[InlineRule]):
    def _one(self, chain: str, rules: Sequence[InlineRule]) -> InlineRule:
        choices, _ = _by_character([(rule, _INLINE[self._names[rule]]) for rule in rules])
        choices[_CLOSING] = []
        text = next(rule for rule in rules if self._names[rule] == "text")

        def choose(state: StateInline, silent: bool) -> bool:
            chosen = choices.get(state.src[state.pos])
            if chosen is None:
                return text(state, silent)
            for rule in chosen:  # noqa: SIM110  # as above
                if rule(state, silent):
                    return True
            return False

        return choose


class _PairRules(_Chosen[PairRule]):
    """Those for what stands in pairs, such as `**`: nothing to do where none was met."""

    def _one(self, chain: str, rules: Sequence[PairRule]) -> PairRule:
        def choose(state: StateInline) -> None:
            if state.delimiters or any(meta and meta["delimiters"] for meta in state.tokens_meta):
                for rule in rules:
                    rule(state)

        return choose


def _by_character(rules: Sequence[tuple[T, str | None]]) -> tuple[dict[str, list[T]], list[T]]:
    """The rules for each character that any of them names, and those for all other characters; order is kept."""
    named = {character for _, characters in rules for character in characters or ""}
    choices = {
        character: [rule for rule, characters in rules if characters is None or character in characters]
        for character in named
    }
    return choices, [rule for rule, characters in rules if characters is None]
