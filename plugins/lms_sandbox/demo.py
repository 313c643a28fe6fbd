"""The whole way on one machine: from a course's text to a certificate that verifies, with three invented learners.

Everything it makes stays in one folder, with the configuration it used: other commands run there see the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from lms_sandbox.demo_learners import AMINA, CHLOE, JORGE, play
from lms_sandbox.server import Sandbox
from lms_toolkit.app import App
from lms_toolkit.certifying import decide
from lms_toolkit.config import CONFIG_NAME, load_config
from lms_toolkit.courses import check_course
from lms_toolkit.declaring import declare
from lms_toolkit.declaring_activities import Page
from lms_toolkit.deploying import apply
from lms_toolkit.enrolling import enrol
from lms_toolkit.errors import ConfigError, ContentError, ToolkitError
from lms_toolkit.grading import pull
from lms_toolkit.interfaces import Platform
from lms_toolkit.issuing import issue, verify
from lms_toolkit.model import Award, Certificate, Course, Deployment, Edition, Package, User
from lms_toolkit.planning import plan
from lms_toolkit.preparing import modules_of, prepare

COURSE, EDITION, LANGUAGE = "sure", "SURE-FR-M1", "fr"
SITE = "sandbox"
LEARNERS = (AMINA, JORGE, CHLOE)
MARK = "# Written by lms-toolkit demo; its next run replaces it."


@dataclass(frozen=True, slots=True)
class DemoStep:
    """One step that was taken: what, with which result, in how many seconds."""

    title: str
    result: str
    seconds: float


@dataclass(slots=True)
class _Made:
    """What the steps hand on to one another."""

    course: Course
    edition: Edition
    platform: Platform
    packages: tuple[Package, ...] = ()
    deployment: Deployment | None = None
    awards: list[Award] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)

    def deployed(self) -> Deployment:
        assert self.deployment is not None, "the step `deploy` comes first"
        return self.deployment


class Demo:
    """A demonstration in `out`. Used as a context manager: the sandbox runs until it is left."""

    def __init__(self, app: App, out: Path, port: int = 0) -> None:
        self._outer = app
        self._out = out
        _refuse_other_peoples_folder(out)
        self.sandbox = Sandbox(out / "sandbox", port)

    def run(self) -> tuple[DemoStep, ...]:
        """Take every step; raises the first ToolkitError. Running it again in the same folder changes nothing."""
        app = self._app()
        try:
            return tuple(self._steps(app))
        finally:
            app.close()

    def _steps(self, app: App) -> list[DemoStep]:
        course = app.course(COURSE)
        made = _Made(course, course.edition(EDITION), app.platform(SITE))
        steps: tuple[tuple[str, Callable[[App, _Made], str]], ...] = (
            ("check the course", _check),
            ("build its package", self._build),
            ("deploy to the sandbox", _deploy),
            ("enrol three learners", _enrol),
            ("take the module", self._play),
            ("pull the grades", _pull),
            ("decide who earned it", _decide),
            ("issue the certificate", _issue),
            ("verify it", _verify),
        )
        return [self._take(app, made, title, step) for title, step in steps]

    def _take(self, app: App, made: _Made, title: str, step: Callable[[App, _Made], str]) -> DemoStep:
        started = time.monotonic()
        self._outer.tell(f"{title} …")
        result = step(app, made)
        return DemoStep(title, result, round(time.monotonic() - started, 3))

    def _app(self) -> App:
        """An app whose settings and data are in the demonstration's folder alone."""
        path = self._out / CONFIG_NAME
        path.write_text(_settings(self.sandbox.url), encoding="utf-8")
        outer = self._outer
        return App(load_config(path, env={}), plugins=outer.plugins, tell=outer.tell, progress=outer.progress)

    def _build(self, app: App, made: _Made) -> str:
        out = self._out / "packages"
        modules = modules_of(made.course, made.edition)
        prepared = prepare(made.course, modules, LANGUAGE, "scorm12", out, self._outer.config.data_folder, app.plugins)
        made.packages = prepared.packages
        return "; ".join(
            f"{package.path.name}, {len(package.items)} SCOs, {package.size_bytes // 1024} KiB"
            for package in made.packages
        )

    def _play(self, app: App, made: _Made) -> str:
        course = made.platform.find_course(made.edition.idnumber(LANGUAGE))
        assert course is not None, "the step `deploy` made it"
        return "; ".join(
            play(self.sandbox.url, int(module.ref), learner) for module in course.modules for learner in LEARNERS
        )

    def __enter__(self) -> Demo:
        self.sandbox.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.sandbox.stop()


