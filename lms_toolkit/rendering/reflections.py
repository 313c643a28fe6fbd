"""The boxes in which learners write for themselves; what they write is kept with their progress."""

from __future__ import annotations

import re
from hashlib import sha256

MAX_CHARS = 500
PLACEHOLDER = re.compile(r'<div data-reflection="([a-z][a-z0-9-]*)">\s*</div>')


def notes_reference(name: str) -> str:
    """The short name of a box in a learner's saved state; no question has the same, as theirs begin otherwise."""
    return "n" + sha256(name.encode()).hexdigest()[:7]


def notes_chars(html: str) -> int:
    """The most characters that the notes of a page take in the saved state (JSON)."""
    frame = len('"n1234567":"",')
    # a quote, a backslash and a line break are written with two characters
    return len(PLACEHOLDER.findall(html)) * (frame + 2 * MAX_CHARS)
