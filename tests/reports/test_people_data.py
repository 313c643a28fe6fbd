"""Somebody asks for everything that is known, or wants it gone; certificates stay true, or are revoked for good."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lms_toolkit.erasing import export_person
from lms_toolkit.errors import PlanRefused, StoreError
from lms_toolkit.model import Grade, ResultsPage, User
from lms_toolkit.publishing import publish
from lms_toolkit.pulling import pull
from lms_toolkit.store import open_store

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def test_what_is_exported_is_everything_known_in_a_file_for_its_owner_alone(office: Any, tmp_path: Path) -> None:
    certificate = office.issue()
    office.desk.done("1", "module:cycles", float("nan"), NOON)
    office.desk.done("2", "module:cycles", 20.0, NOON)
    learner = office.desk.store.people.get("idnumber:S-1")
    counts = export_person(learner, office.desk.store, tmp_path / "amina.json", NOON)
    assert stat.S_IMODE((tmp_path / "amina.json").stat().st_mode) == 0o600
    text = (tmp_path / "amina.json").read_text(encoding="utf-8")
    known = json.loads(text)["known"]
    assert {name: len(rows) for name, rows in known.items()} == counts
    assert known["users"][0]["username"] == "u1"
    assert known["certificates"][0]["code"] == certificate.code
    assert known["grades"][0]["score"] == "nan"
    assert "Jorge" not in text
    with pytest.raises(PlanRefused, match="is there already"):
        export_person(learner, office.desk.store, tmp_path / "amina.json", NOON)


def test_a_certificate_of_somebody_who_was_erased_still_verifies_by_code_and_by_its_file(office: Any) -> None:
    certificate = office.issue()
    erased = office.erase()
    assert erased.enrolled == (("lab", "3"),)
    for document in (certificate.code, Path(certificate.pdf_path)):
        assert office.verify(document).verdict == "valid"
    assert [one.id for one in office.desk.store.people.find("amina")] == []
    assert office.check() == {}


def test_a_certificate_that_was_erased_too_is_revoked_for_everybody_who_still_has_it(
    office: Any, tmp_path: Path
) -> None:
    certificate = office.issue()
    kept = tmp_path / "kept.pdf"
    kept.write_bytes(Path(certificate.pdf_path).read_bytes())
    office.erase(with_certificates=True)
    assert not [path for path in office.config.folder.rglob("*") if certificate.code in path.name]
    assert office.verify(certificate.code).verdict == "revoked"
    assert office.verify(certificate.code).record is None
    assert office.verify(kept).verdict == "revoked"
    assert certificate.code in (office.config.folder / "revocations.json").read_text(encoding="utf-8")
    publish(tmp_path / "site", office.desk.store, office.certifier, office.config, NOON)
    everything = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "site").rglob("*.html"))
    assert "Amina" not in everything
    assert "Ce certificat a été révoqué" in everything
    assert office.check() == {}


def test_nobody_is_erased_while_a_pull_is_bringing_them_in(office: Any) -> None:
    with office.desk.store.lock("pull:lab:3"), pytest.raises(StoreError, match="is being worked on"):
        office.erase()
    assert office.desk.store.people.get("idnumber:S-1") is not None


def test_a_store_whose_certificates_are_as_issued_has_nothing_wrong(office: Any) -> None:
    office.issue()
    assert office.check() == {}


def test_a_page_that_was_drawn_again_is_as_good_as_the_first_and_an_altered_one_is_not(office: Any) -> None:
    from lms_toolkit.certificate_files import pdf_path
    from lms_toolkit.drafting import draw

    certificate = office.issue()
    path = pdf_path(certificate.code, office.config)
    again = draw(certificate.record, certificate.signed_json, "", office.certifier, office.desk.plugins)
    assert again != path.read_bytes()
    path.write_bytes(again)
    assert office.check() == {}
    path.write_bytes(again[:-40] + b"x" * 40)
    assert set(office.check()) == {"certificate-file-altered"}
    path.unlink()
    assert "the document is not there" in office.check()["certificate-file-gone"]
    path.with_suffix(".json").write_text("{}", encoding="utf-8")
    assert "is not the document that was issued" in office.check()["certificate-file-altered"]


def test_a_certificate_that_cannot_be_read_is_named_and_the_others_are_looked_at(office: Any) -> None:
    from lms_toolkit.certificate_files import pdf_path

    path = pdf_path(office.issue().code, office.config)
    path.unlink()
    path.mkdir()  # unreadable for everybody, also for root
    assert "cannot be read (Is a directory)" in office.check()["certificate-file-unreadable"]


def test_an_award_without_certificate_and_a_certificate_nobody_knows_are_named(office: Any) -> None:
    from sqlalchemy import delete

    from lms_toolkit.store.schema import certificates

    certificate = office.issue()
    with office.desk.store.database.write() as connection:
        connection.execute(delete(certificates))
    found = office.check()
    assert set(found) == {"award-without-certificate", "certificate-lost"}
    assert certificate.code in found["certificate-lost"]


def test_a_certificate_that_nobody_was_told_of_is_named(office: Any) -> None:
    from sqlalchemy import delete

    from lms_toolkit.store.schema import events

    office.issue()
    with office.desk.store.database.write() as connection:
        connection.execute(delete(events))
    assert set(office.check()) == {"certificate-untold"}


def test_a_copy_of_the_store_verifies_certificates_like_the_store_itself(office: Any, tmp_path: Path) -> None:
    from lms_toolkit.store.caring import backup
    from lms_toolkit.verifying import verify

    certificate = office.issue()
    backup(office.desk.store.database, tmp_path / "copy.db")
    with open_store(f"sqlite:///{tmp_path}/copy.db") as copy:
        assert verify(certificate.code, office.certifier, copy).verdict == "valid"


def test_somebody_erased_while_still_enrolled_comes_back_whole_though_the_site_tells_changes_only(office: Any) -> None:
    amina = User("amina", "", "Amina", "Test", "S-1", "1")
    grades = tuple(Grade("lab", "3", "1", item, 80.0, 100.0, NOON, NOON, "") for item in ("module:a", "module:b"))
    asked: list[str] = []

    def results(course_ref: str, cursor: str) -> ResultsPage:
        asked.append(cursor)
        news = () if cursor else grades
        return ResultsPage((amina,) if not cursor else (), news, (), cursor="41", whole=not cursor)

    desk, site = office.desk, SimpleNamespace(results=results)
    for _ in range(2):
        pull(site, desk.deployment, desk.store, desk.plugins, NOON)
    assert office.erase().enrolled == (("lab", "3"),)
    assert desk.store.results.grades("lab", "3", "1") == []
    pull(site, desk.deployment, desk.store, desk.plugins, NOON)
    assert asked == ["", "41", ""]
    assert len(desk.store.results.grades("lab", "3", "1")) == 2
    assert office.check() == {}
