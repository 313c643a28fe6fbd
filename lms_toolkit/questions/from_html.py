"""Turns HTML of other systems into Markdown that says the same, and names what Markdown cannot say.

The safety net is at the end: what the Markdown renders to must read like the HTML it came from, word for word. Where
it does not (emphasis inside a word next to a sign, say), the text is kept plain and the loss is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import quote, unquote

from lxml import html as lxml_html
from lxml.etree import ParserError, _Element

from lms_toolkit.questions.plain_text import block_literal, escaped, inline_literal, paragraph_html
from lms_toolkit.rendering.markdown import inline_html

PLUGIN_FILE = "@@PLUGINFILE@@/"

_TAGLESS = re.compile(r"\s*(?:<p>)?([^<]*)(?:</p>)?\s*")
_SPACES = re.compile(r"[ \t\n\r\f]+")
_BREAK = "\\\n"

_DROPPED = frozenset({"script", "style", "template", "iframe", "object", "embed", "applet", "svg", "math", "canvas"})
_DROPPED |= {"audio", "video", "form", "input", "button", "select", "textarea"}
_HEADINGS = {"h1": 2, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_PARAGRAPHS = frozenset({"p", "address", "center", "dt", "dd", "figcaption", "caption"})
_GROUPS = frozenset({"div", "section", "article", "aside", "figure", "main", "header", "footer", "dl", "details"})
_BLOCKS = frozenset({*_HEADINGS, *_PARAGRAPHS, *_GROUPS, "ul", "ol", "pre", "blockquote", "table", "hr"})
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "s": "~~", "del": "~~", "strike": "~~"}
_UNSAYABLE = {"sub": "subscript", "sup": "superscript", "u": "underlining", "ins": "underlining", "mark": "marking"}
_SCHEMES = ("http:", "https:", "mailto:", "tel:")


@dataclass(frozen=True, slots=True)
class Converted:
    """Markdown, and in words what of the HTML is not in it."""

    markdown: str
    lost: tuple[str, ...] = ()


def as_markdown(text: str, form: str, files: Mapping[str, str], *, inline: bool) -> Converted:
    """A text in one of Moodle's formats: html, markdown, plain, or moodle, which is HTML where line ends count."""
    if form == "markdown" or not text:
        for name, target in files.items():
            text = text.replace(PLUGIN_FILE + quote(name), target).replace(PLUGIN_FILE + name, target)
        return Converted(text)
    if form == "plain":
        text = text.replace("&", "&amp;").replace("<", "&lt;")
    if form != "html":
        text = text.replace("\n", "<br>")
    return markdown_of_html(text, files, inline=inline)


def markdown_of_html(html: str, files: Mapping[str, str], *, inline: bool = False) -> Converted:
    """Markdown for a piece of HTML; `inline` for places that hold one line, such as a choice.

    `files` says which file of the module stands for a file of the question, by the path that follows @@PLUGINFILE@@.
    """
    literal = inline_literal if inline else block_literal
    tagless = _TAGLESS.fullmatch(html)
    if tagless:
        return Converted(literal(_squeezed(unescape(tagless[1])).strip()))
    root = _parse(html)
    writer = _Writer(files, inline)
    markdown = _BREAK.join(writer.blocks(root)) if inline else "\n\n".join(writer.blocks(root))
    wanted = "".join(_seen(root))
    if _letters(_visible(markdown, inline)) == _letters(wanted):
        return Converted(markdown, tuple(writer.lost))
    return Converted(literal(_words(wanted)), (*writer.lost, "its formatting, which Markdown would show as signs"))


def _parse(html: str) -> _Element:
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root: _Element = lxml_html.fragment_fromstring(html.encode(), create_parent="div", parser=parser)
    except ParserError:
        root = lxml_html.Element("div")  # nothing but comments
    return root


def _squeezed(text: str) -> str:
    return _SPACES.sub(" ", text)


def _words(text: str) -> str:
    return " ".join(text.split())


def _letters(text: str) -> str:
    """What two texts are compared by: where lines and paragraphs end may differ."""
    return "".join(text.split())


def _visible(markdown: str, inline: bool) -> str:
    """What a reader sees of a Markdown text, pictures left out."""
    rendered = inline_html(markdown, "en") if inline else paragraph_html(markdown)
    return unescape(re.sub(r"<[^>]*>", "", rendered))


