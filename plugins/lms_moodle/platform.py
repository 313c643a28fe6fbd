"""Speaks for one Moodle site: courses and people through Moodle's own functions, the rest through the companion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import ClassVar, Literal

from lms_moodle import companion_functions, core_tier, doctor, functions, people
from lms_moodle.client import MoodleClient
from lms_toolkit.config import Site
from lms_toolkit.errors import ConfigError, Refused, Unreachable
from lms_toolkit.interfaces import Platform, Progress
from lms_toolkit.model import (
    DeclaredCourse,
    DeclaredModule,
    DeclaredSection,
    EnrolOutcome,
    Finding,
    ResultsPage,
    SiteCourse,
    SiteInfo,
    StepResult,
    User,
)

DEFAULT_CATEGORY = "lms-toolkit"
STOCK_STUDENT_ROLE = 5
"""The student role's id on a site that was installed normally; the companion tells it exactly."""
RESULTS_PAGE = 100
"""Learners per page."""

TAKEN = ("shortnametaken", "courseidnumbertaken")
"""Refusals after which the course may be there, made by another run."""

HTML = 1
"""Moodle's FORMAT_HTML."""


class MoodlePlatform(Platform):
    """One Moodle site. What it says of itself is read once."""

    name: ClassVar[str] = "moodle"

    def __init__(self, site: Site) -> None:
        super().__init__(site)

    @cached_property
    def client(self) -> MoodleClient:
        """The connection; its `calls` tell what was sent. Raises AuthError when no token is set."""
        return MoodleClient(self.site)

    @cached_property
    def _facts(self) -> functions.SiteFacts:
        return functions.get_site_info(self.client)

    @property
    def _has_companion(self) -> bool:
        return self._facts.functions >= companion_functions.FUNCTIONS

    @cached_property
    def _companion(self) -> companion_functions.CompanionInfo | None:
        return companion_functions.get_info(self.client) if self._has_companion else None

    def info(self) -> SiteInfo:
        companion = self._companion
        return SiteInfo(
            name=self.site.name,
            url=self.site.url,
            release=self._facts.release,
            user=self._facts.username,
            tier="companion" if companion else "core",
            functions=self._facts.functions,
            max_upload_bytes=self._max_upload_bytes,
            companion=companion.version if companion else None,
            languages=companion.languages if companion else frozenset(),
        )

    @property
    def _max_upload_bytes(self) -> int:
        """The narrower of the limits that the site and its companion name; 0 when none is known."""
        limits = [self._facts.max_upload_bytes, self._companion.max_upload_bytes if self._companion else 0]
        return min((limit for limit in limits if limit), default=0)

    def doctor(self) -> Sequence[Finding]:
        return doctor.examine(self.site)

    def find_course(self, idnumber: str) -> SiteCourse | None:
        if self._has_companion:
            return companion_functions.get_course(self.client, idnumber)
        return functions.get_course(self.client, "idnumber", idnumber)

    def apply_course(self, course: DeclaredCourse, course_ref: str | None) -> StepResult:
        found = (
            functions.get_course(self.client, "id", course_ref)
            if course_ref
            else functions.get_course(self.client, "idnumber", course.idnumber)
        )
        if found:
            return self._update_course(course, found)
        if course_ref:
            raise ConfigError(f"{self.site.name}: the course {course.idnumber} was deleted meanwhile; run deploy again")
        return self._create_course(course)

    def _create_course(self, course: DeclaredCourse) -> StepResult:
        settings = {
            **self._settings(course),
            "categoryid": self._category(),
            "idnumber": course.idnumber,
            "format": "topics",
            "numsections": 0,
            "newsitems": 0,
            "showgrades": 1,
            "visible": 1,
            "enablecompletion": 1,
        }
        try:
            ref = functions.create_course(self.client, settings)
        except (Unreachable, Refused) as error:
            found = self._made_meanwhile(course, error)
            if isinstance(error, Refused):
                return self._update_course(course, found)  # another run was faster
            ref = found.ref  # the answer was lost, the course is there
        return StepResult("course", course.idnumber, "created", ref, self._language_note(course))

    def _made_meanwhile(self, course: DeclaredCourse, error: Unreachable | Refused) -> SiteCourse:
        """The course whose creation seems to have failed, if it is there; otherwise raises the failure."""
        may_be_there = error.outcome_unknown if isinstance(error, Unreachable) else error.errorcode in TAKEN
        found = functions.get_course(self.client, "idnumber", course.idnumber) if may_be_there else None
        if found is None:
            raise error
        return found

    def _update_course(self, course: DeclaredCourse, found: SiteCourse) -> StepResult:
        declared = self._comparable(course)
        differing = {name for name, value in declared.items() if found.fields.get(name) != value}
        if differing:
            functions.update_course(self.client, found.ref, self._settings(course, only=differing))
        outcome: Literal["updated", "unchanged"] = "updated" if differing else "unchanged"
        return StepResult("course", course.idnumber, outcome, found.ref, self._language_note(course))

    def _comparable(self, course: DeclaredCourse) -> dict[str, str | int]:
        """The settings we would write: dates only where declared, the language only where the site has it."""
        fields = course.fields()
        if not self._speaks(course.language):
            fields.pop("language")
        return {name: value for name, value in fields.items() if value or name not in ("starts_at", "ends_at")}

    def _settings(self, course: DeclaredCourse, only: set[str] | None = None) -> Mapping[str, object]:
        """The settings under Moodle's names."""
        moodle_names = {"language": "lang", "starts_at": "startdate", "ends_at": "enddate"}
        settings: dict[str, object] = {
            moodle_names.get(name, name): value
            for name, value in self._comparable(course).items()
            if only is None or name in only
        }
        return {**settings, "summaryformat": HTML} if "summary" in settings else settings

    def _speaks(self, language: str) -> bool:
        return self._companion is not None and language in self._companion.languages

    def _language_note(self, course: DeclaredCourse) -> str:
        if self._companion is None or self._speaks(course.language):
            return ""
        return f"the site has no language pack {course.language}; its own buttons stay in the site's language"

    def _category(self) -> int:
        """The category with the configured ID number, made if it is not there."""
        idnumber = self.site.category or DEFAULT_CATEGORY
        found = functions.find_category(self.client, idnumber)
        if found is not None:
            return found
        try:
            return functions.create_category(self.client, idnumber)
        except Refused as error:
            found = functions.find_category(self.client, idnumber)  # another run may have been faster
            if found is None:
                raise error
            return found

    def apply_section(self, course_ref: str, section: DeclaredSection) -> StepResult:
        if not self._has_companion:
            return core_tier.apply_section(self.client, course_ref, section)
        applied = companion_functions.apply_section(self.client, course_ref, section)
        return StepResult("section", section.key, applied.outcome, applied.ref)

    def apply_module(
        self,
        course_ref: str,
        module: DeclaredModule,
        *,
        upload: bool,
        allow_track_loss: bool = False,
        progress: Progress | None = None,
    ) -> StepResult:
        filename = f"{module.key.rpartition(':')[2]}.zip"
        if not self._has_companion:
            return core_tier.apply_module(self.client, module, filename, self._max_upload_bytes, progress)
        draft = (
            self.client.upload(module.package_path, filename, max_bytes=self._max_upload_bytes, progress=progress)
            if upload
            else None
        )
        applied = companion_functions.apply_module(
            self.client, course_ref, module, draft, allow_track_loss=allow_track_loss
        )
        return StepResult("module", module.key, applied.outcome, applied.ref)

    def course_url(self, course_ref: str) -> str:
        return f"{self.site.url}/course/view.php?id={course_ref}"

    def enrol(self, course_ref: str, users: Sequence[User], *, create: bool) -> Sequence[EnrolOutcome]:
        role = self._companion.student_role_id if self._companion else None
        return people.enrol(self.client, course_ref, users, role or STOCK_STUDENT_ROLE, create=create)

    def results(self, course_ref: str, after: str | None) -> ResultsPage:
        if not self._has_companion:
            return core_tier.results(self.client, course_ref)
        return companion_functions.get_results(self.client, course_ref, after, RESULTS_PAGE, datetime.now(UTC))
