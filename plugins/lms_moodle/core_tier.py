"""What can be done on a site without the companion: sections by name, packages in a draft area.

Grades are in core_results.py.
"""

from __future__ import annotations

from lms_moodle import functions
from lms_moodle.client import MoodleClient
from lms_toolkit.errors import Refused
from lms_toolkit.interfaces import Progress
from lms_toolkit.model import DeclaredModule, DeclaredSection, StepResult


def apply_section(client: MoodleClient, course_ref: str, section: DeclaredSection) -> StepResult:
    """Find the section by its name, or add it at the end: core knows no keys, and sets no summary."""
    found = _by_name(client, course_ref, section.name)
    note = "without the companion: found by its name; summary and position are not set"
    if found:
        return StepResult("section", section.key, "unchanged", found.ref, note)
    before = {entry.ref for entry in functions.get_sections(client, course_ref)}
    functions.add_section(client, course_ref)
    added = [entry for entry in functions.get_sections(client, course_ref) if entry.ref not in before]
    if len(added) != 1:
        raise Refused(
            f"{client.site.name}: {len(added)} sections appeared in course {course_ref} at once; deploy again"
        )
    functions.rename_section(client, added[0].ref, section.name)
    return StepResult("section", section.key, "created", added[0].ref, note)


def _by_name(client: MoodleClient, course_ref: str, name: str) -> functions.Section | None:
    return next((entry for entry in functions.get_sections(client, course_ref) if entry.name == name), None)


def apply_module(client: MoodleClient, module: DeclaredModule, max_bytes: int, progress: Progress | None) -> StepResult:
    """Upload the package and say what a person has to do: no core function adds an activity to a course."""
    if module.package_path is None:
        note = f"not there: install the companion and deploy again, or add « {module.name} » by hand"
        return StepResult("activity", module.key, "skipped", "", note)
    filename = f"{module.key.rpartition(':')[2]}{module.package_path.suffix}"
    draft = client.upload(module.package_path, filename, max_bytes=max_bytes, progress=progress)
    note = (
        f"uploaded, not attached: install the companion (lms-toolkit moodle companion -o lmstoolkit.zip) and deploy"
        f" again, or add a SCORM activity « {module.name} » with {filename} by hand, ID number {module.key}"
    )
    return StepResult("module", module.key, "skipped", f"draft:{draft}", note)
