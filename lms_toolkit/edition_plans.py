"""Plans and deploys an edition that is named by its code: finds its course, builds its packages, looks at the site.

    Wanted ─▶ plan_edition ─▶ Planned ─▶ deploy_planned ─▶ Deployment

This is what `lms-toolkit plan` and `deploy` do, for programs; docs/python.md shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lms_toolkit.app import App
from lms_toolkit.errors import ConfigError
from lms_toolkit.interfaces import Platform
from lms_toolkit.model import Course, Deployment, Fields, Plan
from lms_toolkit.planning import NONE_GIVEN, Permissions

if TYPE_CHECKING:
    from lms_toolkit.declaring_page import Page
    from lms_toolkit.deploying import Announce
    from lms_toolkit.preparing import Prepared


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which edition, where, and how.

    `language` is needed where the edition has several. `per` "module" makes one package per module whatever
    `course.toml` says. `adopt` keeps what was changed by hand on the site.
    """

    edition: str
    site: str
    language: str | None = None
    format_name: str = "scorm12"
    per: str | None = None
    permissions: Permissions = NONE_GIVEN
    adopt: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with everything it was made of, ready to be deployed."""

    plan: Plan
    platform: Platform
    course: Course
    prepared: Prepared
    adopted: Mapping[str, Fields]
    permissions: Permissions


def plan_edition(app: App, wanted: Wanted) -> Planned:
    """Build what the edition needs, then look at the site and plan; nothing is written there.

    Raises ConfigError for an unknown edition, language or site, ContentError for the course, SiteErrors for the site.
    """
    from lms_toolkit.declaring import declare, language_of, not_given
    from lms_toolkit.declaring_activities import Page
    from lms_toolkit.drifting import keep_adopted
    from lms_toolkit.planning import plan

    course = app.course_of_edition(wanted.edition)
    _refuse_other_units(course, wanted.per)
    edition = course.edition(wanted.edition)
    language = language_of(edition, wanted.language)
    platform = app.platform(wanted.site)
    folder = app.config.data_folder / "packages"
    page = Page(course, edition, language, folder, platform.info().activities or None)
    prepared = _prepare(app, page, wanted.format_name)
    declared = declare(page, prepared.packages, app.config.site(wanted.site).category)
    adopted = _adopted(app, wanted, platform, app.store.deployments.get(wanted.site, edition.code, language))
    left_out = (*prepared.skipped, *not_given(page))
    made = plan(platform, keep_adopted(declared, adopted), edition.code, left_out, wanted.permissions)
    return Planned(made, platform, course, prepared, adopted, wanted.permissions)


def _prepare(app: App, page: Page, format_name: str) -> Prepared:
    """A package for each written module, in each language of the page. Raises ContentError as `prepare` does."""
    from lms_toolkit.preparing import Place, modules_of, prepare_units

    modules = [module for module in modules_of(page.course, page.edition) if page.has(module)]
    place = Place(page.folder, app.config.data_folder, app.plugins)
    with app.progress("Building") as advance:
        prepared = prepare_units(page.course, modules, page.languages, (format_name,), "module", place, advance)
    if prepared.failures:
        raise prepared.failures[0].error
    return prepared


def _adopted(app: App, wanted: Wanted, platform: Platform, deployment: Deployment | None) -> Mapping[str, Fields]:
    """What the site keeps: what was adopted before and, where that is asked for, what was changed by hand since."""
    from lms_toolkit.drifting import adopt, drift

    if deployment is None:
        if wanted.adopt:
            raise ConfigError(f"{wanted.edition} is not deployed on {wanted.site}, so there is nothing to adopt")
        return {}
    if not wanted.adopt:
        return deployment.adopted
    idnumber = app.course_of_edition(wanted.edition).edition(wanted.edition).idnumber(deployment.language)
    drifts = drift(deployment, platform.find_course(idnumber))
    for one in drifts:
        app.tell(f"kept as it is on {wanted.site}: {one}" if one.field else f"comes back: {one}")
    return adopt(drifts, deployment.adopted)


def _refuse_other_units(course: Course, per: str | None) -> None:
    """Grades come home, and certificates are earned, by module: a site needs a package for each."""
    if course.package_per != "module" and per is None:
        raise ConfigError(
            f"{course.id} makes one package per {course.package_per}, but grades and certificates go by module;"
            " deploy it with --per module, or build it and add the packages to the site by hand"
        )


def deploy_planned(app: App, planned: Planned, announce: Announce = lambda step: None) -> Deployment:
    """Do what the plan says. Raises PlanRefused before anything is written, or the SiteError of a step that failed."""
    from lms_toolkit.deploying import apply

    for entry in planned.prepared.built:
        app.store.packages.save(entry.package, entry.fingerprint)
    return apply(
        planned.plan,
        planned.platform,
        planned.course.id,
        app.store,
        app.plugins,
        permissions=planned.permissions,
        adopted=planned.adopted,
        announce=announce,
    )
