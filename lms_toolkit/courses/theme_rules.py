"""Rules for a course's own look: its logo is there, and its colours can be read."""

from __future__ import annotations

from collections.abc import Iterator

from lms_toolkit.courses.loading import COURSE_FILE
from lms_toolkit.courses.sources import is_inside
from lms_toolkit.courses.subject import CourseRule, error
from lms_toolkit.model import Course, Finding
from lms_toolkit.rendering.theme import DARK, LIGHT, MIN_TEXT_CONTRAST, contrast, palette


def theme_contrast(course: Course, languages: tuple[str, ...]) -> Iterator[Finding]:
    """Links, labels and buttons are written in the accent, and read by people with weak sight and in the sun."""
    if course.theme is None or not course.theme.accent:
        return
    for scheme, base in (("light", LIGHT), ("dark", DARK)):
        colours = palette(course.theme, scheme)
        grounds = {**base, "pale accent": colours["accent-soft"]}
        lowest = min(("paper", "card", "pale accent"), key=lambda name: contrast(colours["accent"], grounds[name]))
        ratio = contrast(colours["accent"], grounds[lowest])
        if ratio < MIN_TEXT_CONTRAST:
            key = "accent_dark" if scheme == "dark" and course.theme.accent_dark else "accent"
            tone = "lighter" if scheme == "dark" else "darker"
            message = f"theme.{key} {colours['accent']} has a contrast of {ratio:.1f} on {scheme} {lowest}"
            hint = f"text needs {MIN_TEXT_CONTRAST}: choose a {tone} colour"
            yield error("theme-contrast", message, course.folder / COURSE_FILE, hint=hint)


def theme_logo(course: Course, languages: tuple[str, ...]) -> Iterator[Finding]:
    if course.theme is None or not course.theme.logo:
        return
    path = course.folder / course.theme.logo
    if not is_inside(path, course.folder) or not path.is_file():
        message = f"theme.logo names {course.theme.logo}, and there is no such file in the course's folder"
        yield error("theme-logo", message, course.folder / COURSE_FILE, hint="name it from course.toml on: logo.svg")


THEME_RULES: tuple[CourseRule, ...] = (theme_contrast, theme_logo)
