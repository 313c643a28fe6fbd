"""Makes the folder of a new course: small, complete, and already something that checks and builds."""

from __future__ import annotations

import re
import shutil
import tomllib
import uuid
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from lms_toolkit.content import templates_path
from lms_toolkit.errors import ConfigError

_SLUG = re.compile(r"[a-z][a-z0-9-]{0,59}")
_STRINGS = "strings.toml"


def scaffold(folder: Path, languages: Sequence[str]) -> tuple[Path, ...]:
    """Make the course whose id is the name of `folder`; returns its files. Nothing that is there is touched.

    Raises ConfigError when the folder is there, its name is no slug, or a language has no texts to begin with.
    """
    course_id = folder.resolve().name
    if not _SLUG.fullmatch(course_id):
        raise ConfigError(f"{course_id!r} cannot be the id of a course: use a–z, 0–9 and -, beginning with a letter")
    if folder.exists() or folder.is_symlink():
        raise ConfigError(f"{folder} is there already and stays as it is; choose another name")
    chosen = tuple(dict.fromkeys(languages))
    _refuse_unknown(chosen)
    draft = folder.with_name(f".{course_id}.{uuid.uuid4().hex}.part")
    try:
        _write(draft, course_id, chosen)
        draft.rename(folder)
    except OSError as error:
        raise ConfigError(f"{folder} cannot be made ({error.strerror}); choose another place") from error
    finally:
        with suppress(OSError):
            shutil.rmtree(draft)
    return tuple(sorted(path for path in folder.rglob("*") if path.is_file()))


def languages_on_offer() -> tuple[str, ...]:
    """The languages that have texts to begin with."""
    return tuple(sorted(path.parent.name for path in _templates().glob(f"*/{_STRINGS}")))


def _refuse_unknown(languages: Sequence[str]) -> None:
    known = languages_on_offer()
    unknown = [language for language in languages if language not in known]
    if unknown:
        raise ConfigError(
            f"there is no course to begin with in {unknown[0]!r} (there is: {', '.join(known)}); begin in one of these"
            " and add the language in course.toml"
        )


def _templates() -> Path:
    return templates_path() / "scaffold"


def _write(draft: Path, course_id: str, languages: Sequence[str]) -> None:
    draft.mkdir(parents=True)
    for language in languages:
        shutil.copytree(
            _templates() / language,
            draft / language,
            ignore=shutil.ignore_patterns(_STRINGS),
            copy_function=shutil.copyfile,  # the rights of our own files are nobody's wish
        )
    (draft / "course.toml").write_text(_course_file(course_id, languages), encoding="utf-8")


def _course_file(course_id: str, languages: Sequence[str]) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_templates()),
        autoescape=False,  # TOML, filled with our own texts and a slug
        keep_trailing_newline=True,
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    return environment.get_template("course.toml.j2").render(
        course_id=course_id,
        edition=f"{course_id.upper()}-1",
        languages=", ".join(f'"{language}"' for language in languages),
        texts={language: _strings(language) for language in languages},
    )


def _strings(language: str) -> dict[str, Any]:
    return tomllib.loads((_templates() / language / _STRINGS).read_text(encoding="utf-8"))
