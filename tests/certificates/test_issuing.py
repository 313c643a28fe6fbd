"""One certificate per award, whoever asks and whatever stops half-way."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from lms_certificates.certifier import PdfCertifier
from lms_toolkit.codes import is_mistyped
from lms_toolkit.errors import ContentError, PlanRefused, PluginError, StoreError
from lms_toolkit.issuing import certificates_of, verify
from lms_toolkit.manager import Plugins
from lms_toolkit.model import Learner
from lms_toolkit.store import open_store
from lms_toolkit.store.certificates import Certificates
from lms_toolkit.store.schema import certificates

ISSUE = """
import os, pickle, sys
from lms_certificates.certifier import PdfCertifier
from lms_toolkit.issuing import issue
from lms_toolkit.manager import Plugins
from lms_toolkit.store import open_store

award, course, edition, learner, config, url = pickle.loads(sys.stdin.buffer.read())


class DiesAfterSaving:
    def __init__(self, certificates):
        self.by_award, self._save = certificates.by_award, certificates.save
        self.reserve_places = certificates.reserve_places

    def save(self, certificate):
        self._save(certificate)
        os._exit(9)


with open_store(url) as store:
    if "die" in sys.argv:
        store.certificates = DiesAfterSaving(store.certificates)
    print(issue(award, course, edition, learner, PdfCertifier(config), store, config, Plugins()).code)
