"""Brings an edition onto a site: does exactly what a plan says, or nothing when the site has moved since.

    Course, Edition ─▶ declare ─▶ DeclaredCourse ─┐
                                                  ├▶ plan ─▶ Plan ─▶ apply ─▶ Deployment
    site ─▶ Platform.find_course ─▶ SiteCourse ───┘

The same Plan feeds `--dry-run` and the real run. Every step is written to the store's journal before it is sent and
after it is answered, so that a crash is seen; the next run looks again and carries on where the site stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lms_toolkit.errors import PlanRefused, ToolkitError
from lms_toolkit.model import (
    DeclaredCourse,
    DeclaredPart,
    Deployment,
    Event,
    Fields,
    Outcome,
    Plan,
    SiteCourse,
    Step,
    StepKind,
    StepResult,
)
from lms_toolkit.planning import NONE_GIVEN, Permissions, digest_of

if TYPE_CHECKING:
    from lms_toolkit.interfaces import Platform, Progress
    from lms_toolkit.manager import Plugins
    from lms_toolkit.store import Store

Announce = Callable[[Step], "Progress | None"]
"""Told of each step before it starts; may answer with a progress callback for its upload."""


def apply(
    plan: Plan,
    platform: Platform,
    course_id: str,
    store: Store,
    plugins: Plugins,
    *,
    permissions: Permissions = NONE_GIVEN,
    adopted: Mapping[str, Fields] | None = None,
    announce: Announce = lambda step: None,
) -> Deployment:
    """Do exactly what the plan says, in its order; refuse all of it if any step is refused.

    `adopted` are values of the site that the plan keeps; they are remembered with the deployment. Raises PlanRefused
    before anything is written, also when the site is no longer as the plan found it, or the SiteError of the step that
    failed; what was done before it stays, and the next plan finds it there.
    """
    if plan.refusals:
        first = plan.refusals[0]
        raise PlanRefused(f"{plan.site}: {first.title}: {first.reason}")
    with page_lock(store, plan.site, plan.edition, plan.language):
        found = platform.find_course(plan.declared.idnumber)
        if digest_of(found) != plan.site_digest:
            raise PlanRefused(
                f"{plan.site}: {plan.declared.idnumber} has changed since the plan was made; plan again, then deploy"
            )
        results = _Application(plan, platform, store, permissions, found, announce).run()
        course_ref = next(result.ref for result in results if result.kind == "course")
        deployment = Deployment(
            site=plan.site,
            course_id=course_id,
            edition=plan.edition,
            language=plan.language,
            course_ref=course_ref,
            course_url=platform.course_url(course_ref),
            results=tuple(results),
            deployed_at=datetime.now(UTC),
            applied=fields_by_key(plan.declared),
            adopted=adopted or {},
        )
        store.deployments.save(deployment)
    event = Event("edition.deployed", deployment.deployed_at, {"site": plan.site, "edition": plan.edition})
    store.events.save(event)
    plugins.tell(event)
    return deployment


def page_lock(store: Store, site: str, edition: str, language: str) -> AbstractContextManager[None]:
    """One writer for each course page, whether it deploys or enrols: `with page_lock(store, "lab", "SURE-FR", "fr"):`.

    Raises StoreError at once, saying who is at it, when another process of this store is.
    """
    return store.lock(f"the page of {edition} ({language}) on {site}")


def fields_by_key(declared: DeclaredCourse) -> dict[str, Fields]:
    """Everything that was declared, by the key of what it is about; the course itself is `course`."""
    entries: dict[str, Fields] = {"course": declared.fields()}
    entries.update((section.key, section.fields()) for section in declared.sections)
    entries.update((module.key, module.fields()) for module in declared.modules)
    entries.update((part.kind, part.fields) for part in declared.parts)
    return entries


class _Application:
    """One plan on its way to a site; `found` is what the site had when it began."""

    def __init__(
        self,
        plan: Plan,
        platform: Platform,
        store: Store,
        permissions: Permissions,
        found: SiteCourse | None,
        announce: Announce,
    ) -> None:
        self._plan = plan
        self._platform = platform
        self._store = store
        self._permissions = permissions
        self._found = found
        self._announce = announce
        self._course_ref = plan.course_ref or ""
        self._sections = {section.key: section for section in plan.declared.sections}
        self._modules = {module.key: module for module in plan.declared.modules}
        self._parts: dict[StepKind, DeclaredPart] = {part.kind: part for part in plan.declared.parts}

    def run(self) -> list[StepResult]:
        results = []
        for step in self._plan.steps:
            result = self._journaled(step) if step.writes else _untouched(step)
            results.append(result)
            if result.kind == "course":
                self._course_ref = result.ref
        return results

    def _journaled(self, step: Step) -> StepResult:
        entry = self._store.journal.start(self._plan.site, self._plan.edition, self._plan.language, step)
        try:
            result = self._write(step)
        except ToolkitError as error:
            self._store.journal.fail(entry, str(error))
            raise
        self._store.journal.finish(entry, result.outcome, result.note)
        return result

    def _write(self, step: Step) -> StepResult:
        progress = self._announce(step)
        if step.action == "retire":
            return self._retire(step)
        if step.kind == "course":
            return self._platform.apply_course(self._plan.declared, self._plan.course_ref)
        if step.kind == "section":
            return self._platform.apply_section(self._course_ref, self._sections[step.key])
        if step.kind in ("module", "activity"):
            return self._apply_module(step, progress)
        return self._platform.apply_part(
            self._course_ref, self._parts[step.kind], allow_completion_reset=self._permissions.allow_track_loss
        )

    def _apply_module(self, step: Step, progress: Progress | None) -> StepResult:
        changed = {change.field for change in step.changes}
        result = self._platform.apply_module(
            self._course_ref,
            self._modules[step.key],
            upload=step.action == "create" or bool(changed & {"package", "files"}),
            allow_track_loss=self._permissions.allow_track_loss,
            progress=progress,
        )
        return replace(result, kind=step.kind)

    def _retire(self, step: Step) -> StepResult:
        assert self._found is not None
        there = self._found.section(step.key) if step.kind == "section" else self._found.module(step.key)
        assert there is not None
        return self._platform.retire(
            self._course_ref,
            there,
            delete=self._permissions.delete,
            allow_track_loss=self._permissions.allow_track_loss,
        )


def _untouched(step: Step) -> StepResult:
    outcome: Outcome = "skipped" if step.action == "skip" else "unchanged"
    return StepResult(step.kind, step.key, outcome, step.ref, step.reason)
