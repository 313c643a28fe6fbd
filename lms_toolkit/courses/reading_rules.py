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
_SENTENCE_END = re.compile(r"[.!?:;…](?=\s|$)|\n\s*\n|\n(?=\s*(?:[-#|>:]|\d+\.))")
_UNREAD = re.compile(r"```(?s:.*?)```|\]\([^)]*\)|\[\^[^\]]*\]|\{[^}]*\}|^:::.*$", re.MULTILINE)


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
    text = _read_text(markdown)
    words = _WORD.findall(text)
    if len(words) < _WORDS_FOR_LIX:
        return 0.0
    sentences = sum(bool(_WORD.search(part)) for part in _SENTENCE_END.split(text))
    long_words = sum(len(word) > _LONG_WORD for word in words)
    return len(words) / sentences + 100 * long_words / len(words)


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
    return len(_WORD.findall(_read_text(lesson.markdown)))


@lru_cache(maxsize=16)
def _read_text(markdown: str) -> str:
    """What people read of a text; each rule asks for it."""
    return _UNREAD.sub(" ", markdown)


READING_RULES: tuple[ModuleRule, ...] = (reading_level, lesson_length)
