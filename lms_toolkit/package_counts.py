"""Counts what a designer wants to know of a package: its questions, and what `check` says of its files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from lms_toolkit.model import Finding, ModuleContent, Question

_SELF_CHECK = re.compile(r"^:::\s*self-check\s+(\S+)\s*$", re.MULTILINE)


def count_questions(contents: Sequence[ModuleContent]) -> int:
    """Those of the quiz, and the self-checks that a lesson shows."""
    return sum(len(content.quiz) + len(_shown(content)) for content in contents)


def _shown(content: ModuleContent) -> list[Question]:
    named = {name for lesson in content.lessons for name in _SELF_CHECK.findall(lesson.markdown)}
    return [check for check in content.self_checks if check.id in named]


def count_about(findings: Sequence[Finding], contents: Sequence[ModuleContent]) -> int:
    """How many findings are about what goes into a package."""
    return sum(any(_is_about(finding, content) for content in contents) for finding in findings)


def _is_about(finding: Finding, content: ModuleContent) -> bool:
    """Whether a finding is in one of these texts, or in a file that the module's texts share."""
    where = Path(finding.where)
    if where.suffix == ".md":
        return any(lesson.path == where for lesson in content.lessons)
    return where.is_relative_to(content.folder)
