"""A plan says what a deployment would do, and apply does exactly that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lms_toolkit.config import Site
from lms_toolkit.declaring import declare, language_of
from lms_toolkit.declaring_activities import Page
from lms_toolkit.deploying import apply
from lms_toolkit.errors import ConfigError, PlanRefused, Unreachable
from lms_toolkit.interfaces import Platform, Progress
from lms_toolkit.manager import Plugins
from lms_toolkit.model import (
    CertificationRule,
    Course,
    DeclaredCourse,
    DeclaredModule,
    DeclaredPart,
    DeclaredSection,
    Edition,
    EnrolOutcome,
    Finding,
    Module,
    ModuleContent,
    Package,
    PackageItem,
    Phase,
    ResultsPage,
    SiteCourse,
    SiteInfo,
    SiteModule,
    SiteSection,
    Step,
    StepResult,
    User,
)
from lms_toolkit.planning import Permissions, plan
from lms_toolkit.store import open_store


class Shelf(Platform):
    """A platform that keeps one course in memory, and counts what is written."""

    name = "shelf"

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        self.course: SiteCourse | None = None
        self.writes: list[str] = []
        self.fail_at = ""
        self.languages = frozenset({"fr"})

    def info(self) -> SiteInfo:
        return SiteInfo(
            self.site.name, self.site.url, "1.0", "tester", "companion", frozenset(), 10**9, languages=self.languages
        )

    def doctor(self) -> Sequence[Finding]:
        return []

    def find_course(self, idnumber: str) -> SiteCourse | None:
        return self.course

    def _write(self, key: str) -> None:
        if key == self.fail_at:
            raise Unreachable("shelf: the connection broke", outcome_unknown=True)
        self.writes.append(key)

    def apply_course(self, course: DeclaredCourse, course_ref: str | None) -> StepResult:
        self._write(course.idnumber)
        there = self.course or SiteCourse("7", course.idnumber, {})
        outcome = "updated" if self.course else "created"
        self.course = replace(there, fields=course.fields())
        return StepResult("course", course.idnumber, outcome, "7")

    def apply_section(self, course_ref: str, section: DeclaredSection) -> StepResult:
        self._write(section.key)
        assert self.course is not None
        others = tuple(there for there in self.course.sections if there.key != section.key)
        made = SiteSection(section.key, "1", section.fields())
        self.course = replace(self.course, sections=(*others, made))
        return StepResult("section", section.key, "created", "1")

    def apply_module(
        self,
        course_ref: str,
        module: DeclaredModule,
        *,
        upload: bool,
        allow_track_loss: bool = False,
        progress: Progress | None = None,
    ) -> StepResult:
        self._write(f"{module.key}{' upload' if upload else ''}")
        assert self.course is not None
        others = tuple(there for there in self.course.modules if there.key != module.key)
        made = SiteModule(module.key, "3", module.fields(), module.package_sha256, {}, module.items)
        self.course = replace(self.course, modules=(*others, made))
        return StepResult("module", module.key, "created", "3")

    def apply_part(self, course_ref: str, part: DeclaredPart, *, allow_completion_reset: bool = False) -> StepResult:
        self._write(part.kind)
        assert self.course is not None
        self.course = replace(self.course, parts={**self.course.parts, part.kind: part.fields})
        return StepResult(part.kind, part.kind, "created", course_ref)

    def retire(
        self, course_ref: str, there: SiteModule | SiteSection, *, delete: bool, allow_track_loss: bool = False
    ) -> StepResult:
        self._write(f"{there.key} {'deleted' if delete else 'hidden'}")
        assert self.course is not None
        if isinstance(there, SiteSection):
            hidden = replace(there, fields={**there.fields, "visible": False})
            sections = tuple(hidden if one.key == there.key else one for one in self.course.sections)
            self.course = replace(self.course, sections=sections)
            return StepResult("section", there.key, "retired", there.ref)
        others = tuple(one for one in self.course.modules if one.key != there.key)
        left = () if delete else (replace(there, fields={**there.fields, "visible": False}),)
        self.course = replace(self.course, modules=(*others, *left))
        return StepResult("module", there.key, "retired", there.ref)

    def course_url(self, course_ref: str) -> str:
        return f"{self.site.url}/course/{course_ref}"

    def enrol(self, course_ref: str, users: Sequence[User], *, create: bool) -> Sequence[EnrolOutcome]:
        return []

    def results(self, course_ref: str, cursor: str) -> ResultsPage:
        return ResultsPage((), (), ())

    def learn(self, item: str, learners: int) -> None:
        assert self.course is not None
        module = replace(self.course.modules[0], learners_by_item={item: learners})
        self.course = replace(self.course, modules=(module,))


def content(folder: Path) -> ModuleContent:
    return ModuleContent("fr", folder, ())


@pytest.fixture
def course(tmp_path) -> Course:
    modules = (
        Module("un", {"fr": "Un"}, {"fr": ()}, ("a", "b"), 1, 70, {"fr": content(tmp_path)}),
        Module("deux", {"fr": "Deux"}, {"fr": ()}, (), 1, 70),
    )
    phases = (Phase("p1", {"fr": "Phase 1"}, modules=("un",)), Phase("p2", {"fr": "Phase 2"}, modules=("deux",)))
    edition = Edition("E1", ("fr",), "self-paced", phases, 2)
    rule = CertificationRule({"fr": "Attestation"})
    return Course("c", "1", ("fr",), {"fr": "Cours"}, {"fr": ""}, modules, (), (edition,), {}, rule, tmp_path)


def package(sha256: str = "a" * 64, items: Sequence[str] = ("lesson-a", "lesson-b")) -> Package:
    made = tuple(PackageItem(name, name.title()) for name in items)
    return Package("c", "un", "fr", "scorm12", Path("un.zip"), sha256, 10, made)


SITE = Site("shelf", "shelf", "http://127.0.0.1")


def page(course: Course, folder: Path) -> Page:
    return Page(course, course.edition("E1"), "fr", folder)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(SITE)


@pytest.fixture
def deploy(course, shelf, tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")

    def run(*built: Package, allow_track_loss: bool = False, delete: bool = False):
        permissions = Permissions(allow_track_loss=allow_track_loss, delete=delete)
        made = plan(shelf, declare(page(course, tmp_path), built), "E1", [], permissions)
        shelf.writes.clear()
        return made, apply(made, shelf, "c", store, Plugins(), permissions=permissions)

    yield run
    store.close()


def actions(steps: Sequence[Step]) -> list[tuple[str, str]]:
    return [(step.action, step.key) for step in steps]


def test_on_an_empty_site_everything_is_created_in_order(course, shelf, tmp_path):
    declared = declare(page(course, tmp_path), [package()])
    skipped = Step("skip", "module", "module:deux", "Deux", "not written in fr yet")
    assert actions(plan(shelf, declared, "E1", [skipped]).steps) == [
        ("create", "E1"),
        ("create", "section:p1"),
        ("create", "section:p2"),
        ("create", "module:un"),
        ("create", "gradebook"),
        ("create", "completion"),
        ("skip", "module:deux"),
    ]


def test_a_second_deploy_writes_nothing(deploy, shelf):
    deploy(package())
    assert shelf.writes == ["E1", "section:p1", "section:p2", "module:un upload", "gradebook", "completion"]
    made, deployment = deploy(package())
    assert shelf.writes == []
    assert not made.writes
    assert {result.outcome for result in deployment.results} == {"unchanged"}
    assert deployment.course_ref == "7"


def test_a_changed_package_is_the_only_thing_uploaded(deploy, shelf):
    deploy(package())
    deploy(package("b" * 64))
    assert shelf.writes == ["module:un upload"]


def test_a_changed_title_needs_no_upload(deploy, shelf, course):
    deploy(package())
    object.__setattr__(course.modules[0], "title", {"fr": "Un, revu"})
    made, _ = deploy(package())
    assert shelf.writes == ["module:un"]
    assert [(change.field, change.found, change.declared) for change in made.writes[0].changes] == [
        ("name", "Un", "Un, revu")
    ]


def test_removing_a_lesson_that_learners_took_is_refused_before_anything_is_written(deploy, shelf):
    deploy(package())
    shelf.learn("lesson-b", 12)
    with pytest.raises(PlanRefused, match=r"removing « Lesson-B » \(12 learners\) would delete what they did there"):
        deploy(package("b" * 64, ["lesson-a"]))
    assert shelf.writes == []


def test_removing_a_lesson_nobody_took_is_an_ordinary_update(deploy, shelf):
    deploy(package())
    shelf.learn("lesson-a", 12)
    deploy(package("b" * 64, ["lesson-a"]))
    assert shelf.writes == ["module:un upload"]


def test_track_loss_that_is_allowed_still_says_what_is_lost(deploy, shelf):
    deploy(package())
    shelf.learn("lesson-b", 1)
    made, _ = deploy(package("b" * 64, ["lesson-a"]), allow_track_loss=True)
    assert made.writes[0].reason == "removing « Lesson-B » (1 learner) would delete what they did there"


def test_a_language_the_site_has_not_installed_is_no_eternal_difference(deploy, shelf):
    shelf.languages = frozenset({"en"})
    deploy(package())
    shelf.course = replace(shelf.course, fields={**shelf.course.fields, "language": ""})
    made, _ = deploy(package())
    assert not made.writes


def test_dates_that_are_not_declared_are_left_to_the_site(deploy, shelf):
    deploy(package())
    shelf.course = replace(shelf.course, fields={**shelf.course.fields, "starts_at": 1_700_000_000})
    made, _ = deploy(package())
    assert not made.writes


def test_a_deploy_that_broke_leaves_its_step_in_the_journal_and_the_next_one_completes_it(
    course, shelf, tmp_path, deploy
):
    shelf.fail_at = "section:p2"
    with pytest.raises(Unreachable):
        deploy(package())
    with open_store(f"sqlite:///{tmp_path / 'store.db'}") as store:
        last = store.journal.last("shelf", "E1", "fr")
    assert last is not None
    assert (last.key, last.outcome, last.note) == ("section:p2", "failed", "shelf: the connection broke")
    shelf.fail_at = ""
    deploy(package())
    assert shelf.writes == ["section:p2", "module:un upload", "gradebook", "completion"]


def test_the_deployment_is_in_the_store(deploy, tmp_path):
    before = datetime.now(UTC)
    deploy(package())
    with open_store(f"sqlite:///{tmp_path / 'store.db'}") as store:
        saved = store.deployments.get("shelf", "E1", "fr")
    assert saved is not None
    assert saved.course_url == "http://127.0.0.1/course/7"
    assert saved.deployed_at >= before


def test_an_edition_in_several_languages_wants_one_chosen(course):
    edition = replace(course.edition("E1"), languages=("en", "es"))
    with pytest.raises(ConfigError, match="edition E1 is given in en, es; choose one with --lang"):
        language_of(edition, None)
    with pytest.raises(ConfigError, match="choose one"):
        language_of(edition, "fr")
    assert language_of(edition, "es") == "es"
    assert (edition.idnumber("es"), course.edition("E1").idnumber("fr")) == ("E1-es", "E1")


def test_what_is_no_longer_declared_is_hidden_and_not_touched_again(deploy, shelf):
    deploy(package())
    made, deployment = deploy()
    assert shelf.writes == ["module:un hidden", "gradebook", "completion"]
    retired = next(step for step in made.steps if step.action == "retire")
    assert (retired.title, retired.reason) == ("Un", "no longer declared: hidden, not deleted")
    assert [result.key for result in deployment.results if result.outcome == "retired"] == ["module:un"]
    deploy()
    assert shelf.writes == []


def test_what_is_declared_again_is_shown_again(deploy, shelf):
    deploy(package())
    deploy()
    deploy(package())
    assert shelf.writes == ["module:un", "gradebook", "completion"]
    assert shelf.course.modules[0].fields["visible"] is True


def test_deleting_is_refused_where_learners_have_worked(deploy, shelf):
    deploy(package())
    shelf.learn("lesson-a", 3)
    with pytest.raises(PlanRefused, match="deleting it would delete what 3 learners did there"):
        deploy(delete=True)
    assert shelf.course.modules
    deploy(delete=True, allow_track_loss=True)
    assert shelf.writes[0] == "module:un deleted"
    assert not shelf.course.modules


def test_a_section_that_is_no_longer_declared_is_hidden(deploy, shelf, course):
    deploy(package())
    object.__setattr__(course.editions[0], "phases", course.editions[0].phases[:1])
    deploy(package())
    assert shelf.writes == ["section:p2 hidden"]
    deploy(package())
    assert shelf.writes == []


def test_a_site_that_moved_since_the_plan_is_left_alone(course, shelf, tmp_path):
    declared = declare(page(course, tmp_path), [package()])
    made = plan(shelf, declared, "E1")
    shelf.course = SiteCourse("7", "E1", {"fullname": "Somebody was here"})
    with open_store(f"sqlite:///{tmp_path / 'store.db'}") as store, pytest.raises(PlanRefused, match="plan again"):
        apply(made, shelf, "c", store, Plugins())
    assert shelf.writes == []


def test_what_learners_do_meanwhile_is_no_move_of_the_site(deploy, shelf, course, tmp_path):
    deploy(package())
    made = plan(shelf, declare(page(course, tmp_path), [package("b" * 64)]), "E1")
    shelf.learn("lesson-a", 12)
    with open_store(f"sqlite:///{tmp_path / 'other.db'}") as store:
        apply(made, shelf, "c", store, Plugins())
    assert "module:un upload" in shelf.writes
