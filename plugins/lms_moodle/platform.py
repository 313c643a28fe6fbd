"""Speaks for one Moodle site: courses and people through Moodle's own functions, the rest through the companion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Literal

from lms_moodle import (
    companion_functions,
    core_results,
    core_tier,
    doctor,
    enrolments,
    functions,
    prompts,
    results_functions,
    withdrawing,
)
from lms_moodle.client import MoodleClient
from lms_toolkit.archive import sha256_file
from lms_toolkit.config import Site
from lms_toolkit.errors import ConfigError, Refused, Unreachable
from lms_toolkit.interfaces import NO_DELIVERY, FileOutcome, Platform, Progress
from lms_toolkit.model import (
    DeclaredCourse,
    DeclaredFile,
    DeclaredModule,
    DeclaredPart,
    DeclaredSection,
    Enrolment,
    EnrolOptions,
    EnrolOutcome,
    Finding,
    ResultsPage,
    SiteCourse,
    SiteInfo,
    SiteModule,
    SiteSection,
    StepKind,
    StepResult,
    User,
)

DEFAULT_CATEGORY = "lms-toolkit"
STOCK_STUDENT_ROLE = 5
"""The student role's id on a site that was installed normally; the companion tells it exactly."""

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

    @cached_property
    def _core_results(self) -> core_results.CoreResults:
        return core_results.CoreResults(self.client, self.tell)

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
            activities=companion.activities if companion else frozenset(),
            multilingual=companion.settings.multilingual if companion else "",
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
            "categoryid": self.category(),
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
        if course.forced_language and not self._speaks(course.forced_language):
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
        if self._companion is None:
            return ""
        notes = []
        missing = [code for code in course.languages or (course.language,) if not self._speaks(code)]
        if missing:
            packs = f"pack {missing[0]}" if len(missing) == 1 else f"packs {', '.join(missing)}"
            notes.append(f"the site has no language {packs}; its own buttons stay in the site's language")
        if not course.forced_language and self._companion.settings.multilingual in ("off", "texts"):
            notes.append("the site shows all languages at once; lms-toolkit doctor says how to change that")
        return "; ".join(notes)

    def category(self) -> int:
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
        if not self._has_companion:
            return core_tier.apply_module(self.client, module, self._max_upload_bytes, progress)
        drafts = self._upload(module, progress) if upload else companion_functions.Drafts()
        applied = companion_functions.apply_module(
            self.client, course_ref, module, drafts, allow_track_loss=allow_track_loss
        )
        return StepResult(module.step_kind, module.key, applied.outcome, applied.ref)

    def attainable(self, course_ref: str, module: DeclaredModule, there: SiteModule) -> DeclaredModule:
        return prompts.attainable(self.client, course_ref, module, there) if self._has_companion else module

    def _upload(self, module: DeclaredModule, progress: Progress | None) -> companion_functions.Drafts:
        package = None
        if module.package_path:
            name = f"{module.key.rpartition(':')[2]}{module.package_path.suffix}"
            limit = self._max_upload_bytes
            package = self.client.upload(module.package_path, name, max_bytes=limit, progress=progress)
        return companion_functions.Drafts(package, self._upload_files(module.files))

    def _upload_files(self, files: Sequence[DeclaredFile]) -> int | None:
        """One draft area with all of them, in their order."""
        draft = 0
        for file in files:
            draft = self.client.upload(file.path, file.name, item_id=draft, max_bytes=self._max_upload_bytes)
        return draft or None

    def apply_part(self, course_ref: str, part: DeclaredPart, *, allow_completion_reset: bool = False) -> StepResult:
        draft = self._upload_files(part.files)
        applied = companion_functions.apply_part(
            self.client, course_ref, part, draft, allow_completion_reset=allow_completion_reset
        )
        return StepResult(part.kind, part.kind, applied.outcome, applied.ref)

    def retire(
        self, course_ref: str, there: SiteModule | SiteSection, *, delete: bool, allow_track_loss: bool = False
    ) -> StepResult:
        if isinstance(there, SiteSection):
            hidden = companion_functions.hide_section(self.client, course_ref, there)
            return StepResult("section", there.key, "retired", hidden.ref)
        kind: StepKind = "module" if there.key.startswith("module:") else "activity"
        try:
            applied = companion_functions.retire_module(
                self.client, course_ref, there.key, delete=delete, allow_track_loss=allow_track_loss
            )
        except Refused as error:
            if error.errorcode != "keynotfound":
                raise
            return StepResult(kind, there.key, "unchanged", there.ref, "was gone already")
        return StepResult(kind, there.key, "retired", applied.ref, "deleted" if delete else "hidden")

    def course_url(self, course_ref: str) -> str:
        return f"{self.site.url}/course/view.php?id={course_ref}"

    def enrol(self, course_ref: str, users: Sequence[User], *, create: bool) -> Sequence[EnrolOutcome]:
        return self.enrol_people(course_ref, [Enrolment(user) for user in users], EnrolOptions(create=create))

    def enrol_people(
        self, course_ref: str, people: Sequence[Enrolment], options: EnrolOptions
    ) -> Sequence[EnrolOutcome]:
        return enrolments.Enrolling(self.client, course_ref, self._roles, options).enrol(people)

    def withdraw(self, course_ref: str, people: Sequence[Enrolment], options: EnrolOptions) -> Sequence[EnrolOutcome]:
        return withdrawing.withdraw(self.client, course_ref, people, self._roles, options)

    @property
    def _roles(self) -> Mapping[str, int]:
        """The roles we may give, by short name; without a companion that tells, students alone."""
        companion = self._companion
        student = companion.student_role_id if companion else None
        return {"student": student or STOCK_STUDENT_ROLE, **(companion.settings.roles if companion else {})}

    def deliver_file(self, course_ref: str, user_ref: str, name: str, path: Path) -> FileOutcome:
        self._require_delivery()
        draft = self.client.upload(path, name, max_bytes=self._max_upload_bytes)
        return companion_functions.deliver_file(self.client, course_ref, user_ref, name, (draft, sha256_file(path)))

    def remove_file(self, course_ref: str, user_ref: str, name: str) -> FileOutcome:
        self._require_delivery()
        return companion_functions.deliver_file(self.client, course_ref, user_ref, name, None)

    def _require_delivery(self) -> None:
        if companion_functions.DELIVER_FILE not in self._facts.functions:
            raise Refused(
                f"{self.site.name}: certificates cannot be put into learners' areas, the service lacks"
                f" {companion_functions.DELIVER_FILE}; {doctor.ADD_FUNCTION}",
                NO_DELIVERY,
            )

    def results(self, course_ref: str, cursor: str) -> ResultsPage:
        if not self._has_companion:
            return self._core_results.page(course_ref, cursor, datetime.now(UTC))
        return results_functions.results(self.client, course_ref, cursor, datetime.now(UTC))
