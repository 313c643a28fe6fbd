"""Says what an edition's course page should be, in one language: sections, packages, activities, and what it has once.

Course, Edition, packages ─▶ declare ─▶ DeclaredCourse
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from hashlib import sha1
from zoneinfo import ZoneInfo

from lms_toolkit.declaring_activities import declare_activity
from lms_toolkit.declaring_page import Page
from lms_toolkit.errors import ConfigError
from lms_toolkit.model import (
    Activity,
    CompletedBy,
    Condition,
    DeclaredCourse,
    DeclaredFile,
    DeclaredModule,
    DeclaredPart,
    DeclaredSection,
    Edition,
    Json,
    Module,
    Package,
    Phase,
    Step,
    language_group,
)
from lms_toolkit.weighting import WeightedCategory, WeightedItem, items_of, scheme, with_variants


def language_of(edition: Edition, language: str | None) -> str:
    """The language of the page to deploy: the one asked for, the edition's only one, or the first of a page in all."""
    if edition.has_one_page and language in (None, *edition.languages):
        return edition.languages[0]
    if language is None and len(edition.languages) == 1:
        return edition.languages[0]
    if language in edition.languages:
        return str(language)
    choices = ", ".join(edition.languages)
    raise ConfigError(f"edition {edition.code} is given in {choices}; choose one with --lang")


def declare(page: Page, packages: Sequence[Package], category: str = "") -> DeclaredCourse:
    """What the edition's course page should be. Modules without a package are not on it.

    `category` is where the site keeps our courses. Raises ContentError for questions that cannot be brought there, and
    OSError for files that cannot be read.
    """
    course, edition, language = page.course, page.edition, page.language
    sections = tuple(_section(page, position, phase) for position, phase in enumerate(edition.phases, start=1))
    modules = tuple(_modules(page, {(package.module_slug, package.language): package for package in packages}))
    return DeclaredCourse(
        idnumber=edition.idnumber(language),
        shortname=edition.idnumber(language),
        fullname=page.name({**course.title, **edition.title}),
        summary=page.each(_summary),
        language=language,
        languages=page.languages,
        category=category,
        starts_at=_moment(edition.starts_on, time(), edition),
        ends_at=_moment(edition.ends_on, time(23, 59), edition),
        sections=sections,
        modules=modules,
        parts=tuple(_parts(page, modules)),
    )


def not_given(page: Page) -> tuple[Step, ...]:
    """A `skip` step for each module and activity of the edition that this page leaves out."""
    entries = (page.course.entry(slug) for phase in page.edition.phases for slug in phase.slugs)
    return tuple(
        Step("skip", "module" if isinstance(entry, Module) else "activity", entry.key, entry.slug, _reason(entry))
        for entry in entries
        if not page.has(entry)
    )


def _reason(entry: Module | object) -> str:
    return f"given in {', '.join(getattr(entry, 'languages', ()))} only"


def _section(page: Page, position: int, phase: Phase) -> DeclaredSection:
    opens = _moment(phase.starts_on, time(), page.edition) if phase.is_locked else None
    availability = (Condition("from", int(opens.timestamp())),) if opens else ()
    name, summary = page.name(phase.title), page.each(lambda part: part.html(part.says(phase.summary)))
    return DeclaredSection(phase.key, position, name, summary, availability)


def _modules(page: Page, packages: Mapping[tuple[str, str], Package]) -> Iterator[DeclaredModule]:
    for phase in page.edition.phases:
        position = 0
        for entry, part in _shown(page, phase):
            package = packages.get((entry.slug, part.language))
            if isinstance(entry, Module) and package is None:
                continue
            position += 1
            if isinstance(entry, Module) and package:
                yield _module(part, entry, phase.key, position, package)
            elif not isinstance(entry, Module):
                yield declare_activity(part, entry, phase.key, position)


def _shown(page: Page, phase: Phase) -> Iterator[tuple[Module | Activity, Page]]:
    """What a phase has, in order of the page, and the page it is on: of one language, or of all."""
    for entry in (page.course.entry(slug) for slug in phase.slugs):
        yield from ((entry, part) for part in page.shown(entry))


def _module(page: Page, module: Module, section_key: str, position: int, package: Package) -> DeclaredModule:
    is_graded = bool(module.content[page.language].quiz) and package.format != "imscp"
    return DeclaredModule(
        key=page.key_of(module),
        section_key=section_key,
        name=page.name(module.title),
        position=position,
        availability=page.conditions(module),
        completion=_completion(package, is_graded=is_graded),
        max_points=None if package.format == "imscp" else 100.0,
        pass_mark_percent=module.pass_mark_percent if package.format != "imscp" else 0.0,
        package_path=package.path,
        package_sha256=package.sha256,
        package_format=package.format,
        items={item.identifier: item.title for item in package.items},
    )


def _completion(package: Package, *, is_graded: bool) -> CompletedBy:
    """An IMS content package tells nobody what was read: opening it is all that can be seen."""
    if package.format == "imscp":
        return "viewed"
    return "passed" if is_graded else "completed"


def _summary(page: Page) -> str:
    """The edition's summary, or the course's, and what a learner asks first: when, where, what it costs."""
    edition = page.edition
    text = page.html(page.says(edition.summary) or page.course.summary[page.language])
    facts = [
        ("dates", _dates(page)),
        ("venue", page.says(edition.venue)),
        ("learning_hours", f"{edition.learning_hours:g}" if edition.starts_on else ""),
        ("price", page.says(edition.price)),
        ("apply_by", _day(edition.apply_by, page) if edition.apply_by else ""),
    ]
    lines = [f"- **{page.words(name)}**{page.colon} {value}" for name, value in facts if value]
    return f"{text}\n{page.html(chr(10).join(lines))}" if lines else text


