"""Brings an edition onto a site: declare what should be there, look at what is, plan the difference, apply the plan.

    Course, Edition ─▶ declare ─▶ DeclaredCourse ─┐
                                                  ├▶ plan ─▶ Plan ─▶ apply ─▶ Deployment
    site ─▶ Platform.find_course ─▶ SiteCourse ───┘

The same Plan feeds `--dry-run` and the real run. Every step is written to the store's journal before it is sent and
after it is answered, so that a crash is seen; the next run looks again and carries on where the site stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from lms_toolkit.errors import ConfigError, PlanRefused, ToolkitError
from lms_toolkit.model import (
    Change,
    Course,
    DeclaredCourse,
    DeclaredModule,
    DeclaredSection,
    Deployment,
    Edition,
    Event,
    Localized,
    Outcome,
    Package,
    Plan,
    SiteCourse,
    SiteInfo,
    SiteModule,
    Step,
    StepKind,
    StepResult,
)

if TYPE_CHECKING:
    from lms_toolkit.config import Site
    from lms_toolkit.interfaces import Platform, Progress
    from lms_toolkit.manager import Plugins
    from lms_toolkit.store import Store

Announce = Callable[[Step], "Progress | None"]
"""Told of each step before it starts; may answer with a progress callback for its upload."""


def language_of(edition: Edition, language: str | None) -> str:
    """The one language to deploy: the one asked for, or the edition's only one."""
    if language is None and len(edition.languages) == 1:
        return edition.languages[0]
    if language in edition.languages:
        return str(language)
    choices = ", ".join(edition.languages)
    raise ConfigError(f"edition {edition.code} is given in {choices}; choose one with --lang")


def declare(course: Course, edition: Edition, language: str, packages: Sequence[Package], site: Site) -> DeclaredCourse:
    """What the edition's course page should be, in one language. Modules without a package are not on it."""
    by_module = {package.module_slug: package for package in packages}
    sections, modules = [], []
    for position, phase in enumerate(edition.phases, start=1):
        sections.append(DeclaredSection(phase.key, position, phase.title[language], _html(phase.summary, language)))
        modules += [
            _declare_module(course, slug, language, phase.key, by_module[slug])
            for slug in phase.modules
            if slug in by_module
        ]
    return DeclaredCourse(
        idnumber=edition.idnumber(language),
        shortname=edition.idnumber(language),
        fullname=edition.title.get(language) or course.title[language],
        summary=_html(course.summary, language),
        language=language,
        category=site.category,
        starts_at=_moment(edition.starts_on, time()),
        ends_at=_moment(edition.ends_on, time(23, 59)),
        sections=tuple(sections),
        modules=tuple(modules),
    )


def _declare_module(course: Course, slug: str, language: str, section_key: str, package: Package) -> DeclaredModule:
    module = course.module(slug)
    has_quiz = bool(module.content[language].quiz)
    return DeclaredModule(
        key=module.key,
        section_key=section_key,
        name=module.title[language],
        intro="",
        package_path=package.path,
        package_sha256=package.sha256,
        items={item.identifier: item.title for item in package.items},
        pass_mark_percent=module.pass_mark_percent,
        completion="passed" if has_quiz else "completed",
    )


def _html(texts: Localized, language: str) -> str:
    """A summary in Markdown as the course page shows it."""
    from lms_toolkit.rendering.markdown import block_html
    from lms_toolkit.rendering.sanitising import sanitise

    return sanitise(block_html(texts.get(language, ""), language)).strip()


def _moment(day: date | None, at: time) -> datetime | None:
    return datetime.combine(day, at, UTC) if day else None


def plan(
    platform: Platform,
    declared: DeclaredCourse,
    edition: str,
    missing: Sequence[Step] = (),
    *,
    allow_track_loss: bool = False,
) -> Plan:
    """Look at the site and say what it takes; nothing is written. `missing` are steps that cannot be taken, and why."""
    info = platform.info()
    found = platform.find_course(declared.idnumber)
    steps = [
        _course_step(declared, found, info),
        *(_section_step(section, found) for section in declared.sections),
        *(_module_step(module, found, allow_track_loss=allow_track_loss) for module in declared.modules),
        *missing,
    ]
    return Plan(
        site=platform.site.name,
        edition=edition,
        language=declared.language,
        declared=declared,
        steps=tuple(steps),
        course_ref=found.ref if found else None,
    )


def _course_step(declared: DeclaredCourse, found: SiteCourse | None, info: SiteInfo) -> Step:
    if found is None:
        return Step("create", "course", declared.idnumber, declared.fullname)
    fields = declared.fields()
    if declared.language not in info.languages:
        fields.pop("language")  # the site cannot be set to a language it has not installed; doctor says so
    undeclared = {name for name in ("starts_at", "ends_at") if not fields[name]}
    changes = _changes({name: value for name, value in fields.items() if name not in undeclared}, found.fields)
    return _compared("course", declared.idnumber, declared.fullname, changes, found.ref)


