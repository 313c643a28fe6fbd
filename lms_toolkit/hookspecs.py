"""Every hook there is. Each says when it is called, with what, what to return, and what happens if it raises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    import click

    from lms_toolkit.interfaces import Certifier, CourseSource, PackageFormat, Platform
    from lms_toolkit.model import (
        Award,
        CertificateRecord,
        Completion,
        Course,
        Decision,
        Edition,
        Event,
        Finding,
        Grade,
        Learner,
        Lesson,
        OpenedPackage,
        User,
    )

hookspec = pluggy.HookspecMarker("lms_toolkit")
hookimpl = pluggy.HookimplMarker("lms_toolkit")


@hookspec
def lms_register_courses() -> Sequence[CourseSource]:
    """Called once, when courses are first asked for. Return where your courses are; read nothing yet.

    Raising leaves your plugin out and shows it as failed.
    """
    raise NotImplementedError


@hookspec
def lms_register_formats() -> Mapping[str, type[PackageFormat] | str]:
    """Called once, when formats are first asked for. Return name → class, or name → `"package.module:Class"`.

    The text form is imported only when that format is chosen. Raising, or a name that is taken, shows you as failed.
    """
    raise NotImplementedError


@hookspec
def lms_register_platforms() -> Mapping[str, type[Platform] | str]:
    """Called once, when platforms are first asked for. Return name → class, `"package.module:Class"` or `"=other"`.

    `"=moodle"` says that this platform is spoken to exactly as the platform named `moodle`.
    Raising leaves your plugin out and shows it as failed.
    """
    raise NotImplementedError


@hookspec
def lms_register_certifiers() -> Mapping[str, type[Certifier] | str]:
    """Called once, when certifiers are first asked for. Return name → class or `"package.module:Class"`.

    The class is called with the `CertificateConfig`. Raising leaves your plugin out and shows it as failed.
    """
    raise NotImplementedError


@hookspec
def lms_register_commands() -> Mapping[str, str | click.Command]:
    """Called when the command line needs your command or its help. Return name → `"package.module:command"`.

    The text form keeps `--help` fast: it may carry a one-line help after a space,
    `"lms_moodle.cli:moodle Install and inspect the Moodle side."`.
    The command finds the `App` with `click.make_pass_decorator(App)` and hands its result to `app.emit`.
    Raising leaves your plugin out and shows it as failed.
    """
    raise NotImplementedError


@hookspec
def lms_check_course(course: Course, languages: Sequence[str]) -> Sequence[Finding]:
    """Called by `check` for each course that loads. Return what is wrong with it, or nothing.

    Raising makes one error finding that names your plugin; the other checks go on.
    """
    raise NotImplementedError


@hookspec
def lms_check_package(package: OpenedPackage) -> Sequence[Finding]:
    """Called by `inspect` for each package that is safe to read. Return findings if the package is of your format.

    Return nothing for packages that are not yours. Raising makes one error finding that names your plugin.
    """
    raise NotImplementedError


@hookspec
def lms_on_event(event: Event) -> None:
    """Called after something is saved: `package.built`, `edition.deployed`, `results.pulled`, `award.decided`,
    `certificate.issued`, `certificate.redrawn`, `certificate.revoked`. Raising is reported and undoes nothing.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def lms_render_lesson(course: Course, lesson: Lesson, language: str) -> str | None:
    """Called for each lesson, while packaging and in preview. Return its body as HTML, None if it is not yours.

    The first answer is used, and sanitised. Raising stops the build and names your plugin.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def lms_resolve_learner(site: str, user: User) -> Learner | None:
    """Called for each user of a pull. Return the person behind the account, None to let the next plugin answer.

    The host's answer: the idnumber if there is one, else the e-mail address. Raising stops the pull.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def lms_decide_award(
    course: Course,
    edition: Edition,
    language: str,
    learner: Learner,
    grades: Sequence[Grade],
    completions: Sequence[Completion],
    decisions: Sequence[Decision],
) -> Award | None:
    """Called for each learner of an edition. Return the award with its reasons, None if the course is not yours.

    The host's answer is the rule in `course.toml`. `decisions` are those made by hand: yours to heed are extensions of
    deadlines, the host settles the others in your reasons. Raising stops `certify` before anything is issued.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def lms_render_certificate(record: CertificateRecord, signed_json: str, credential_json: str) -> bytes | None:
    """Called once per certificate. Return the PDF's bytes, None to let the certifier draw it.

    The PDF must carry `signed_json` as the attachment `certificate.json`, and may carry `credential_json`, unless it is
    empty, as `credential.json`. Raising leaves the award uncertified.
    """
    raise NotImplementedError
