"""`lms-toolkit enrol` shows what came of each row, writes it down, and says by its exit code whether all went well."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lms_toolkit import hookimpl
from lms_toolkit.app import App
from lms_toolkit.cli._output import emit
from lms_toolkit.cli.enrol import enrol
from lms_toolkit.config import CertificateConfig, Config, Site
from lms_toolkit.model import Deployment, Enrolment, EnrolOptions, EnrolOutcome
from lms_toolkit.store import open_store

Run = Callable[..., Result]


@pytest.fixture
def asked() -> list[tuple[str, Sequence[Enrolment], EnrolOptions]]:
    return []


@pytest.fixture
def run(tmp_path: Path, deployment: Deployment, platform: Any, relay_with: Any, asked: list[Any]) -> Run:
    kind = type(platform)

    class Listening(kind):  # type: ignore[valid-type,misc]
        def __init__(self, site: Site) -> None:
            super().__init__(site, platform.paged)

        def enrol_people(
            self, course_ref: str, people: Sequence[Enrolment], options: EnrolOptions
        ) -> Sequence[EnrolOutcome]:
            asked.append(("enrol", people, options))
            return [EnrolOutcome(one.user, "enrolled", "new account") for one in people]

        def withdraw(
            self, course_ref: str, people: Sequence[Enrolment], options: EnrolOptions
        ) -> Sequence[EnrolOutcome]:
            asked.append(("withdraw", people, options))
            return [EnrolOutcome(one.user, "withdrawn") for one in people]

    class Plugin:
        @hookimpl
        def lms_register_platforms(self) -> dict[str, Any]:
            return {"listening": Listening}

    url = f"sqlite:///{tmp_path}/store.db"
    with open_store(url) as store:
        store.deployments.save(deployment)
    sites = {"lab": Site("lab", "listening", "http://127.0.0.1")}
    config = Config(tmp_path, url, sites, CertificateConfig(tmp_path))
    (tmp_path / "people.csv").write_text("email,prénom,nom\namina@example.org,=Amina,Test\nnobody,A,B\n")

    def run(*arguments: str) -> Result:
        app = App(config, plugins=relay_with(Plugin()), emit=emit)
        words = ["TINY-1", str(tmp_path / "people.csv"), "--site", "lab", *arguments]
        result = CliRunner().invoke(enrol, words, obj=app)
        app.close()
        return result

    return run


def test_each_row_gets_its_outcome_and_a_fault_ends_in_exit_code_1(run: Run, asked: list[Any], tmp_path: Path) -> None:
    report = tmp_path / "outcome.csv"

    result = run("--create", "--match", "email,idnumber", "--json", "-o", str(report))

    assert result.exit_code == 1
    shown = json.loads(result.stdout)
    assert [(one["rows"], one["outcome"]) for one in shown["outcomes"]] == [([2], "enrolled")]
    assert [one["line"] for one in shown["findings"]] == [3]
    [(what, people, options)] = asked
    assert (what, [one.rows for one in people]) == ("enrol", [(2,)])
    assert options == EnrolOptions(create=True, match=("email", "idnumber"))
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[:2] for row in rows] == [["row", "outcome"], ["2", "enrolled"], ["3", "refused"]]
    assert rows[1][5] == "'=Amina"


def test_a_dry_run_and_a_withdrawal_reach_the_site_as_such(run: Run, asked: list[Any]) -> None:
    assert json.loads(run("--withdraw", "--dry-run", "--json").stdout)["dry_run"] is True
    assert [(what, options) for what, _, options in asked] == [("withdraw", EnrolOptions(dry_run=True))]


@pytest.mark.parametrize(
    "arguments", [("--withdraw", "--create"), ("--match", "name"), ("--match", "email,email"), ("--match", "")]
)
def test_options_that_make_no_sense_reach_nobody(run: Run, asked: list[Any], arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2
    assert asked == []
