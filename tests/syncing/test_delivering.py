"""Certificates come into their holders' areas on the site where that is wanted, once, and go when they are revoked."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lms_moodle.companion_functions import DELIVER_FILE
from lms_toolkit.cli import main
from lms_toolkit.config import load_config
from lms_toolkit.delivering import deliver
from lms_toolkit.errors import ConfigError, Refused
from lms_toolkit.interfaces import NO_DELIVERY, Platform
from lms_toolkit.issuing import replace_certificate, revoke
from lms_toolkit.model import Merge
from lms_toolkit.store.deliveries import filename_of
from lms_toolkit.syncing import pages_to_sync, sync

WANTED = '[certificates]\ndeliver = "files"\n'


@pytest.fixture
def wanting(desk):
    desk.configure(WANTED)
    return desk


def synced(app, code):
    (done,) = sync(app, pages_to_sync(app, [code]))
    return done


def files(desk, page):
    """What is in the areas of a course page's learners: file name → account."""
    with desk.sandbox.site.database.reading() as db:
        query = "SELECT filename, username FROM learner_files JOIN users ON users.id = user_id WHERE course_id = ?"
        return {row["filename"]: row["username"] for row in db.execute(query, (page.course_ref,))}


def code_of(app, edition):
    (standing,) = [one for one in app.store.certificates.all(edition) if not one.revoked_at]
    return standing.code


def test_nothing_is_delivered_unless_the_settings_say_so(desk):
    (page,) = desk.deploy("DELIVER-1")
    desk.grade("DELIVER-1", 80)
    with desk.app() as app:
        assert (synced(app, "DELIVER-1").issued, files(desk, page)) == (1, {})


def test_a_certificate_comes_with_the_sync_once_and_goes_with_it_when_it_is_replaced_or_revoked(wanting):
    (page,) = wanting.deploy("DELIVER-2", learners=2)
    wanting.grade("DELIVER-2", 80)
    wanting.grade("DELIVER-2", 10, number=1)
    with wanting.app() as app:
        config = app.config.certificates
        assert synced(app, "DELIVER-2").outcome == "synced"
        first = code_of(app, "DELIVER-2")
        assert files(wanting, page) == {filename_of(first): "deliver-2-0"}

        assert list(deliver(Unwilling(app.config.site("lab")), page, app.store, config)) == [], "asks the site nothing"
        replace_certificate(first, "Amina Essai", app.store, app.certifier, config, app.plugins)
        synced(app, "DELIVER-2")
        second = code_of(app, "DELIVER-2")
        assert files(wanting, page) == {filename_of(second): "deliver-2-0"}
        assert second != first

        revoke(second, "by mistake", app.store, app.certifier, config, app.plugins)
        assert synced(app, "DELIVER-2").outcome == "synced"
        assert files(wanting, page) == {}


def test_one_learner_whose_file_cannot_be_delivered_keeps_no_other_waiting(wanting):
    (page,) = wanting.deploy("DELIVER-3", learners=2)
    for number in (0, 1):
        wanting.grade("DELIVER-3", 80, number)
    wanting.configure()
    with wanting.app() as app:
        synced(app, "DELIVER-3")
        lost, other = sorted(one.code for one in app.store.certificates.all("DELIVER-3"))
        folder = app.config.certificates.folder
    shutil.move(folder / f"{lost}.pdf", folder / "elsewhere")
    wanting.configure(WANTED)
    with wanting.app() as app:
        done = list(deliver(app.platform("lab"), page, app.store, app.config.certificates))
        assert {one.code: one.outcome for one in done} == {lost: "failed", other: "created"}
        failed = synced(app, "DELIVER-3")
        assert (failed.outcome, failed.exit_code) == ("failed", 1)
        assert f"cannot be delivered: {lost}: " in failed.note
        again = synced(app, "DELIVER-3")
        assert (again.outcome, again.note) == ("synced", ""), "the run after a failed one draws lost files again"
        assert set(files(wanting, page)) == {filename_of(lost), filename_of(other)}


