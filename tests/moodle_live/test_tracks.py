"""Five hundred learners with attempts keep them, in Moodle's own tables, whatever an author does to the lessons.

The package is the first module of SURE; it is edited as an author would, and deployed with the command a user runs.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from lms_toolkit import content_path
from lms_toolkit.courses import load
from lms_toolkit.errors import Refused

pytestmark = pytest.mark.live

HERE = Path(__file__).parent
LEARNERS = 500
MODULE = "cycles-migratoires"

OnSite = Callable[..., Any]


@dataclass(frozen=True)
class Author:
    """A copy of SURE of which one edition, of its first module, is on a Moodle."""

    folder: Path
    edition: str

    @property
    def lessons(self) -> list[str]:
        return [lesson.slug for lesson in load(self.folder / "sure").module(MODULE).content["fr"].lessons]

    def lesson(self, slug: str) -> Path:
        return self.folder / "sure" / "fr" / MODULE / f"{slug}.md"

    def order(self, slugs: list[str]) -> None:
        """Put the module's lessons into another order, with others among them or without some."""
        path = self.folder / "sure" / "course.toml"
        listed = "\n".join(f'    "{slug}",' for slug in slugs)
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"lessons = \[.*?\n\]", f"lessons = [\n{listed}\n]", text, count=1, flags=re.DOTALL))

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "lms_toolkit", arguments[0], self.edition, "--site", "lab", *arguments[1:]]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, timeout=600)

    def planned(self) -> set[str]:
        """What a further deployment would do."""
        done = self.run("plan", "--json")
        assert done.returncode == 0, done.stderr
        return {step["action"] for step in json.loads(done.stdout)["steps"]}

    def deploy(self, *options: str) -> dict[str, Any]:
        """Deploy, and tell what became of the module."""
        done = self.run("deploy", *options, "--json")
        assert done.returncode == 0, done.stderr
        results = {result["key"]: result for result in json.loads(done.stdout)["results"]}
        module = results[f"module:{MODULE}"]
        assert isinstance(module, dict)
        return module


@pytest.fixture
def author(tmp_path, live_client) -> Author:
    shutil.copytree(content_path("sure"), tmp_path / "sure")
    edition = f"SURE-TRACKS-{uuid4().hex[:8]}"
    path = tmp_path / "sure" / "course.toml"
    text = path.read_text(encoding="utf-8")
    assert '"SURE-FR-M1"' in text
    path.write_text(text.replace('"SURE-FR-M1"', f'"{edition}"'), encoding="utf-8")
    (tmp_path / "token").write_text(live_client.site.token.reveal())
    (tmp_path / "token").chmod(0o600)
    (tmp_path / "lms-toolkit.toml").write_text(
        '[courses]\nfolders = ["."]\n[plugins]\ndisabled = ["sure"]\n[store]\nfolder = "data"\n'
        f'[sites.lab]\nplatform = "moodle"\nurl = "{live_client.site.url}"\ntoken_file = "token"\n'
    )
    return Author(tmp_path, edition)


def edit(author: Author) -> None:
    for slug in author.lessons:
        path = author.lesson(slug)
        path.write_text(path.read_text(encoding="utf-8") + "\nUne phrase de plus, à relire.\n", encoding="utf-8")


def reorder(author: Author) -> None:
    first, *rest = author.lessons
    author.order([*reversed(rest), first])


def rename(author: Author) -> None:
    for slug in author.lessons:
        path = author.lesson(slug)
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"(?m)^title: .*$", f"title: « {slug} », & autrement", text, count=1), encoding="utf-8")


def add(author: Author) -> None:
    author.lesson("une-lecon-de-plus").write_text("---\ntitle: Une leçon de plus\nminutes: 2\n---\n\nÀ lire aussi.\n")
    first, *rest = author.lessons
    author.order([first, "une-lecon-de-plus", *rest])


def all_at_once(author: Author) -> None:
    for change in (edit, rename, reorder):
        change(author)


CHANGES: dict[str, Callable[[Author], None]] = {
    "edited": edit,
    "reordered": reorder,
    "renamed": rename,
    "added": add,
    "all at once": all_at_once,
}


