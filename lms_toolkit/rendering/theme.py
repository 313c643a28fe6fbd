"""A course's own look: its logo and colour, and templates of its own that come before ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from lms_toolkit.interfaces import Shell
from lms_toolkit.model import Course, PackageFile, Theme

TEMPLATES = "templates"
"""The folder of a course whose files take the place of ours of the same name, such as `page/page.css`."""

LIGHT = {"paper": "#fbfaf8", "card": "#ffffff", "ink": "#1c2430"}
DARK = {"paper": "#14191f", "card": "#1c232b", "ink": "#e8ebef"}
MIN_TEXT_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3 Contrast (Minimum), for text of normal size."""

_SOFT = 0.1
_SOFT_DARK = 0.2


def themed(shell: Shell, course: Course) -> Shell:
    """The shell with the course's templates before ours, its logo and its colours."""
    own = course.folder / TEMPLATES
    templates = (own, *shell.templates) if own.is_dir() else shell.templates
    if course.theme is None:
        return replace(shell, templates=templates)
    return replace(shell, templates=templates, theme_css=theme_css(course.theme), logo=_logo(course))


def _logo(course: Course) -> PackageFile | None:
    if course.theme is None or not course.theme.logo:
        return None
    path = Path(course.theme.logo)
    return PackageFile(f"assets/logo{path.suffix.lower()}", course.folder / path)


def theme_css(theme: Theme) -> str:
    """Style rules that put the theme's colours in the place of ours, in light and in dark."""
    if not theme.accent:
        return ""
    light, dark = _variables(palette(theme, "light")), _variables(palette(theme, "dark"))
    return (
        f":root {{ {light} }}\n"
        f'@media screen and (prefers-color-scheme: dark) {{ :root:not([data-theme="light"]) {{ {dark} }} }}\n'
        f'@media screen {{ :root[data-theme="dark"] {{ {dark} }} }}\n'
    )


def palette(theme: Theme, scheme: str) -> dict[str, str]:
    """The colours that follow from a theme's accent: its pale shade, and what is written on it."""
    base = DARK if scheme == "dark" else LIGHT
    accent = (theme.accent_dark or _lightened(theme.accent)) if scheme == "dark" else theme.accent
    soft = mixed(base["card"], accent, _SOFT_DARK if scheme == "dark" else _SOFT)
    on_accent = max(("#ffffff", "#0b1116"), key=lambda ink: contrast(ink, accent))
    return {"accent": accent, "accent-soft": soft, "on-accent": on_accent, "series-1": accent}


def _lightened(accent: str) -> str:
    """The accent, as much lighter as text on a dark page needs."""
    shades = (mixed(accent, "#ffffff", step / 20) for step in range(20))
    return next((shade for shade in shades if _is_legible(shade)), "#ffffff")


def _is_legible(shade: str) -> bool:
    return contrast(shade, mixed(DARK["card"], shade, _SOFT_DARK)) >= MIN_TEXT_CONTRAST


def _variables(colours: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in colours.items())


def mixed(one: str, other: str, share: float) -> str:
    """`one` with a share (0 to 1) of `other` in it."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2, contrast ratio)."""
    lights = sorted((_luminance(one), _luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def _channels(colour: str) -> tuple[int, int, int]:
    """`#0b5d7a` → 11, 93, 122."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