def test_a_file_goes_from_an_account_that_turns_out_to_be_somebody_elses(wanting):
    pages = wanting.deploy("DELIVER-4", "DELIVER-5")
    wanting.grade("DELIVER-4", 80)
    with wanting.app() as app:
        people = app.store.people
        list(sync(app, pages_to_sync(app)))
        first = code_of(app, "DELIVER-4")
        (holder,) = [one for one in people.learners() if one.name == "Amina Test-DELIVER-4-0"]
        (other,) = [one for one in people.learners() if one.name == "Amina Test-DELIVER-5-0"]
        ((site, account),) = people.accounts_of(holder.id)
        people.merge(Merge(holder.id, other.id, "", "a test", "test", datetime.now(UTC)))
        people.split(site, account.ref)
        synced(app, "DELIVER-4")
        (own,) = [one.code for one in app.store.certificates.all("DELIVER-4") if one.code != first]
    assert files(wanting, pages[0]) == {filename_of(own): "deliver-4-0"}, "and the account's own one takes its place"


class Unwilling(Platform):
    """A platform that has no areas for files; asked for anything else, it fails."""

    name = "unwilling"

    def _never(self, *args, **options):
        raise AssertionError("it was asked")

    info = doctor = find_course = apply_course = apply_section = apply_module = apply_part = _never
    retire = course_url = enrol = results = _never


def test_a_platform_without_such_areas_is_refused_once_and_says_what_to_set(wanting):
    (page,) = wanting.deploy("DELIVER-6")
    wanting.grade("DELIVER-6", 80)
    with wanting.app() as app:
        synced(app, "DELIVER-6")
        platform = Unwilling(app.config.site("lab"))
        with pytest.raises(Refused, match='set deliver = "off"') as caught:
            list(deliver(platform, page, app.store, app.config.certificates, again=True))
    assert caught.value.errorcode == NO_DELIVERY


def test_commands_deliver_by_hand_say_before_what_they_would_and_bring_back_what_was_deleted(
    wanting, monkeypatch, capsys
):
    monkeypatch.chdir(wanting.folder)
    (page,) = wanting.deploy("DELIVER-7")
    wanting.grade("DELIVER-7", 80)
    where = ("DELIVER-7", "--site", "lab", "--json")

    def run(*words, exit_code=0):
        code = main(list(words))
        said = capsys.readouterr()
        assert code == exit_code, said.err
        return said

    run("grades", "pull", *where)
    wanting.configure()
    run("certify", *where, "--yes")
    assert "set deliver" in run("certificates", "deliver", *where, exit_code=2).out
    wanting.configure(WANTED)
    (due,) = json.loads(run("certificates", "deliver", *where, "--dry-run").out)
    assert (due["action"], files(wanting, page)) == ("deliver", {})
    run("certify", *where, "--yes")
    assert list(files(wanting, page)) == [filename_of(due["code"])]
    with wanting.sandbox.site.database.writing() as db:
        db.execute("DELETE FROM learner_files")
    assert json.loads(run("certificates", "deliver", *where).out) == []
    (done,) = json.loads(run("certificates", "deliver", *where, "--again").out)
    assert (done["outcome"], list(files(wanting, page))) == ("created", [filename_of(due["code"])])


def test_an_unknown_way_to_deliver_is_refused_by_name(desk):
    desk.configure('[certificates]\ndeliver = "post"\n')
    with pytest.raises(ConfigError, match=r"certificates\.deliver must be one of off, files"):
        load_config(desk.folder / "lms-toolkit.toml", env={})


def test_a_site_whose_companion_is_too_old_is_told_what_to_install(wanting, tmp_path):
    with wanting.app() as app:
        platform = app.platform("lab")
        known = platform._facts
        platform.__dict__["_facts"] = replace(known, functions=known.functions - {DELIVER_FILE})
        with pytest.raises(Refused, match=f"lacks {DELIVER_FILE}; install this toolkit's companion") as caught:
            platform.deliver_file("1", "2", "a.pdf", tmp_path / "never-read.pdf")
    assert caught.value.errorcode == NO_DELIVERY