@dataclass
class _Writer:
    """Walks one text. `lost` gathers what cannot be said, each thing once, in order."""

    files: Mapping[str, str]
    inline: bool
    lost: dict[str, None] = field(default_factory=dict)
    escape: Callable[[str], str] = escaped

    def blocks(self, parent: _Element) -> list[str]:
        """The paragraphs, lists … below an element, each as Markdown."""
        made: list[str] = []
        for run in _runs(parent):
            if isinstance(run, list):
                made.append(self._paragraph(run))
            else:
                made += self._block(run)
        return [block for block in made if block.strip()]

    def _paragraph(self, run: list[str | _Element]) -> str:
        if all(isinstance(part, str) for part in run):
            text = _squeezed("".join(part for part in run if isinstance(part, str))).strip()
            return inline_literal(text) if self.inline else block_literal(text)
        safe = _tidied("".join(self._parts(run)))
        if "\\" not in safe:
            return safe
        self.escape = str
        bare = _tidied("".join(self._parts(run)))
        self.escape = escaped
        # fewer signs are better to read, where they are not needed
        return bare if paragraph_html(bare) == paragraph_html(safe) else safe

    def _parts(self, run: list[str | _Element]) -> Iterator[str]:
        for part in run:
            yield self.escape(_squeezed(part)) if isinstance(part, str) else self._phrase(part)

    def _block(self, element: _Element) -> list[str]:
        if self.inline and element.tag not in (*_PARAGRAPHS, *_GROUPS):
            return self._flattened(element)
        self._note_style(element)
        writer = _BLOCK_WRITERS.get(str(element.tag))
        made = writer(self, element) if writer else self.blocks(element)
        with_language = _with_span_language if self.inline else _with_language
        return [with_language(element, block) for block in made]

    def _flattened(self, element: _Element) -> list[str]:
        if element.tag == "hr":
            self._lose("a line across")
            return []
        self._lose(f"its {_NAMES.get(str(element.tag), 'heading')}, which cannot stand in one line")
        rows = [" ".join(self._inside(cell) for cell in row) for row in element.iter("tr")]
        items = list(element.iterchildren("li")) or [element]
        return rows or [block for item in items for block in self.blocks(item)]

    def _heading(self, element: _Element) -> list[str]:
        text = self._inside(element).replace(_BREAK, " ").strip()
        return [f"{'#' * _HEADINGS[str(element.tag)]} {text}"] if text else []

    def _list(self, element: _Element) -> list[str]:
        start = element.get("start", "1")
        first = int(start) if start.isdecimal() and len(start) < 9 else 1
        items = []
        for place, item in enumerate(element.iterchildren("li"), start=first):
            marker = "- " if element.tag == "ul" else f"{place}. "
            between = "\n" if item.find("p") is None else "\n\n"
            items.append(marker + _indented(between.join(self.blocks(item)), len(marker)))
        loose = any(item.find("p") is not None for item in element.iterchildren("li"))
        return [("\n\n" if loose else "\n").join(items)]

    def _definitions(self, element: _Element) -> list[str]:
        if self.inline:
            return self.blocks(element)
        text = ""
        for child in element.iterchildren("dt", "dd"):
            blocks = self.blocks(child)
            if child.tag == "dt":
                text += f"\n\n{' '.join(blocks)}"
            else:
                between = "\n" if child.find("p") is None else "\n\n"
                text += between + ": " + _indented("\n\n".join(blocks), 2)
        return [text.strip()] if text.strip() else []

    def _pre(self, element: _Element) -> list[str]:
        text = _all_text(element).strip("\n")
        fence = "`" * max(3, _longest_ticks(text) + 1)
        return [f"{fence}\n{text}\n{fence}"] if text.strip() else []

    def _quotation(self, element: _Element) -> list[str]:
        text = "\n\n".join(self.blocks(element))
        return ["\n".join(f"> {line}".rstrip() for line in text.split("\n"))] if text else []

    def _line(self, element: _Element) -> list[str]:
        return ["* * *"]

    def _table(self, element: _Element) -> list[str]:
        rows = [list(row.iterchildren("th", "td")) for row in element.iter("tr")]
        rows = [row for row in rows if row]
        if not rows:
            return []
        if any(cell.get("colspan", "1") != "1" or cell.get("rowspan", "1") != "1" for row in rows for cell in row):
            self._lose("joined cells of a table")
        if any(cell.tag != "th" for cell in rows[0]):
            self._lose("a table without a heading row: its first row became the heading")
        width = max(len(row) for row in rows)
        lines = [self._row(row, width) for row in rows]
        captions = [block for caption in element.iterchildren("caption") for block in self.blocks(caption)]
        return [*captions, "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])]

    def _row(self, cells: list[_Element], width: int) -> str:
        texts = [self._inside(cell).replace(_BREAK, " ").strip() for cell in cells]
        return "| " + " | ".join([*texts, *[""] * (width - len(texts))]) + " |"

    def _inside(self, element: _Element) -> str:
        parts = [self.escape(_squeezed(element.text or ""))]
        for child in element:
            parts += [self._phrase(child), self.escape(_squeezed(child.tail or ""))]
        return "".join(parts)

    def _phrase(self, element: _Element) -> str:
        """An element within a line."""
        tag = str(element.tag)
        self._note_style(element)
        if tag in _DROPPED:
            self._lose(f"<{tag}>")
            return ""
        if tag == "br":
            return _BREAK
        if tag == "code":
            return _code(_all_text(element))
        if tag == "img":
            return self._picture(element)
        if tag in _UNSAYABLE:
            self._lose(_UNSAYABLE[tag])
        inside = self._inside(element)
        if tag == "a":
            return self._link(element, inside)
        return _wrapped(inside, _MARKS[tag]) if tag in _MARKS else _with_span_language(element, inside)

    def _picture(self, element: _Element) -> str:
        source = element.get("src", "")
        target = self._file(source)
        if not target:
            self._lose(f"the picture {_short(source)}")
            return ""
        return f"![{escaped(_words(element.get('alt', '')))}]({target})"

    def _link(self, element: _Element, inside: str) -> str:
        address = (element.get("href") or "").strip()
        if not address or not inside.strip():
            return inside
        target = self._file(address) or (address if address.lower().startswith(_SCHEMES) else "")
        if not target:
            self._lose(f"the link to {_short(address)}")
            return inside
        head, text, tail = _apart(inside)
        return f"{head}[{text}]({_address(target)}){tail}"

    def _file(self, address: str) -> str:
        if not address.startswith(PLUGIN_FILE):
            return ""
        return self.files.get(unquote(address.removeprefix(PLUGIN_FILE).partition("?")[0]), "")

    def _note_style(self, element: _Element) -> None:
        if element.get("style"):
            self._lose("styles (colours, sizes, alignment)")

    def _lose(self, what: str) -> None:
        self.lost[what] = None


_NAMES = {"ul": "list", "ol": "list", "table": "table", "pre": "block of code", "blockquote": "quotation"}
_BLOCK_WRITERS: dict[str, Callable[[_Writer, _Element], list[str]]] = {
    "dl": _Writer._definitions,
    **dict.fromkeys(_HEADINGS, _Writer._heading),
    "ul": _Writer._list,
    "ol": _Writer._list,
    "pre": _Writer._pre,
    "blockquote": _Writer._quotation,
    "table": _Writer._table,
    "hr": _Writer._line,
}


def _seen(element: _Element) -> Iterator[str]:
    """What a reader sees of the HTML, without what has no place in a text."""
    yield element.text or ""
    for child in element:
        if child.tag not in _DROPPED:
            yield from _seen(child)
        if child.tag in ("br", "li", "td", "th") or child.tag in _BLOCKS:
            yield " "
        yield child.tail or ""


def _all_text(element: _Element) -> str:
    return "".join(str(text) for text in element.itertext())


def _runs(parent: _Element) -> Iterator[list[str | _Element] | _Element]:
    """The children of an element: blocks one by one, and between them runs of text and phrases."""
    run: list[str | _Element] = [parent.text or ""]
    for child in parent:
        if child.tag in _BLOCKS:
            yield run
            yield child
            run = []
        else:
            run.append(child)
        run.append(child.tail or "")
    yield run


def _tidied(text: str) -> str:
    """A paragraph without white space at the ends of its lines; a line that looks like a list is no list."""
    lines = [line.strip(" ") for line in text.split("\n")]
    paragraph = "\n".join(lines).strip()
    while paragraph.endswith("\\") and not paragraph.endswith("\\\\"):
        paragraph = paragraph[:-1].rstrip()  # a line break after which nothing comes
    paragraph = paragraph.removeprefix(_BREAK)
    return "\n".join(_line_start_escaped(line) for line in paragraph.split("\n"))


_LINE_STARTS = re.compile(r"(?P<sign>[-+=>:#])|(?P<number>\d{1,9})(?P<dot>[.)])")


def _line_start_escaped(line: str) -> str:
    found = _LINE_STARTS.match(line)
    if not found:
        return line
    if found["sign"]:
        return "\\" + line
    return f"{found['number']}\\{line[len(found['number']) :]}"


def _apart(text: str) -> tuple[str, str, str]:
    """White space before, the text, white space after: marks must touch the words they belong to."""
    core = text.strip(" ")
    start = text.index(core) if core else 0
    return text[:start], core, text[start + len(core) :]


def _wrapped(inside: str, mark: str) -> str:
    head, text, tail = _apart(inside)
    return f"{head}{mark}{text}{mark}{tail}" if text else inside


def _with_span_language(element: _Element, inside: str) -> str:
    attributes = _language(element)
    return f"[{inside}]{{{attributes}}}" if attributes and inside.strip() else inside


def _with_language(element: _Element, block: str) -> str:
    attributes = _language(element)
    return f"{{{attributes}}}\n{block}" if attributes else block


def _language(element: _Element) -> str:
    pairs = ((name, element.get(name, "")) for name in ("lang", "dir"))
    return " ".join(f"{name}={value}" for name, value in pairs if re.fullmatch(r"[A-Za-z-]{2,20}", value))


def _code(text: str) -> str:
    text = _squeezed(text)
    if not text.strip():
        return text
    ticks = "`" * (_longest_ticks(text) + 1)
    pad = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _longest_ticks(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _indented(text: str, by: int) -> str:
    return text.replace("\n", "\n" + " " * by).replace("\n" + " " * by + "\n", "\n\n")


def _address(target: str) -> str:
    return f"<{target}>" if re.search(r"[\s()]", target) and not re.search(r"[<>\n]", target) else target


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