def test_five_hundred_learners_keep_their_tracks(author, on_site, capsys) -> None:
    def say(line: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n  {line}")

    ref = int(author.deploy()["ref"])
    tracks = on_site(HERE / "bulk_tracks.php", cmid=ref, prefix=f"{author.edition.lower()}-", learners=LEARNERS)
    before = on_site(HERE / "stored_tracks.php", cmid=ref)
    assert len(before["tracks"]) == before["rows"] == tracks > 5000
    assert len(before["attempts"]) > len(before["grades"]) == LEARNERS
    say(f"{LEARNERS} learners, {len(before['attempts'])} attempts, {tracks} tracks")

    for name, change in CHANGES.items():
        change(author)
        started = time.perf_counter()
        module = author.deploy()
        seconds = time.perf_counter() - started
        assert (module["outcome"], int(module["ref"])) == ("updated", ref), name
        after = on_site(HERE / "stored_tracks.php", cmid=ref)
        assert {**after, "scos": None} == {**before, "scos": None}, name
        assert author.planned() == {"unchanged"}, name
        say(f"lessons {name}: {seconds:.1f} s, every track is there")
    assert len(after["scos"]) == len(before["scos"]) + 1

    removed = author.lessons[-1]
    author.order([slug for slug in author.lessons if slug != removed])
    held_back(author, on_site, ref, before, say)


def held_back(author: Author, on_site: OnSite, ref: int, before: dict[str, Any], say: Callable[[str], None]) -> None:
    """Removing a lesson is refused with the number of learners; allowed, it takes that lesson's tracks alone."""
    present = on_site(HERE / "stored_tracks.php", cmid=ref)["scos"]
    refused = author.run("deploy")
    assert refused.returncode != 0
    assert "Traceback" not in refused.stderr
    told = re.search(r"\((\d+) learners\) would delete what they did there", refused.stderr)
    assert told, refused.stderr
    assert on_site(HERE / "stored_tracks.php", cmid=ref)["tracks"] == before["tracks"]

    started = time.perf_counter()
    done = author.run("deploy", "--allow-track-loss", "--yes", "--json")
    assert done.returncode == 0, done.stderr
    say(f"a lesson removed, as allowed: {time.perf_counter() - started:.1f} s, told {told[0]}")
    after = on_site(HERE / "stored_tracks.php", cmid=ref)
    (gone,) = set(present) - set(after["scos"])
    lost = [track for track in before["tracks"] if track.split("|")[2] == gone]
    assert len({track.split("|")[0] for track in lost}) == int(told[1]) > 1
    assert after["tracks"] == [track for track in before["tracks"] if track.split("|")[2] != gone]
    assert after["rows"] == len(after["tracks"])
    assert after["attempts"] == before["attempts"]


def test_the_site_itself_refuses_to_lose_tracks_and_says_of_how_many(author, on_site, live_client, live_course) -> None:
    """A client that asks nobody is refused by the companion."""
    ref = int(author.deploy()["ref"])
    on_site(HERE / "bulk_tracks.php", cmid=ref, prefix=f"{author.edition.lower()}-", learners=7)
    before = on_site(HERE / "stored_tracks.php", cmid=ref)
    module = read(live_client, author.edition)
    *kept, removed = author.lessons
    author.order(kept)
    built = author.folder / "again"
    command = [sys.executable, "-m", "lms_toolkit", "build", "sure", "--lang", "fr", "--format", "scorm12", "-o", built]
    done = subprocess.run(command, cwd=author.folder, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    (package,) = built.glob(f"*{MODULE}*.zip")
    order = {
        **{name: value for name, value in module["module"].items() if name not in DERIVED},
        "courseid": module["course"],
        "package": live_course.package(package.read_bytes()),
        "allow_track_loss": False,
        "dryrun": False,
    }

    rows = [track.split("|") for track in before["tracks"]]
    learners = {row[0] for row in rows if row[2].endswith(removed)}
    with pytest.raises(Refused, match=rf"\({len(learners)} learner") as caught:
        live_client.write("local_lmstoolkit_apply_module", payload=json.dumps(order))
    assert learners
    assert caught.value.errorcode == "trackloss"
    assert on_site(HERE / "stored_tracks.php", cmid=ref) == before


DERIVED = {"id", "package_sha256", "items", "learners", "retired"}


def read(live_client: Any, edition: str) -> dict[str, Any]:
    answer = live_client.read("local_lmstoolkit_get_course", payload=json.dumps({"idnumber": edition}))
    course = json.loads(answer)["course"]
    return {"course": course["id"], "module": next(m for m in course["modules"] if m["key"] == f"module:{MODULE}")}