def _dates(page: Page) -> str:
    days = [day for day in (page.edition.starts_on, page.edition.ends_on) if day]
    return " – ".join(_day(day, page) for day in days)


def _day(day: date, page: Page) -> str:
    from babel.dates import format_date

    return format_date(day, "long", locale=page.language.replace("-", "_"))


def _parts(page: Page, modules: Sequence[DeclaredModule]) -> Iterator[DeclaredPart]:
    """What the page has once; parts that the edition says nothing about are left as the site has them."""
    on_page = {module.key for module in modules}
    graded = {module.key for module in modules if module.max_points is not None}  # an IMS content package has no grade
    if page.course.image:
        path = page.course.folder / page.course.image
        digest = sha1(path.read_bytes(), usedforsecurity=False).hexdigest()
        yield DeclaredPart("image", path.name, {"files": {path.name: digest}}, (DeclaredFile(path.name, path, digest),))
    groups = _groups(page, modules)
    if groups["groups"]:
        yield DeclaredPart("groups", f"{len(groups['groups'])} groups", groups)
    if page.edition.enrolment:
        yield DeclaredPart("enrolment", "ways in", {"methods": [_method(page, slug) for slug in _methods(page)]})
    yield DeclaredPart("gradebook", "gradebook", _gradebook(page, graded))
    yield DeclaredPart("completion", "course completion", _course_completion(page, on_page))


def _groups(page: Page, modules: Sequence[DeclaredModule]) -> dict[str, list[Json]]:
    used = {module.grouping_key for module in modules}
    groups: list[Json] = [
        {"key": language_group(language), "name": language_name(language)}
        for language in (page.languages if page.is_multilingual else ())
    ]
    groupings: list[Json] = []
    for one in page.course.group_sets:
        if one.key in used:
            keys = one.group_keys()
            groups += [{"key": key, "name": page.name(name)} for key, name in zip(keys, one.groups, strict=True)]
            groupings.append({"key": one.key, "name": page.name(one.title), "group_keys": list(keys)})
    for block in page.edition.electives:
        if block.by == "groups":
            chosen = [slug for slug in block.of if page.has(page.course.entry(slug))]
            groups += [
                {"key": block.group_key(slug), "name": page.name(page.course.entry(slug).title)} for slug in chosen
            ]
            keys = tuple(block.group_key(slug) for slug in chosen)
            key = f"grouping:{block.slug}"
            groupings.append({"key": key, "name": page.name(block.title), "group_keys": list(keys)})
    return {"groups": groups, "groupings": groupings}


def _methods(page: Page) -> tuple[str, ...]:
    """Those of the page's languages."""
    return tuple(one.slug for one in page.edition.enrolment if not one.language or one.language in page.languages)


def _method(page: Page, slug: str) -> Json:
    method = next(method for method in page.edition.enrolment if method.slug == slug)
    return {
        "key": f"enrolment:{method.slug}",
        "kind": method.kind,
        "role": method.role,
        "cohort": method.cohort or None,
        "group_key": language_group(method.language) if page.is_multilingual and method.language else None,
        "starts_at": 0,
        "ends_at": 0,
    }


def _gradebook(page: Page, graded: set[str]) -> dict[str, Json]:
    entries = scheme(page.course, page.edition, page.language, page.name)
    if page.is_multilingual:
        entries = with_variants(entries, _variants(page, graded))
    categories: list[Json] = [
        {"key": one.key, "name": one.title, "weight": one.weight, "keep_highest": one.keep_highest}
        for one in entries
        if isinstance(one, WeightedCategory)
    ]
    items: list[Json] = [
        {"key": item.key, "category_key": category, "weight": item.weight}
        for item, category in items_of(entries)
        if item.key in graded
    ]
    mark = page.course.rule_of(page.edition).pass_mark_percent
    return {"pass_mark_percent": mark, "categories": categories, "items": items}


def _variants(page: Page, graded: set[str]) -> dict[str, WeightedCategory]:
    """What stands in the gradebook for assessments that are there once for each language: the best of them."""
    entries = [entry for entry in page.course.assessments(page.edition) if entry.has_variants]
    return {
        entry.slug: WeightedCategory(
            key=f"category:{entry.slug}.languages",
            title=page.name(entry.title),
            weight=1.0,
            items=tuple(WeightedItem(entry.slug, key, 1.0) for key in page.keys_of(entry)),
            keep_highest=1,
        )
        for entry in entries
        if graded.intersection(page.keys_of(entry))
    }


def _course_completion(page: Page, on_page: set[str]) -> dict[str, Json]:
    """The certification rule as far as an LMS can say it: "n of m" electives, and what is done in one of several
    languages, are left to the rule itself.
    """
    rule = page.course.rule_of(page.edition)
    needed = [one.slug for one in page.course.assessments(page.edition)] if rule.require_all_assessments else []
    chosen = {slug for block in page.edition.electives for slug in block.of}
    slugs = dict.fromkeys(slug for slug in (*needed, *rule.required) if slug not in chosen)
    entries = [page.course.entry(slug) for slug in slugs]
    keys = [page.key_of(one) for one in entries if not (page.is_multilingual and one.has_variants)]
    return {
        "completed": [key for key in keys if key in on_page],
        "pass_mark_percent": rule.pass_mark_percent or None,
    }


def language_name(language: str) -> str:
    """What a language calls itself: "Français"."""
    from babel import Locale

    name = Locale.parse(language.replace("-", "_")).get_display_name() or language
    return name[:1].upper() + name[1:]


def _moment(day: date | None, at: time, edition: Edition) -> datetime | None:
    """A moment of a day where the edition takes place."""
    return datetime.combine(day, at, ZoneInfo(edition.timezone)).astimezone(UTC) if day else None
