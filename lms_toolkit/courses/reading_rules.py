"""Rules for how much and how hard a lesson is to read; only clear outliers are named.

Reading level is LIX (Björnsson 1968): words per sentence, plus the percentage of words longer than six letters. It
needs no dictionary and was made to compare languages. Newspapers have 40 to 50; over 60 is the language of laws.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from statistics import median

from lms_toolkit.courses.subject import ModuleRule, Subject, warning
from lms_toolkit.model import Finding, Lesson

LIX_LIMIT = 60
LANGUAGES = ("en", "es", "fr")
_WORDS_FOR_LIX = 100
_LONG_WORD = 6
_LESSON_WORDS = 2500
_TIMES_MEDIAN = 4
_WORDS_PER_MINUTE = 400  # twice what people read with attention

_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_LETTER = re.compile(r"[^\W\d_]")
# Both begin with a set of characters, which the engine looks for many times faster than for alternatives.
_SENTENCE_END = re.compile(r"[.!?:;…\n](?:(?<!\n)(?=\s|$)|(?<=\n)(?:\s*\n|(?=\s*(?:[-#|>:]|\d+\.))))")
_UNREAD = re.compile(
    r"""[`\]\[{:](?:
        (?<=`)``(?s:.*?)```     # code
        | (?<=\])\([^)]*\)      # where a link leads
        | (?<=\[)\^[^\]]*\]     # the mark of a footnote
        | (?<=\{)[^}]*\}        # attributes
        | (?<=^:)::.*$          # the line that begins or ends a block
    )""",
    re.MULTILINE | re.VERBOSE,
)


def reading_level(subject: Subject) -> Iterator[Finding]:
    """Text that only specialists read with ease."""
    if subject.content.language.partition("-")[0] not in LANGUAGES:
        return
    for lesson in subject.content.lessons:
        value = lix(lesson.markdown)
        if value > LIX_LIMIT:
            message = f"{lesson.slug} is very hard to read (LIX {value:.0f}; newspapers have 40 to 50)"
            hint = "shorten sentences, replace long words"
            yield warning("reading-level", message, lesson.path, lesson.body_line, hint)


def lix(markdown: str) -> float:
    """Words per sentence plus the percentage of long words; 0 for a text too short to tell."""
    words, long_words, sentences = _counted(markdown)
    return words / sentences + 100 * long_words / words if words >= _WORDS_FOR_LIX else 0.0


def lesson_length(subject: Subject) -> Iterator[Finding]:
    """A lesson that is far longer than one sitting, than its neighbours, or than the minutes it says."""
    lengths = {lesson.slug: _count(lesson) for lesson in subject.content.lessons}
    usual = median(lengths.values()) if len(lengths) > 2 else 0
    for lesson in subject.content.lessons:
        fault = _length_fault(lesson, lengths[lesson.slug], usual)
        if fault:
            message, hint = fault
            yield warning("lesson-length", f"{lesson.slug} {message}", lesson.path, lesson.body_line, hint)


def _length_fault(lesson: Lesson, words: int, usual: float) -> tuple[str, str] | None:
    if words > _LESSON_WORDS:
        return f"has {words} words; more than {_LESSON_WORDS} are hard to take in at once", "split it"
    if usual and words > 800 and words > _TIMES_MEDIAN * usual:
        return f"has {words} words, and the module's lessons have {usual:.0f} as a rule", "split it"
    if words > lesson.minutes * _WORDS_PER_MINUTE:
        hint = f"people read about {_WORDS_PER_MINUTE // 2} words a minute: give it more minutes"
        return f"has {words} words for {lesson.minutes} minutes", hint
    return None


def _count(lesson: Lesson) -> int:
    return _counted(lesson.markdown)[0]


@lru_cache(maxsize=16)
def _counted(markdown: str) -> tuple[int, int, int]:
    """Words, long words and sentences of what people read of a text; each rule asks for them."""
    text = _UNREAD.sub(" ", markdown)
    words = _WORD.findall(text)
    long_words = [word for word in words if len(word) > _LONG_WORD]
    sentences = [part for part in _SENTENCE_END.split(text) if _LETTER.search(part)]
    return len(words), len(long_words), len(sentences)


READING_RULES: tuple[ModuleRule, ...] = (reading_level, lesson_length)
