"""`lms-toolkit grades pull` and `grades show`, on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lms_toolkit import hookimpl
from lms_toolkit.app import App
from lms_toolkit.cli._output import emit
from lms_toolkit.cli.grades import grades
from lms_toolkit.config import CertificateConfig, Config, Site
from lms_toolkit.errors import ConfigError
from lms_toolkit.model import Deployment, Gone, Grade, ResultsPage, User
from lms_toolkit.store import open_store

LONG_AGO = datetime(2020, 5, 4, 12, 0, tzinfo=UTC)

Run = Callable[..., Result]


@pytest.fixture
def run(
    tmp_path: Path,
    deployment: Deployment,
    platform: Any,
    relay_with: Any,
    amina: User,
    make_grade: Callable[..., Grade],
) -> Run:
    """A site with one grade, which is no more when it is asked a second time."""

    class Plugin:
        @hookimpl
        def lms_register_platforms(self) -> dict[str, Any]:
            return {"paged": type("Known", (type(platform),), {"__init__": self._known})}

        @staticmethod
        def _known(self: Any, site: Site) -> None:
            self.site, self.paged = site, platform.paged

    gone = (Gone("grade", "7", "module:cycles"),)
    platform.paged.pages = {
        "": ResultsPage(
            (amina,), (make_grade("module:cycles", 82.0, hidden=True, pulled_at=LONG_AGO),), (), cursor="@1"
        ),
        "@1": ResultsPage((), (), (), gone=gone, cursor="@2", whole=False),
    }
    url = f"sqlite:///{tmp_path}/store.db"
    with open_store(url) as store:
        store.deployments.save(deployment)
    config = Config(tmp_path, url, {"lab": Site("lab", "paged", "http://127.0.0.1")}, CertificateConfig(tmp_path))

    def run(*words: str) -> Result:
        app = App(config, plugins=relay_with(Plugin()), emit=emit)
        result = CliRunner().invoke(grades, [*words, "--site", "lab"], obj=app, catch_exceptions=True)
        app.close()
        return result

    return run


def test_pulling_says_what_was_read_and_full_reads_everything(run: Run) -> None:
    assert run("pull", "TINY-1").output.strip() == (
        "everything: 1 users, 1 grades, 0 completions, 0 attempts; 1 changed, 0 gone"
    )
    assert run("pull", "TINY-1").output.strip() == (
        "what changed: 0 users, 0 grades, 0 completions, 0 attempts; 0 changed, 1 gone"
    )
    assert json.loads(run("pull", "TINY-1", "--full", "--json").output)["whole"] is True


def test_what_is_no_more_is_still_shown_as_of_then(run: Run) -> None:
    run("pull", "TINY-1")
    run("pull", "TINY-1")

    assert "no grades yet" in run("show", "TINY-1").output
    assert "nothing was known then" in run("show", "TINY-1", "--at", "2020-05-03").output
    (then,) = json.loads(run("show", "TINY-1", "amina", "--at", "2020-05-04", "--json").output)
    assert (then["item"], then["percent"]) == ("module:cycles", 82.0)
    history = json.loads(run("show", "TINY-1", "amina", "--history", "--json").output)
    assert [(row["item"], row["said"], bool(row["until"])) for row in history] == [
        ("", "enrolled", False),
        ("module:cycles", "82 of 100, hidden", True),
    ]
    assert "no grades of anybody" in run("show", "TINY-1", "nobody").output


@pytest.mark.parametrize(
    ("words", "message"),
    [(("--at", "1 May"), "write a date or a time"), (("--at", "2026-05-01", "--history"), "choose one")],
)
def test_a_time_that_cannot_be_is_refused(run: Run, words: tuple[str, ...], message: str) -> None:
    error = run("show", "TINY-1", *words).exception
    assert isinstance(error, ConfigError) and message in str(error)
