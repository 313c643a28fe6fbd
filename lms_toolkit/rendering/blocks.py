"""Turns the `:::` blocks of a lesson into HTML: what each name means, and what must be inside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import zip_longest
from pathlib import PurePosixPath

from markdown_it import MarkdownIt
from markdown_it.token import Token

from lms_toolkit.model import Term
from lms_toolkit.rendering.charts import CHARTS, ChartFault, chart_svg, read_chart

ASIDES = ("note", "important", "example")
SECTIONS = ("case", "objectives", "summary", "references")
GROUPS = ("accordion", "tabs")
MEDIA = {"video": (".mp4", ".webm"), "audio": (".mp3", ".m4a", ".ogg")}
SELF_CHECK = "self-check"
OTHERS = ("item", "steps", "timeline", "glossary", "figure", "table", "chart", "reflection", "download")
NAMES = (*ASIDES, *SECTIONS, SELF_CHECK, *GROUPS, *OTHERS, *MEDIA)
CAPTIONS = ".vtt"

_SLUG = re.compile(r"[a-z][a-z0-9-]{0,59}")


class BlockFault(Exception):
    """A `:::` block that cannot be understood; `line` counts from 1 within the text."""

    def __init__(self, line: int, message: str, hint: str, rule: str = "block-content") -> None:
        super().__init__(message)
        self.line = line
        self.hint = hint
        self.rule = rule


@dataclass(slots=True)
class Setting:
    """What the blocks of one text share: the words of its language, its glossary, and what was counted so far."""

    parser: MarkdownIt
    language: str
    words: Mapping[str, str]
    glossary: Sequence[Term] = ()
    counts: MutableMapping[str, int] = field(default_factory=dict)
    reflections: set[str] = field(default_factory=set)
    faults: list[BlockFault] = field(default_factory=list)

    def next(self, what: str) -> str:
        """`what-1`, `what-2` …: an id for the page."""
        self.counts[what] = self.counts.get(what, 0) + 1
        return f"{what}-{self.counts[what]}"

    def inline(self, text: str) -> str:
        return str(self.parser.renderInline(text))


@dataclass(frozen=True, slots=True)
class Block:
    """One block with what is inside it; `id` names its label on the page."""

    name: str
    title: str
    line: int
    inside: Sequence[Token]
    id: str

    def fault(self, message: str, hint: str) -> BlockFault:
        return BlockFault(self.line, f"the block {self.name!r} {message}", hint)


def check_blocks(tokens: Sequence[Token], lines: Sequence[str]) -> None:
    """Raises BlockFault for the first block that has no known name or is never closed."""
    for token, following in zip_longest(tokens, tokens[1:]):
        if token.type == "container_block_open":
            _check_block(token, following, lines)


def _check_block(token: Token, following: Token | None, lines: Sequence[str]) -> None:
    name, title = _name_and_title(token)
    start, end = token.map or [0, 0]
    if name not in NAMES:
        message = f"there is no block named {name!r}" if name else "this ::: closes nothing"
        raise BlockFault(start + 1, message, f"blocks are {', '.join(NAMES)}", "unknown-block")
    if end >= len(lines) or ":::" not in lines[end]:
        raise BlockFault(
            start + 1, f"the block {name!r} is never closed", "close it with a line of :::", "unknown-block"
        )
    if name == SELF_CHECK and (not title or " " in title):
        hint = "write ::: self-check question-id"
        raise BlockFault(start + 1, "a self-check names one question", hint, "unknown-self-check")
    if name == SELF_CHECK and (following is None or following.type != "container_block_close"):
        raise BlockFault(start + 1, "a self-check holds no text", "its question is written in questions.yaml")


def shape_blocks(tokens: Sequence[Token], setting: Setting, around: str = "") -> list[Token]:
    """The tokens with each block replaced by its HTML; a block that lacks what it needs is left to `setting.faults`."""
    shaped: list[Token] = []
    at = 0
    while at < len(tokens):
        if tokens[at].type == "container_block_open":
            end = _end_of(tokens, at)
            try:
                shaped += _shape_block(tokens[at], tokens[at + 1 : end], setting, around)
            except BlockFault as fault:
                setting.faults.append(fault)
            at = end
        else:
            shaped.append(tokens[at])
        at += 1
    return shaped


def _end_of(tokens: Sequence[Token], start: int) -> int:
    depth = 0
    for index in range(start, len(tokens)):
        depth += {"container_block_open": 1, "container_block_close": -1}.get(tokens[index].type, 0)
        if depth == 0:
            return index
    raise AssertionError("markdown-it closes every container that it opens")


def _shape_block(opening: Token, inside: Sequence[Token], setting: Setting, around: str) -> list[Token]:
    name, title = _name_and_title(opening)
    line = (opening.map or [0])[0] + 1
    if name == "item" and around not in GROUPS:
        raise BlockFault(line, "an 'item' stands alone", f"put it into a block {' or '.join(GROUPS)}")
    # the id is taken before the blocks inside take theirs, so that ids go down the page
    label = setting.next("block") if name != SELF_CHECK and name != "item" else ""
    block = Block(name, title, line, shape_blocks(inside, setting, name), label)
    return _SHAPES[name](block, setting)


def _name_and_title(token: Token) -> tuple[str, str]:
    name, _, title = token.info.strip().partition(" ")
    return name, title.strip()


def html_token(content: str) -> Token:
    return Token("html_block", "", 0, content=content)


def _wrapped(before: str, tokens: Sequence[Token], after: str) -> list[Token]:
    return [html_token(before), *tokens, html_token(after)]


def _label(block: Block, setting: Setting) -> str:
    kind = escape(setting.words[block.name])
    rest = f' <span class="block-title">{setting.inline(block.title)}</span>' if block.title else ""
    return f'<p class="block-label" id="{block.id}"><span class="block-kind">{kind}</span>{rest}</p>\n'


def _self_check(block: Block, setting: Setting) -> list[Token]:
    return [html_token(f'<div data-self-check="{escape(block.title)}"></div>\n')]


def _aside(block: Block, setting: Setting) -> list[Token]:
    # role=note: an aside would be a landmark, and a lesson with ten landmarks has none
    opening = f'<aside class="block block-{block.name}" role="note" aria-labelledby="{block.id}">\n'
    return _wrapped(opening + _label(block, setting), block.inside, "</aside>\n")


def _section(block: Block, setting: Setting) -> list[Token]:
    opening = f'<section class="block block-{block.name}" aria-labelledby="{block.id}">\n'
    return _wrapped(opening + _label(block, setting), block.inside, "</section>\n")


def _group(block: Block, setting: Setting) -> list[Token]:
    """Items that open and close. Those of `tabs` are one at a time; browsers that can show them side by side."""
    items = [token for token in block.inside if token.meta.get("item")]
    if len(items) < 2 or any(not token.meta.get("inside") for token in block.inside):
        raise block.fault("needs two items or more, and nothing beside them", "write ::: item Title … ::: in it")
    if block.name == "tabs":
        for number, token in enumerate(items):
            first = " open" if number == 0 else ""
            token.content = token.content.replace("<details", f'<details name="{block.id}"{first}', 1)
    title = f'<p class="group-title">{setting.inline(block.title)}</p>\n' if block.title else ""
    return _wrapped(f'{title}<div class="{block.name}">\n', block.inside, "</div>\n")


def _item(block: Block, setting: Setting) -> list[Token]:
    if not block.title or not block.inside:
        raise block.fault("needs a title and a text", "write ::: item Title, then its text, then :::")
    opening = f'<details class="item"><summary>{setting.inline(block.title)}</summary>\n<div class="item-text">\n'
    shaped = _wrapped(opening, block.inside, "</div></details>\n")
    shaped[0].meta["item"] = True
    for token in shaped:
        token.meta["inside"] = True  # so that the group can tell what stands beside its items
    return shaped


def _steps(block: Block, setting: Setting) -> list[Token]:
    _need_one(block, "ordered_list", "a list 1. 2. 3.")
    return _titled("steps", block, setting)


def _timeline(block: Block, setting: Setting) -> list[Token]:
    _need_one(block, "dl", "a date on one line, and under it a line that begins with : and says what happened")
    return _titled("timeline", block, setting)


def _need_one(block: Block, kind: str, what: str) -> None:
    tops = [token for token in block.inside if token.level == block.inside[0].level]
    if [token.type for token in tops] != [f"{kind}_open", f"{kind}_close"]:
        raise block.fault("holds one list and nothing else", f"write {what}")


def _titled(css: str, block: Block, setting: Setting) -> list[Token]:
    title = f'<p class="group-title">{setting.inline(block.title)}</p>\n' if block.title else ""
    return _wrapped(f'{title}<div class="{css}">\n', block.inside, "</div>\n")


def _glossary(block: Block, setting: Setting) -> list[Token]:
    if block.inside:
        raise block.fault("holds no text", "its terms are in glossary.yaml")
    if not setting.glossary:
        raise block.fault("has no terms to show", "write them in glossary.yaml, in the folder of the language")
    terms = "".join(f"<dt>{escape(term.term)}</dt><dd>{setting.inline(term.text)}</dd>\n" for term in setting.glossary)
    opening = f'<section class="block block-glossary" aria-labelledby="{block.id}">\n{_label(block, setting)}'
    return [html_token(f"{opening}<dl>\n{terms}</dl>\n</section>\n")]


def _figure(block: Block, setting: Setting) -> list[Token]:
    """A picture with its credit as the block's title; what follows it is its long description."""
    image, rest = _first_paragraph(block)
    if [child.type for child in image] != ["image"]:
        raise block.fault("begins with one picture", "write ![what it shows](media/file.svg) on its first line")
    caption = escape(str(image[0].attrs.pop("title", "")))
    credit = f'<span class="credit">{setting.inline(block.title)}</span>' if block.title else ""
    text = " · ".join(part for part in (caption, credit) if part)
    picture = Token("inline", "", 0, children=list(image), content="")
    below = _figcaption(text, _disclosure("description", rest, setting))
    return [html_token('<figure class="illustration">\n'), picture, *below]