def _refuse_other_peoples_folder(out: Path) -> None:
    config = out / CONFIG_NAME
    if config.is_file() and not config.read_text(encoding="utf-8").startswith(MARK):
        raise ConfigError(f"{config} is not of a demonstration; choose another folder with -o")


def _settings(url: str) -> str:
    return f"""{MARK}
[store]
folder = "."

[certificates]
folder = "certificates"

[sites.{SITE}]
platform = "sandbox"
url = "{url}"
token_file = "sandbox/token"
"""


def _check(app: App, made: _Made) -> str:
    findings = check_course(made.course, app.plugins.check_course, (LANGUAGE,))
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise ContentError(f"{made.course.id} has {len(errors)} errors; the first: {errors[0]}", errors)
    written = sum(module.is_written(LANGUAGE) for module in made.course.modules)
    return f"{written} of {len(made.course.modules)} modules written, no errors"


def _deploy(app: App, made: _Made) -> str:
    page = Page(made.course, made.edition, LANGUAGE, app.config.data_folder, made.platform.info().activities)
    declared = declare(page, made.packages, app.config.site(SITE).category)
    planned = plan(made.platform, declared, made.edition.code)
    made.deployment = apply(planned, made.platform, made.course.id, app.store, app.plugins)
    outcomes = [result.outcome for result in made.deployment.results]
    return ", ".join(f"{outcomes.count(outcome)} {outcome}" for outcome in dict.fromkeys(outcomes))


def _enrol(app: App, made: _Made) -> str:
    users: list[User] = [learner.user for learner in LEARNERS]
    outcomes = enrol(made.platform, made.deployed(), users, create=True)
    return ", ".join(f"{outcome.user.first_name}: {outcome.outcome}" for outcome in outcomes)


def _pull(app: App, made: _Made) -> str:
    summary = pull(made.platform, made.deployed(), app.store, app.plugins, datetime.now(UTC))
    return f"{summary.users} learners, {summary.grades} grades, {summary.completions} completions"


def _decide(app: App, made: _Made) -> str:
    now = datetime.now(UTC)
    made.awards = decide(made.course, made.edition, LANGUAGE, SITE, app.store, app.plugins, now)
    earned = sum(award.earned for award in made.awards)
    return f"{earned} earned, {len(made.awards) - earned} not yet"


def _issue(app: App, made: _Made) -> str:
    learners = {learner.id: learner for learner in app.store.people.learners()}
    config = app.config.certificates
    made.certificates = [
        issue(
            award,
            made.course,
            made.edition,
            learners[award.learner_id],
            app.certifier,
            app.store,
            config,
            app.plugins,
        )
        for award in made.awards
        if award.earned
    ]
    if len(made.certificates) != 1:
        raise ToolkitError(f"the demonstration issued {len(made.certificates)} certificates, not one; report this")
    return Path(made.certificates[0].pdf_path).name


def _verify(app: App, made: _Made) -> str:
    (certificate,) = made.certificates
    verdict = verify(Path(certificate.pdf_path), app.certifier, app.store)
    if verdict.verdict != "valid":
        raise ToolkitError(f"the certificate just issued is {verdict.verdict}: {verdict.detail}; report this")
    return f"{certificate.code}: valid"