def _section_step(declared: DeclaredSection, found: SiteCourse | None) -> Step:
    there = found.section(declared.key) if found else None
    if there is None:
        return Step("create", "section", declared.key, declared.name)
    return _compared("section", declared.key, declared.name, _changes(declared.fields(), there.fields), there.ref)


def _module_step(declared: DeclaredModule, found: SiteCourse | None, *, allow_track_loss: bool) -> Step:
    there = found.module(declared.key) if found else None
    if there is None:
        return Step("create", "module", declared.key, declared.name)
    loss = track_loss(declared, there)
    if loss and not allow_track_loss:
        return Step("refuse", "module", declared.key, declared.name, f"{loss}; --allow-track-loss goes on anyway")
    changes = _changes(declared.fields(), there.fields)
    if declared.package_sha256 != there.package_sha256:
        changes = (*changes, Change("package", there.package_sha256[:12], declared.package_sha256[:12]))
    step = _compared("module", declared.key, declared.name, changes, there.ref)
    return replace(step, reason=loss) if loss else step


def track_loss(declared: DeclaredModule, there: SiteModule) -> str:
    """What learners would lose if this package replaced the one there; empty when nothing."""
    vanished = [
        f"« {there.item_titles.get(identifier, identifier)} » ({learners} learner{'s' if learners > 1 else ''})"
        for identifier, learners in there.learners_by_item.items()
        if learners and identifier not in declared.items
    ]
    return f"removing {', '.join(vanished)} would delete what they did there" if vanished else ""


def _changes(declared: Mapping[str, object], found: Mapping[str, object]) -> tuple[Change, ...]:
    return tuple(
        Change(name, str(found.get(name, "")), str(value))
        for name, value in declared.items()
        if found.get(name) != value
    )


def _compared(kind: StepKind, key: str, title: str, changes: tuple[Change, ...], ref: str) -> Step:
    reason = ", ".join(change.field for change in changes)
    return Step("update" if changes else "unchanged", kind, key, title, reason, changes, ref)


def apply(
    plan: Plan,
    platform: Platform,
    course_id: str,
    store: Store,
    plugins: Plugins,
    *,
    allow_track_loss: bool = False,
    announce: Announce = lambda step: None,
) -> Deployment:
    """Do exactly what the plan says, in its order; refuse all of it if any step is refused.

    Raises PlanRefused before anything is written, or the SiteError of the step that failed; what was done before it
    stays, and the next plan finds it there.
    """
    if plan.refusals:
        first = plan.refusals[0]
        raise PlanRefused(f"{plan.site}: {first.title}: {first.reason}")
    with store.lock(f"deploy:{plan.site}:{plan.declared.idnumber}"):
        results = _apply_steps(plan, platform, store, allow_track_loss=allow_track_loss, announce=announce)
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
        )
        store.deployments.save(deployment)
    event = Event("edition.deployed", deployment.deployed_at, {"site": plan.site, "edition": plan.edition})
    store.events.save(event)
    plugins.tell(event)
    return deployment


def _apply_steps(
    plan: Plan, platform: Platform, store: Store, *, allow_track_loss: bool, announce: Announce
) -> list[StepResult]:
    sections = {section.key: section for section in plan.declared.sections}
    modules = {module.key: module for module in plan.declared.modules}
    course_ref = plan.course_ref or ""
    results: list[StepResult] = []

    def write(step: Step) -> StepResult:
        progress = announce(step)
        if step.kind == "course":
            return platform.apply_course(plan.declared, plan.course_ref)
        if step.kind == "section":
            return platform.apply_section(course_ref, sections[step.key])
        upload = step.action == "create" or any(change.field == "package" for change in step.changes)
        return platform.apply_module(
            course_ref, modules[step.key], upload=upload, allow_track_loss=allow_track_loss, progress=progress
        )

    for step in plan.steps:
        result = _journaled(step, plan, store, write) if step.writes else _untouched(step)
        results.append(result)
        course_ref = result.ref if result.kind == "course" else course_ref
    return results


def _untouched(step: Step) -> StepResult:
    outcome: Outcome = "skipped" if step.action == "skip" else "unchanged"
    return StepResult(step.kind, step.key, outcome, step.ref, step.reason)


def _journaled(step: Step, plan: Plan, store: Store, write: Callable[[Step], StepResult]) -> StepResult:
    entry = store.journal.start(plan.site, plan.edition, plan.language, step)
    try:
        result = write(step)
    except ToolkitError as error:
        store.journal.fail(entry, str(error))
        raise
    store.journal.finish(entry, result.outcome, result.note)
    return result
