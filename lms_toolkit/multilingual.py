"""Writes a text in several languages as one, of which each reader is shown their own, and reads it back.

The markup is that of Moodle's filter "Multi-Language Content" (filter_multilang), which is part of Moodle; see
https://docs.moodle.org/en/Multi-language_content_filter. Where it is not applied, all languages are seen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lms_toolkit.model import Localized

_MARKED = r'<span lang="[a-zA-Z0-9_-]+" class="multilang">.*?</span>'
_ALL = re.compile(rf"{_MARKED}(?:\s*{_MARKED})+", re.DOTALL)
_ONE = re.compile(r'<span lang="([^"]+)" class="multilang">(.*?)</span>', re.DOTALL)
_BREAKS = (
    (re.compile(r"</(?:p|h[1-6]|div|blockquote|tr|table|ul|ol|dl|pre)>\s*"), "<br><br>"),
    (re.compile(r"<li[^>]*>\s*"), "– "),
    (re.compile(r"</(?:li|dt|dd)>\s*"), "<br>"),
    (re.compile(r"</(?:td|th)>\s*"), " "),
    (re.compile(r"</?(?:p|h[1-6]|div|blockquote|t[a-z]+|ul|ol|dl|dt|dd|pre|hr|section|aside)\b[^>]*>\s*"), ""),
)


def together(texts: Localized) -> str:
    """These texts, plain or HTML, as one; a text that is the same in all, or there is in one alone, stands alone."""
    written = {language: text for language, text in texts.items() if text}
    if len(set(written.values())) < 2:
        return next(iter(written.values()), "")
    return "".join(
        f'<span lang="{language}" class="multilang">{_without_spans(text)}</span>' for language, text in written.items()
    )


def _without_spans(html: str) -> str:
    """A span inside would end the language: foreign words are set in `<i>` instead."""
    return re.sub(r"<(/?)span\b", r"<\1i", html)


def beside(texts: Localized) -> str:
    """All languages one beside the other, for places that show no markup: "Clear / Claro"."""
    return " / ".join(dict.fromkeys(text for text in texts.values() if text))


def in_lines(html: str) -> str:
    """HTML without blocks, whose paragraphs and items are lines.

    Where Moodle cleans a text before it shows it, no block may stand in a span: it would be taken out of its language.
    """
    for pattern, replacement in _BREAKS:
        html = pattern.sub(replacement, html)
    return re.sub(r"(?:<br>\s*){3,}", "<br><br>", re.sub(r"^(?:\s|<br>)+|(?:\s|<br>)+$", "", html))


def in_language(text: str, language: str) -> str:
    """What a reader of this language is shown: their own, or the first of those there are."""

    def own(match: re.Match[str]) -> str:
        found: Mapping[str, str] = {one.lower().replace("_", "-"): said for one, said in _ONE.findall(match[0])}
        wanted = language.lower().replace("_", "-")
        return found.get(wanted) or found.get(wanted.partition("-")[0]) or next(iter(found.values()))

    return _ALL.sub(own, text)