def _figcaption(text: str, disclosure: Sequence[Token]) -> list[Token]:
    """The end of a figure: its caption, with what opens below it."""
    if not text and not disclosure:
        return [html_token("</figure>\n")]
    return _wrapped(f"<figcaption>{text}", disclosure, "</figcaption></figure>\n")


def _disclosure(word: str, tokens: Sequence[Token], setting: Setting) -> list[Token]:
    if not tokens:
        return []
    opening = f'<details class="more"><summary>{escape(setting.words[word])}</summary>\n<div class="more-text">\n'
    return _wrapped(opening, tokens, "</div></details>\n")


def _first_paragraph(block: Block) -> tuple[Sequence[Token], Sequence[Token]]:
    """What the first paragraph holds, and the blocks after it."""
    if len(block.inside) < 3 or block.inside[0].type != "paragraph_open":
        return (), block.inside
    breaks = ("softbreak", "hardbreak")
    children = [child for child in block.inside[1].children or () if child.type not in breaks and child.content != " "]
    return children, block.inside[3:]


def _media(block: Block, setting: Setting) -> list[Token]:
    """A film or a recording: its first paragraph links the file and its captions, the transcript follows."""
    children, transcript = _first_paragraph(block)
    suffixes = MEDIA[block.name]
    targets = [str(child.attrs.get("href", "")) for child in children if child.type == "link_open"]
    sources = [target for target in targets if _suffix(target) in suffixes]
    captions = [target for target in targets if _suffix(target) == CAPTIONS]
    if len(sources) != 1 or len(captions) > 1 or len(targets) != len(sources) + len(captions):
        raise block.fault(f"begins with a link to one {' or '.join(suffixes)} file", "write [Title](media/file) there")
    if block.name == "video" and not captions:
        raise block.fault("has no captions", "add a link to a WebVTT file: [Captions](media/file.vtt)")
    if not transcript:
        raise block.fault("has no transcript", "write what is said and shown, below the links")
    track = "".join(_track(target, setting) for target in captions)
    player = f'<{block.name} controls preload="metadata" src="{escape(sources[0])}">{track}</{block.name}>\n'
    below = _figcaption(setting.inline(block.title), _disclosure("transcript", transcript, setting))
    return [html_token(f'<figure class="media">\n{player}'), *below]


