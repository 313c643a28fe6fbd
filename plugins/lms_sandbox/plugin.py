"""The sandbox as a platform (spoken to exactly as Moodle), and its commands."""

from __future__ import annotations

from lms_toolkit import hookimpl


@hookimpl
def lms_register_platforms() -> dict[str, str]:
    return {"sandbox": "=moodle"}


@hookimpl
def lms_register_commands() -> dict[str, str]:
    return {
        "sandbox": "lms_sandbox.commands:sandbox Run the sandbox, a small local LMS.",
        "preview": "lms_sandbox.commands:preview See a course or package as learners will.",
        "demo": "lms_sandbox.commands:demo From a course's text to a verified certificate, on this machine.",
    }
