"""Moodle: registers the platform, and the command that hands out its companion plugin and restores backups."""

from __future__ import annotations

from lms_toolkit import hookimpl


@hookimpl
def lms_register_platforms() -> dict[str, str]:
    return {"moodle": "lms_moodle.platform:MoodlePlatform"}


@hookimpl
def lms_register_commands() -> dict[str, str]:
    return {"moodle": "lms_moodle.commands:moodle Get the plugin for Moodle sites, or restore a backup there."}