def _track(target: str, setting: Setting) -> str:
    label = escape(setting.words["captions"])
    return f'<track kind="captions" src="{escape(target)}" srclang="{setting.language}" label="{label}">'


def _suffix(target: str) -> str:
    return PurePosixPath(target).suffix.lower()


def _table(block: Block, setting: Setting) -> list[Token]:
    if not block.title or [token.type for token in (*block.inside[:1], *block.inside[-1:])] != [
        "table_open",
        "table_close",
    ]:
        raise block.fault("needs a caption and one table", "write ::: table Caption, then the table, then :::")
    block.inside[0].meta["caption"] = setting.inline(block.title)
    return list(block.inside)


def _chart(block: Block, setting: Setting) -> list[Token]:
    kind, _, title = block.title.partition(" ")
    if kind not in CHARTS or not title:
        raise block.fault("needs a kind and a title", f"write ::: chart {CHARTS[0]} Title (kinds: {', '.join(CHARTS)})")
    try:
        chart = read_chart(block.inside)
    except ChartFault as fault:
        raise block.fault(str(fault), "write one table: names in its first column, numbers in the others") from fault
    name = escape(f"{title} – {setting.words['chart_in_words']}")
    svg = chart_svg(chart, kind, name, setting.language)
    caption = f"<figcaption>{setting.inline(title)}</figcaption>"
    # a narrow window scrolls the drawing rather than shrinking its letters; the keyboard must reach it to do so
    drawing = f'<div class="chart-wrap" role="region" aria-label="{escape(title)}" tabindex="0">{svg}</div>'
    opening = f'<figure class="chart">\n{caption}\n{drawing}\n'
    return [html_token(opening), *_disclosure("data", block.inside, setting), html_token("</figure>\n")]


