"""What every platform must do, as tests to inherit. Run against a real LMS, they show that a stand-in is no fiction.

Each test makes a course, accounts and keys of its own, so that they can run on a site in use, together and again.
What they made stays there, to be looked at: courses and accounts whose names begin with `contract-`. Quizzes, files,
surveys, peers' judgements, ways in and images are left to the tests of the platforms that have them.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from lms_toolkit.archive import sha256_file
from lms_toolkit.config import Secret, Site
from lms_toolkit.errors import AuthError, Refused, SiteError
from lms_toolkit.interfaces import Platform
from lms_toolkit.model import DeclaredSection, SiteCourse, StepResult
from lms_toolkit.testing.declared import (
    MODULE,
    PASSED,
    READ,
    Play,
    declared_course,
    declared_module,
    deploy_course,
    found_course,
    new_user,
    the_module,
)
from lms_toolkit.testing.packages import TinyPackage, tiny_scorm12
from lms_toolkit.testing.platform_activities import ActivitiesContract
from lms_toolkit.testing.platform_files import FilesContract
from lms_toolkit.testing.platform_results import ResultsContract, read_all

__all__ = ["PlatformContract", "Play"]


class PlatformContract(ActivitiesContract, FilesContract, ResultsContract):
    """Inherit, name your class, and give it a site; `play` too, if something there can act as a learner."""

    platform_class: ClassVar[type[Platform]]

    @pytest.fixture
    def site(self) -> Site:
        """A site whose account may do everything the toolkit needs."""
        raise NotImplementedError("override the fixture `site`")

    @pytest.fixture
    def play(self) -> Play:
        """Something that plays modules as a learner."""
        pytest.skip("nothing here plays a module as a learner; override the fixture `play`")

    @pytest.fixture
    def platform(self, site: Site) -> Platform:
        return self.platform_class(site)

    @pytest.fixture
    def package(self, tmp_path: Path) -> TinyPackage:
        return tiny_scorm12(tmp_path / "tiny.zip")

    @pytest.fixture
    def course(self, platform: Platform) -> SiteCourse:
        """A course with its two sections, deployed."""
        return deploy_course(platform, declared_course())

    def test_the_site_says_who_we_are_and_what_it_takes(self, platform: Platform, site: Site) -> None:
        info = platform.info()

        assert info.url.rstrip("/") == site.url
        assert info.user
        assert info.max_upload_bytes > 0

    def test_a_wrong_token_is_an_auth_error_that_does_not_show_it(self, site: Site) -> None:
        wrong = "f" * 32
        stranger = self.platform_class(replace(site, token=Secret(wrong)))

        with pytest.raises(AuthError) as caught:
            stranger.info()
        assert wrong not in str(caught.value)

    def test_a_course_nobody_made_is_not_found(self, platform: Platform) -> None:
        assert platform.find_course(declared_course().idnumber) is None

    def test_a_course_is_created_as_declared_and_then_left_alone(self, platform: Platform) -> None:
        declared = declared_course()

        created = platform.apply_course(declared, None)
        found = platform.find_course(declared.idnumber)

        assert created.outcome == "created"
        assert found is not None
        assert found.ref == created.ref
        assert {**found.fields, "language": "en"} == declared.fields()
        assert platform.apply_course(declared, created.ref).outcome == "unchanged"

    def test_a_changed_course_is_updated_in_place(self, platform: Platform) -> None:
        declared = declared_course()
        ref = platform.apply_course(declared, None).ref

        changed = replace(declared, fullname="Un autre titre : « le même cours »")
        assert platform.apply_course(changed, ref).outcome == "updated"

        found = platform.find_course(declared.idnumber)
        assert found is not None
        assert (found.ref, found.fields["fullname"]) == (ref, changed.fullname)

    def test_creating_a_course_whose_answer_was_lost_makes_no_second_one(self, platform: Platform) -> None:
        declared = declared_course()
        first = platform.apply_course(declared, None)

        assert platform.apply_course(declared, None).ref == first.ref

    def test_two_runs_at_once_make_one_course_with_one_section_and_one_module(
        self, site: Site, package: TinyPackage
    ) -> None:
        declared = declared_course()
        module = declared_module(package)

        def run(_: int) -> str:
            platform = self.platform_class(site)
            ref = repeat_on_conflict(lambda: platform.apply_course(declared, None)).ref
            for section in declared.sections:
                repeat_on_conflict(lambda section=section: platform.apply_section(ref, section))  # type: ignore[misc]
            return repeat_on_conflict(lambda: platform.apply_module(ref, module, upload=True)).ref

        with ThreadPoolExecutor(2) as pool:
            refs = set(pool.map(run, range(2)))

        found = found_course(self.platform_class(site), declared.idnumber)
        assert len(refs) == 1
        assert len(found.sections) == len(declared.sections)
        assert [found_module.key for found_module in found.modules] == [MODULE]

    def test_sections_are_created_in_order_then_left_alone(self, platform: Platform) -> None:
        declared = declared_course()
        course = deploy_course(platform, declared)

        assert [(section.key, dict(section.fields)) for section in course.sections] == [
            (section.key, section.fields()) for section in declared.sections
        ]
        again = [platform.apply_section(course.ref, section).outcome for section in declared.sections]
        assert again == ["unchanged", "unchanged"]

    def test_a_renamed_section_is_updated_in_place(self, platform: Platform, course: SiteCourse) -> None:
        renamed = DeclaredSection("section:two", 2, "Après l’arrivée", "<p>Ensuite.</p>")

        assert platform.apply_section(course.ref, renamed).outcome == "updated"

        section = found_course(platform, course.idnumber).section("section:two")
        before = course.section("section:two")
        assert section is not None
        assert before is not None
        assert section.ref == before.ref
        assert section.fields == renamed.fields()

    def test_a_module_is_created_as_declared_and_then_left_alone(
        self, platform: Platform, course: SiteCourse, package: TinyPackage
    ) -> None:
        declared = declared_module(package)

        created = platform.apply_module(course.ref, declared, upload=True)
        module = the_module(platform, course)

        assert created.outcome == "created"
        assert module.ref == created.ref
        assert module.fields == declared.fields()
        assert module.package_sha256 == package.sha256
        assert module.learners_by_item == dict.fromkeys(package.items, 0)
        assert module.item_titles == package.items
        assert platform.apply_module(course.ref, declared, upload=False).outcome == "unchanged"

    def test_a_changed_module_is_updated_in_place(
        self, platform: Platform, course: SiteCourse, package: TinyPackage
    ) -> None:
        ref = platform.apply_module(course.ref, declared_module(package), upload=True).ref
        changed = declared_module(package, name="Autre nom", pass_mark_percent=62.5, section_key="section:two")

        assert platform.apply_module(course.ref, changed, upload=False).outcome == "updated"

        module = the_module(platform, course)
        assert module.ref == ref
        assert module.fields == changed.fields()

    def test_what_is_retired_is_hidden_and_comes_back(
        self, platform: Platform, course: SiteCourse, package: TinyPackage
    ) -> None:
        declared = declared_module(package)
        platform.apply_module(course.ref, declared, upload=True)

        platform.retire(course.ref, the_module(platform, course), delete=False)
        assert the_module(platform, course).is_retired
        platform.apply_module(course.ref, declared, upload=False)

        assert not the_module(platform, course).is_retired

    def test_a_module_without_its_section_is_refused(
        self, platform: Platform, course: SiteCourse, package: TinyPackage
    ) -> None:
        with pytest.raises(Refused) as caught:
            platform.apply_module(course.ref, declared_module(package, section_key="section:none"), upload=True)
        assert caught.value.errorcode == "sectionnotfound"

    def test_a_package_that_cannot_be_played_is_refused(
        self, platform: Platform, course: SiteCourse, tmp_path: Path
    ) -> None:
        path = tmp_path / "not-a-package.zip"
        path.write_bytes(b"PK\x05\x06" + bytes(18))  # an empty zip
        package = TinyPackage(path, sha256_file(path), {})

        with pytest.raises(Refused) as caught:
            platform.apply_module(course.ref, declared_module(package), upload=True)
        assert caught.value.errorcode == "manifestinvalid"

    def test_enrolling_creates_accounts_once_and_names_those_it_cannot_find(
        self, platform: Platform, course: SiteCourse
    ) -> None:
        known, unknown = new_user(), new_user("Jorge")

        first = platform.enrol(course.ref, [known], create=True)
        second = platform.enrol(course.ref, [known, unknown], create=False)

        assert [outcome.outcome for outcome in first] == ["enrolled"]
        assert [outcome.outcome for outcome in second] == ["already", "refused"]
        assert second[1].note
        assert second[0].user.ref

    def test_a_learner_is_found_by_address_when_nothing_else_matches(
        self, platform: Platform, course: SiteCourse
    ) -> None:
        user = new_user()
        platform.enrol(course.ref, [user], create=True)

        by_address = replace(user, username=f"{user.username}-other", idnumber="", email=user.email.upper())
        assert [outcome.outcome for outcome in platform.enrol(course.ref, [by_address], create=False)] == ["already"]

    def test_replacing_a_package_keeps_every_learners_records(
        self, platform: Platform, course: SiteCourse, package: TinyPackage, play: Play, tmp_path: Path
    ) -> None:
        ref = platform.apply_module(course.ref, declared_module(package), upload=True).ref
        user = new_user()
        platform.enrol(course.ref, [user], create=True)
        play(the_module(platform, course), user, {"lesson-one": READ, "quiz": PASSED})

        longer = tiny_scorm12(tmp_path / "new.zip", {**package.items, "extra": "Pour finir"}, text="révisé")
        result = platform.apply_module(course.ref, declared_module(longer), upload=True)

        module = the_module(platform, course)
        assert (result.outcome, result.ref) == ("updated", ref)
        assert module.package_sha256 == longer.sha256
        assert module.learners_by_item == {"lesson-one": 1, "quiz": 1, "extra": 0}
        told = read_all(platform, course.ref)
        assert told.score(told.users[0].ref) == pytest.approx(92)

    def test_removing_an_item_with_records_is_refused_with_the_number_of_learners(
        self, platform: Platform, course: SiteCourse, package: TinyPackage, play: Play, tmp_path: Path
    ) -> None:
        platform.apply_module(course.ref, declared_module(package), upload=True)
        users = [new_user(), new_user("Jorge")]
        platform.enrol(course.ref, users, create=True)
        for user in users:
            play(the_module(platform, course), user, {"lesson-one": READ})
        shorter = declared_module(tiny_scorm12(tmp_path / "short.zip", {"quiz": "Quiz"}))

        with pytest.raises(Refused) as caught:
            platform.apply_module(course.ref, shorter, upload=True)

        assert caught.value.errorcode == "trackloss"
        assert "2" in str(caught.value)
        assert the_module(platform, course).learners_by_item["lesson-one"] == 2
        allowed = platform.apply_module(course.ref, shorter, upload=True, allow_track_loss=True)
        assert allowed.outcome == "updated"
        assert the_module(platform, course).learners_by_item == {"quiz": 0}


def repeat_on_conflict(write: Callable[[], StepResult]) -> StepResult:
    """A write that lost a race may be refused; repeated, it must find what the other run made."""
    try:
        return write()
    except SiteError:
        return write()
