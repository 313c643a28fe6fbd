"""Finds the learner that a command is about."""

from __future__ import annotations

from lms_toolkit.app import App
from lms_toolkit.errors import ConfigError
from lms_toolkit.model import Learner


def find_learner(app: App, text: str) -> Learner:
    """The learner of this id, or the only one whose name, address or number contains the text."""
    learner = app.store.people.get(text)
    if learner is not None:
        return learner
    found = app.store.people.find(text)
    if len(found) == 1:
        return found[0]
    if not found:
        raise ConfigError(f"no learner is {text!r}; lms-toolkit people list shows them")
    ids = ", ".join(one.id for one in found[:5])
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    raise ConfigError(f"{text!r} is several learners: {ids}{more}; name one by its id")
