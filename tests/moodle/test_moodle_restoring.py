"""A backup goes up and is restored in Moodle's own time: what is asked of the site, and what is said of its answers."""

from __future__ import annotations

import hashlib
import json
import zipfile

import pytest
from click.testing import CliRunner

from lms_moodle.commands import moodle
from lms_moodle.companion_functions import FUNCTIONS, GET_JOB, RESTORE_BACKUP, Job
from lms_moodle.restoring import PAUSE_SECONDS, restore_backup
from lms_toolkit.app import App
from lms_toolkit.config import load_config
from lms_toolkit.errors import ConfigError, Refused, Unreachable

TOKEN = "0123456789abcdef0123456789abcdef"
NAMES = ("REINT-1", "Réintégration & retour")


class Restores:
    """A Moodle with the companion. `states` are those of the one job, look by look; the last one stays."""

    def __init__(self, stub):
        self.stub = stub
        self.orders = []
        self.states = ["queued"]
        self.detail = ""
        self.functions = {*FUNCTIONS, RESTORE_BACKUP, GET_JOB}
        self.categories = {"lms-toolkit": 4}
        stub.functions |= {
            "core_webservice_get_site_info": lambda params: self.site_info(),
            "local_lmstoolkit_get_info": lambda params: json.dumps(
                {"plugin": "0.1.0", "release": "4.5", "languages": [], "activities": [], "checks": []}
            ),
            "core_course_get_categories": lambda params: [{"id": id} for id in self.categories.values()],
            "upload": self.upload,
            RESTORE_BACKUP: self.restore,
            GET_JOB: self.job,
        }

    def site_info(self):
        functions = [{"name": name, "version": "1"} for name in sorted(self.functions)]
        return {
            "sitename": "Test",
            "siteurl": "",
            "release": "4.5",
            "username": "lmstoolkit",
            "uploadfiles": 1,
            "usermaxuploadfilesize": 1000,
            "functions": functions,
        }

    def upload(self, params):
        size = len(params["body"].split(b"\r\n\r\n")[-1].rsplit(b"\r\n--", 1)[0])
        return json.dumps([{"itemid": 77, "filename": "course.imscc", "filesize": size}])

    def restore(self, params):
        self.orders.append(json.loads(params["payload"]))
        return json.dumps({"outcome": "queued", "job": 12})

    def job(self, params):
        assert json.loads(params["payload"]) == {"job": 12}
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        course = 31 if state in ("running", "done") else None
        return json.dumps({"state": state, "courseid": course, "detail": self.detail})


@pytest.fixture
def restores(stub):
    return Restores(stub)


@pytest.fixture
def backup(tmp_path):
    path = tmp_path / "course.imscc"
    with zipfile.ZipFile(path, "w") as cartridge:
        cartridge.writestr("imsmanifest.xml", "<manifest/>")
    return path


@pytest.fixture
def said():
    """What was told while waiting, and how long each wait was to be, in seconds; none is really waited."""
    return []


@pytest.fixture
def restore(site, backup, said):
    def restore(*, wait=False):
        return restore_backup(site, backup, *NAMES, wait=wait, tell=said.append, pause=said.append)

    return restore


def test_the_backup_goes_up_whole_and_becomes_a_course_of_these_names(restores, restore, backup, said):
    assert restore() == Job(12, "queued", "", "")

    upload = next(sent for sent in restores.stub.sent if "upload.php" in sent.path)
    assert backup.read_bytes() in upload.body
    assert restores.orders == [
        {
            "draftitemid": 77,
            "sha256": hashlib.sha256(backup.read_bytes()).hexdigest(),
            "categoryid": 4,
            "idnumber": NAMES[0],
            "shortname": NAMES[0],
            "fullname": NAMES[1],
        }
    ]
    assert said == []


def test_waiting_ends_when_the_course_is_there(restores, restore, said):
    restores.states = ["queued", "running", "done"]

    assert restore(wait=True) == Job(12, "done", "31", "")

    waits = [one for one in said if not isinstance(one, str)]
    assert waits == [PAUSE_SECONDS] * 2
    assert said[0].startswith("job 12: queued")
    assert said[2].startswith("job 12: running")


def test_waiting_ends_when_moodle_gave_up(restores, restore):
    restores.states, restores.detail = ["running", "failed"], "no backup that Moodle can restore"

    assert restore(wait=True) == Job(12, "failed", "", "no backup that Moodle can restore")


def test_the_same_order_given_again_waits_for_the_job_that_is_under_way(restores, restore):
    restores.stub.functions["local_lmstoolkit_get_course"] = lambda params: pytest.fail(
        "its half-made course is no other"
    )
    restores.states = ["running", "done"]

    assert restore(wait=True).state == "done"


def test_a_course_of_that_id_number_is_left_alone_and_named(restores, restore):
    restores.stub.functions[RESTORE_BACKUP] = lambda params: {
        "exception": "moodle_exception",
        "errorcode": "courseidnumbertaken",
        "message": "ID number is already used for another course (REINT-1)",
    }

    with pytest.raises(Refused, match="REINT-1") as caught:
        restore()
    assert caught.value.errorcode == "courseidnumbertaken"


def test_a_site_whose_companion_cannot_restore_is_told_before_anything_goes_up(restores, restore):
    restores.functions.remove(RESTORE_BACKUP)

    with pytest.raises(ConfigError, match=r"restores backups; install it: .*moodle companion"):
        restore()
    assert "upload" not in restores.stub.called()


def test_a_backup_above_the_sites_limit_is_refused_before_anything_goes_up(restores, restore, backup):
    with zipfile.ZipFile(backup, "a") as cartridge:
        cartridge.writestr("film.mp4", b"x" * 1001)
    size = backup.stat().st_size

    with pytest.raises(Refused, match=rf"course\.imscc has {size} bytes and the site takes 1000"):
        restore()
    assert "upload" not in restores.stub.called()


def test_a_state_that_we_do_not_know_is_no_end_of_waiting(restores, restore):
    restores.states = ["postponed"]

    with pytest.raises(Unreachable, match="'postponed'; upgrade this toolkit"):
        restore(wait=True)


@pytest.fixture
def command(stub, backup, tmp_path):
    """Runs `lms-toolkit moodle restore`; what it emits, and the error it ends with."""
    (tmp_path / "token").write_text(TOKEN)
    (tmp_path / "lms-toolkit.toml").write_text(
        f'[sites.staging]\nplatform = "moodle"\nurl = "{stub.url}"\ntoken_file = "token"\n'
    )
    emitted = []
    app = App(load_config(tmp_path / "lms-toolkit.toml", env={}), emit=lambda data, text=None: emitted.append(text))

    def command(*more):
        names = ["--idnumber", NAMES[0], "--name", NAMES[1]]
        done = CliRunner().invoke(moodle, ["restore", str(backup), "--site", "staging", *names, *more], obj=app)
        return emitted, done.exception

    return command


def test_the_command_names_the_job(restores, command):
    assert command() == (["job 12: queued"], None)


def test_the_command_names_the_course_it_waited_for(restores, command):
    restores.states = ["done"]

    assert command("--wait") == (["job 12: done, course 31"], None)


def test_the_command_fails_with_the_reason_moodle_gave(restores, command):
    restores.states, restores.detail = ["failed"], "Not a backup."

    emitted, error = command("--wait")
    assert emitted == []
    assert isinstance(error, Refused)
    assert str(error).startswith("staging could not restore course.imscc: Not a backup.")