"""


def started(setting, url: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Another process that issues the same award in the same store."""
    run = subprocess.Popen(
        [sys.executable, "-c", ISSUE, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    given = (setting.award, setting.course, setting.edition, setting.learner, setting.config, url)
    run.stdin.write(pickle.dumps(given))
    run.stdin.close()
    return run


def finished(run: subprocess.Popen[bytes]) -> tuple[int, str]:
    with run:
        out = run.stdout.read().decode().strip()
    return run.returncode, out


def documents(config) -> list[str]:
    return sorted(path.name for path in config.folder.iterdir() if path.name[:1] not in "kp")


def files_of(certificate) -> list[str]:
    return [f"{certificate.code}{suffix}" for suffix in (".credential.json", ".json", ".pdf")]


def test_a_certificate_says_what_was_taught_to_whom_and_when(setting):
    certificate = setting.issue()
    record = certificate.record
    assert (record.learner_name, record.course_title) == ("Amina Test", "La réinsertion, pas à pas")
    assert (record.edition, record.modules) == ("TINY-2026", ("Cycles migratoires",))
    assert (record.issued_on, record.learning_hours) == (date(2026, 11, 21), 20.0)
    assert record.score_percent == 78.46
    assert record.award_id == setting.award.id
    assert not is_mistyped(certificate.code)


def test_an_edition_with_a_title_of_its_own_is_what_was_completed(setting):
    language = setting.award.language
    edition = replace(setting.edition, title={language: "Module 1 seulement"})
    assert setting.issue(edition=edition).record.course_title == "Module 1 seulement"


def test_the_score_is_left_out_unless_the_course_shows_it(setting):
    rule = replace(setting.course.certification, show_score=False)
    certificate = setting.issue(course=replace(setting.course, certification=rule))
    assert certificate.record.score_percent is None


def test_the_pdf_and_the_signed_record_are_beside_each_other_and_valid(setting):
    certificate = setting.issue()
    pdf = Path(certificate.pdf_path)
    assert documents(setting.config) == files_of(certificate)
    for path in (pdf, pdf.with_suffix(".json"), pdf.with_suffix(".credential.json")):
        assert verify(str(path), setting.certifier, setting.store).verdict == "valid"


def test_issuing_again_gives_the_same_certificate_and_tells_nobody_twice(setting):
    first = setting.issue()
    assert setting.issue() == first
    assert setting.store.certificates.all() == [first]
    [event] = setting.store.events.all("certificate.issued")
    assert event.data["code"] == first.code
    assert "Amina" not in str(event.data)


def test_an_award_that_is_not_earned_is_refused(setting):
    with pytest.raises(PlanRefused, match="is not earned"):
        setting.issue(award=replace(setting.award, earned=False))
    assert setting.store.certificates.all() == []


def test_a_learner_without_a_name_is_an_error_before_anything_is_saved(setting):
    with pytest.raises(ContentError, match="its learner has no name"):
        setting.issue(learner=Learner("learner-1", "  "))
    assert setting.store.certificates.all() == []


def test_a_name_that_cannot_be_printed_leaves_the_award_uncertified(setting):
    with pytest.raises(ContentError, match=f"award {setting.award.id}: .*font has no"):
        setting.issue(learner=Learner("learner-1", "Amina 🎓"))
    assert setting.store.certificates.all() == []
    assert documents(setting.config) == []


def test_a_missing_title_says_where_to_add_it(setting):
    with pytest.raises(ContentError, match=r"the course has no title in 'fr'; add it to course\.toml"):
        setting.issue(course=replace(setting.course, title={"en": "Reintegration"}))


def test_a_name_in_decomposed_letters_is_written_with_whole_ones(setting):
    assert setting.issue(learner=Learner("learner-1", "Ame\u0301lie  Test")).record.learner_name == "Amélie Test"


def test_processes_that_issue_the_same_award_at_once_make_one_certificate(setting, database_url):
    runs = [started(setting, database_url) for _ in range(3)]
    ended = {finished(run) for run in runs}
    [certificate] = setting.store.certificates.all()
    assert ended == {(0, certificate.code)}
    assert documents(setting.config) == files_of(certificate)
    assert verify(certificate.pdf_path, setting.certifier, setting.store).verdict == "valid"


def test_threads_that_issue_the_same_award_at_once_make_one_certificate(setting, database_url):
    def issue_in_a_run_of_its_own(_):
        with open_store(database_url) as store:
            return setting.issue(store=store, certifier=PdfCertifier(setting.config), plugins=Plugins()).code

    with ThreadPoolExecutor(4) as pool:
        codes = set(pool.map(issue_in_a_run_of_its_own, range(8)))
    assert codes == {certificate.code for certificate in setting.store.certificates.all()}
    assert len(codes) == 1


class SeesNothingYet(Certificates):
    """As a run sees the store that looked just before another one saved."""

    def by_award(self, award_id):
        return None


def test_the_run_that_comes_second_keeps_the_first_ones_certificate_and_page(setting, database_url):
    first = setting.issue()
    before = Path(first.pdf_path).read_bytes()
    with open_store(database_url) as store:
        store.certificates = SeesNothingYet(store.database, store.outbox)
        assert setting.issue(store=store) == first
    assert Path(first.pdf_path).read_bytes() == before
    assert documents(setting.config) == files_of(first)
    assert len(setting.store.events.all("certificate.issued")) == 1


def test_a_run_killed_between_the_row_and_the_files_is_completed_by_the_next(setting, database_url):
    assert finished(started(setting, database_url, "die")) == (9, "")
    [saved] = setting.store.certificates.all()
    assert documents(setting.config) == []

    assert setting.issue() == saved
    assert documents(setting.config) == files_of(saved)
    assert [event.data["code"] for event in setting.store.events.all("certificate.issued")] == [saved.code]


@pytest.mark.parametrize("suffix", [".pdf", ".json", ".credential.json"])
def test_a_lost_file_comes_back_with_the_same_bytes(setting, suffix):
    path = Path(setting.issue().pdf_path).with_suffix(suffix)
    before = path.read_bytes()
    path.unlink()
    setting.issue()
    assert path.read_bytes() == before
    assert len(setting.store.events.all("certificate.issued")) == 1


def test_a_damaged_pdf_is_replaced_by_a_good_one(setting):
    path = Path(setting.issue().pdf_path)
    before = path.read_bytes()
    path.write_bytes(before[:1000])
    setting.issue()
    assert path.read_bytes() == before


def test_a_pdf_that_another_version_draws_differently_is_redrawn_once_and_valid(setting):
    """As after an upgrade of typst: here the row remembers other bytes than we draw now."""
    first = setting.issue()
    with setting.store.database.write() as connection:
        connection.execute(update(certificates).values(pdf_sha256="0" * 64))
    Path(first.pdf_path).unlink()
    redrawn = setting.issue()
    setting.issue()
    assert redrawn.signed_json == first.signed_json
    assert verify(redrawn.pdf_path, setting.certifier, setting.store).verdict == "valid"
    assert len(setting.store.events.all("certificate.redrawn")) == 1


def test_a_folder_that_cannot_be_written_is_one_line_and_the_next_run_completes(setting, tmp_path):
    setting.certifier.sign(setting.issue().record)  # the keys exist
    certificate = setting.store.certificates.all()[0]
    blocked = tmp_path / "a-file"
    blocked.write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        setting.issue(config=replace(setting.config, folder=blocked / "certificates"))
    elsewhere = replace(setting.config, folder=tmp_path / "moved")
    assert setting.issue(config=elsewhere).pdf_path == str(tmp_path / "moved" / f"{certificate.code}.pdf")


def test_certificates_are_listed_by_edition(setting):
    certificate = setting.issue()
    assert certificates_of(setting.store) == certificates_of(setting.store, "TINY-2026") == [certificate]
    assert certificates_of(setting.store, "OTHER") == []


DRAWING = """
from io import BytesIO
from pypdf import PdfWriter
from lms_toolkit import hookimpl


@hookimpl
def lms_render_certificate(record, signed_json):
    {body}
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_attachment("certificate.json", signed_json.encode())
    file = BytesIO()
    writer.write(file)
    return file.getvalue()
"""


@pytest.fixture
def drawing_plugin(tmp_path, monkeypatch):
    """Installs a plugin that draws certificates its own way; `body` runs before it draws."""

    def install(name: str, body: str) -> Plugins:
        info = tmp_path / "site" / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (tmp_path / "site" / f"{name}.py").write_text(DRAWING.format(body=body), encoding="utf-8")
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[lms_toolkit]\n{name} = {name}\n", encoding="utf-8")
        monkeypatch.syspath_prepend(str(tmp_path / "site"))
        return Plugins()

    return install


def test_a_plugin_may_draw_the_page_and_it_is_sealed_like_ours(setting, drawing_plugin):
    certificate = setting.issue(plugins=drawing_plugin("drawn_by_hand", "pass"))
    assert verify(certificate.pdf_path, setting.certifier, setting.store).record == certificate.record
    assert Path(certificate.pdf_path).stat().st_size < 10_000


def test_a_plugin_that_leaves_a_certificate_to_us_changes_nothing(setting, drawing_plugin):
    certificate = setting.issue(plugins=drawing_plugin("drawn_by_nobody", "return None"))
    assert Path(certificate.pdf_path).stat().st_size > 20_000


def test_a_plugin_whose_page_carries_another_record_is_refused(setting, drawing_plugin):
    plugins = drawing_plugin("drawn_wrongly", "signed_json = '{}'")
    with pytest.raises(PluginError, match="does not carry its signed record"):
        setting.issue(plugins=plugins)
    assert setting.store.certificates.all() == []


def test_a_plugin_that_fails_to_draw_leaves_the_award_uncertified(setting, drawing_plugin):
    with pytest.raises(PluginError, match="lms_render_certificate: ZeroDivisionError"):
        setting.issue(plugins=drawing_plugin("drawn_not_at_all", "1 / 0"))
    assert setting.store.certificates.all() == []


def test_the_signed_record_on_disk_is_the_one_in_the_store(setting):
    certificate = setting.issue()
    on_disk = Path(certificate.pdf_path).with_suffix(".json").read_text(encoding="utf-8")
    assert on_disk == certificate.signed_json
    assert json.loads(on_disk)["record"]["code"] == certificate.code