def _reflection(block: Block, setting: Setting) -> list[Token]:
    if not _SLUG.fullmatch(block.title) or block.title in setting.reflections:
        raise block.fault("needs a name of its own on the page", "write ::: reflection my-name, with a–z, 0–9 and -")
    if not block.inside:
        raise block.fault("asks nothing", "write what to think about inside it")
    setting.reflections.add(block.title)
    untitled = Block(block.name, "", block.line, block.inside, block.id)
    opening = f'<section class="block block-reflection" aria-labelledby="{block.id}">\n{_label(untitled, setting)}'
    return _wrapped(opening, block.inside, f'<div data-reflection="{block.title}"></div>\n</section>\n')


def _download(block: Block, setting: Setting) -> list[Token]:
    """Files to take along. They are saved, not opened: inside a platform's frame they would replace the page."""
    links = [child for token in block.inside for child in token.children or () if child.type == "link_open"]
    if not links:
        raise block.fault("links no file", "write a list of [what it is](media/file.pdf)")
    for link in links:
        target = str(link.attrs.get("href", ""))
        if not _suffix(target) or ":" in target:
            raise block.fault(f"links {target!r}, which is no file of this module", "name a file such as media/a.pdf")
        link.attrs["download"] = ""
        link.attrs["class"] = "file"
    return _section(block, setting)


_SHAPES: Mapping[str, Callable[[Block, Setting], list[Token]]] = {
    SELF_CHECK: _self_check,
    **dict.fromkeys(ASIDES, _aside),
    **dict.fromkeys(SECTIONS, _section),
    **dict.fromkeys(GROUPS, _group),
    **dict.fromkeys(MEDIA, _media),
    "item": _item,
    "steps": _steps,
    "timeline": _timeline,
    "glossary": _glossary,
    "figure": _figure,
    "table": _table,
    "chart": _chart,
    "reflection": _reflection,
    "download": _download,
}
