"""Asks a site which prompts of a forum can still follow their text: one that somebody answered keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from lms_moodle import companion_functions
from lms_moodle.client import MoodleClient
from lms_toolkit.errors import Refused
from lms_toolkit.model import DeclaredModule, Json, SiteModule

_PROMPTS = "settings.prompts"
_Prompt = Mapping[str, Json]


def attainable(client: MoodleClient, course_ref: str, module: DeclaredModule, there: SiteModule) -> DeclaredModule:
    """The module, but with the prompts that were answered as the site has them. One dry run for each changed prompt."""
    if not there.learners or _PROMPTS not in there.fields or "prompts" not in module.settings:
        return module
    found = {prompt["key"]: prompt for prompt in cast("Sequence[_Prompt]", there.fields[_PROMPTS])}
    prompts = [
        found[prompt["key"]]
        if prompt["key"] in found and _is_kept(client, course_ref, module, there, prompt)
        else prompt
        for prompt in cast("Sequence[_Prompt]", module.settings["prompts"])
    ]
    return replace(module, settings={**module.settings, "prompts": prompts})


def _is_kept(client: MoodleClient, course_ref: str, module: DeclaredModule, there: SiteModule, prompt: _Prompt) -> bool:
    """Whether the site would leave this prompt as it is, if it alone were to change."""
    found = cast("Sequence[_Prompt]", there.fields[_PROMPTS])
    if prompt in found:
        return False
    wanted = [prompt if one["key"] == prompt["key"] else one for one in found]
    try:
        return not companion_functions.would_change(client, course_ref, module, there, {_PROMPTS: wanted})
    except Refused:
        # Somebody set by hand what the companion has no words for: the deployment puts that right, the next plan asks.
        return False
