"""A corrected name, an expiry, and what verification says of each; many at once; and a store that was lost."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from lms_certificates.certifier import PdfCertifier
from lms_toolkit.badges import write_badge
from lms_toolkit.certificate_records import months_after
from lms_toolkit.config import CertificateConfig
from lms_toolkit.errors import ConfigError, ContentError, PlanRefused
from lms_toolkit.issuing import read_revocations, replace_certificate, verify
from lms_toolkit.issuing_many import Desk, ToIssue, issue_all
from lms_toolkit.model import Award, Learner
from lms_toolkit.restoring import restore
from lms_toolkit.store import Store, open_store
from lms_toolkit.verifying import Evidence


def replaced(setting, code: str, name: str = "Amina Essai"):
    return replace_certificate(code, name, setting.store, setting.certifier, setting.config, setting.plugins)


# --- replacing


def test_a_corrected_certificate_is_valid_and_says_the_same_under_another_name(setting):
    old = setting.issue()
    new = replaced(setting, old.code, "Amina  Essai")
    assert new.record == replace(old.record, code=new.code, learner_name="Amina Essai")
    for path in (Path(new.pdf_path), Path(new.pdf_path).with_suffix(".credential.json")):
        assert verify(path, setting.certifier, setting.store).record == new.record
    achievements = [json.loads(one.credential_json)["credentialSubject"]["achievement"] for one in (old, new)]
    assert achievements[0] == achievements[1]
    assert new.status_index != old.status_index


def test_the_old_one_is_replaced_everywhere_and_nobody_learns_by_which(setting, tmp_path):
    old = setting.issue()
    new = replaced(setting, old.code)
    keys, revocations = (setting.config.folder / name for name in ("public-keys.json", "revocations.json"))
    far_away = PdfCertifier(CertificateConfig(tmp_path / "far-away"))
    for verdict in (
        verify(old.code, setting.certifier, setting.store),
        verify(old.pdf_path, setting.certifier, setting.store),
        verify(old.pdf_path, far_away, keys=keys, revocations=revocations),
    ):
        assert verdict.verdict == "replaced"
        assert new.code not in verdict.detail
        assert verdict.revocation_checked_at is not None
    status = setting.config.folder / "status" / "1.json"
    assert verify(old.pdf_path, far_away, evidence=Evidence(keys, None, (status,))).verdict == "revoked"
    assert verify(new.pdf_path, far_away, evidence=Evidence(keys, None, (status,))).verdict == "valid"
    published = revocations.read_text(encoding="utf-8")
    assert new.code not in published
    assert "Amina" not in published
    assert read_revocations(revocations, setting.certifier).replaced == {old.code}


def test_an_award_still_has_one_certificate_that_stands(setting):
    old = setting.issue()
    new = replaced(setting, old.code)
    assert setting.issue() == new
    assert setting.store.certificates.by_code(old.code).replaced_by == new.code
    events = [(event.name, event.data["code"]) for event in setting.store.events.all()]
    assert events == [
        ("certificate.issued", old.code),
        ("certificate.issued", new.code),
        ("certificate.revoked", old.code),
    ]


def test_what_does_not_stand_any_more_is_not_replaced(setting):
    old = setting.issue()
    new = replaced(setting, old.code)
    with pytest.raises(PlanRefused, match=f"was replaced already, by {new.code}"):
        replaced(setting, old.code, "Somebody")
    with pytest.raises(PlanRefused, match="has that name already"):
        replaced(setting, new.code)
    with pytest.raises(ContentError, match="the new name is empty"):
        replaced(setting, new.code, " ")
    setting.revoke(new.code)
    with pytest.raises(PlanRefused, match="what is revoked is not replaced"):
        replaced(setting, new.code, "Somebody")
    with pytest.raises(ConfigError, match="no certificate has the code"):
        replaced(setting, "0000-0000-0000")


def test_a_revoked_certificate_gets_no_badge(setting, tmp_path):
    certificate = setting.issue()
    path = write_badge(certificate.code, tmp_path / "badge.png", setting.store, setting.certifier)
    assert verify(path, setting.certifier, setting.store).verdict == "valid"
    setting.revoke(certificate.code)
    assert verify(path, setting.certifier, setting.store).verdict == "revoked"
    with pytest.raises(PlanRefused, match="gets no badge"):
        write_badge(certificate.code, tmp_path / "again.png", setting.store, setting.certifier)


# --- expiring


def test_a_certificate_expires_after_the_months_of_its_rule(setting):
    rule = replace(setting.course.certification, valid_months=24)
    certificate = setting.issue(course=replace(setting.course, certification=rule))
    assert certificate.record.expires_on == date(2028, 11, 21)
    assert json.loads(certificate.credential_json)["validUntil"] == "2028-11-21T23:59:59Z"
    assert verify(certificate.pdf_path, setting.certifier, setting.store).verdict == "valid"


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_a_shorter_month(day, months, last):
    assert months_after(day, months) == last


def test_an_expired_certificate_is_told_from_a_forged_one_and_a_revoked_one(setting, certifier, record, tmp_path):
    today = datetime.now(UTC).date()
    paths = {}
    for name, day in (("over", today - timedelta(days=1)), ("today", today)):
        changed = replace(record, expires_on=day, issued_on=date(2025, 1, 1))
        paths[name] = tmp_path / f"{name}.json"
        paths[name].write_text(certifier.sign(changed), encoding="utf-8")
    verdict = verify(paths["over"], certifier)
    assert (verdict.verdict, verdict.record is None) == ("expired", False)
    assert f"valid until {today - timedelta(days=1)}" in verdict.detail
    assert verify(paths["today"], certifier).verdict == "valid"


# --- many at once


@pytest.fixture
def many(setting) -> list[ToIssue]:
    """Thirteen awards: enough for workers to be started."""
    learners = [Learner(f"learner-{number}", f"Amina Test {number}") for number in range(2, 15)]
    for learner in learners:
        setting.store.people.save_learner(learner)
    awards = setting.store.awards.save_all([replace(setting.award, learner_id=one.id, id="") for one in learners])
    return [ToIssue(award, setting.course, setting.edition, one) for award, one in zip(awards, learners, strict=True)]


def test_certificates_drawn_by_workers_are_valid_all_different_and_told_once(setting, many):
    setting.issue()  # workers start with what is imported by then
    desk = Desk(setting.certifier, setting.store, setting.config, setting.plugins)
    spoilt = replace(many[0], learner=Learner(many[0].learner.id, "Amina 🎓"))
    issued = dict(issue_all([spoilt, *many[1:]], desk, workers=2))
    certificates = [one for one in issued.values() if not isinstance(one, ContentError)]
    assert len(certificates) == 12
    assert "font has no 🎓" in str(issued[spoilt.award])
    for one in certificates:
        assert verify(one.pdf_path, setting.certifier, setting.store).record == one.record
    assert len({(one.status_index, one.credential_json, one.pdf_sha256) for one in certificates}) == 12
    assert sorted(dict(issue_all(many[1:], desk, workers=1)).values(), key=str) == sorted(certificates, key=str)
    assert len(setting.store.events.all("certificate.issued")) == 13


def test_an_award_that_is_not_earned_stops_the_run_before_anything_is_issued(setting, many):
    desk = Desk(setting.certifier, setting.store, setting.config, setting.plugins)
    with pytest.raises(PlanRefused, match="is not earned"):
        list(issue_all([*many, replace(many[0], award=replace(many[0].award, earned=False))], desk))
    assert setting.store.certificates.all() == []


# --- a lost store


@pytest.fixture
def empty(tmp_path):
    with open_store(f"sqlite:///{tmp_path / 'new.db'}") as store:
        yield store


def rebuilt(setting, store: Store, folder: Path) -> dict[str, list[str]]:
    outcomes = restore(folder, store, setting.certifier, setting.config, setting.plugins)
    return {
        kind: [one.code or one.note for one in outcomes if one.outcome == kind]
        for kind in ("restored", "known", "refused")
    }


def test_a_lost_store_is_rebuilt_from_the_documents_that_were_issued(setting, empty):
    old = setting.issue()
    new = replaced(setting, old.code)
    assert rebuilt(setting, empty, setting.config.folder)["restored"] == sorted([old.code, new.code])
    for one in (setting.store.certificates.by_code(old.code), new):
        found = empty.certificates.by_code(one.code)
        same = ("record", "signed_json", "credential_json", "pdf_sha256", "status_index", "replaced_by")
        assert [getattr(found, name) for name in same] == [getattr(one, name) for name in same]
        assert (found.revoked_at is None) == (one.revoked_at is None)
    assert verify(old.code, setting.certifier, empty).verdict == "replaced"
    assert rebuilt(setting, empty, setting.config.folder)["known"] == sorted([old.code, new.code])
    assert [event.name for event in empty.events.all()] == []


@pytest.mark.parametrize("suffix", [".pdf", ".json", ".credential.json", ".png"])
def test_any_one_of_its_documents_is_enough_for_a_certificate(setting, empty, tmp_path, suffix):
    certificate = setting.issue()
    write_badge(certificate.code, setting.config.folder / f"{certificate.code}.png", setting.store, setting.certifier)
    (tmp_path / "kept").mkdir()
    shutil.copy(setting.config.folder / f"{certificate.code}{suffix}", tmp_path / "kept")
    elsewhere = replace(setting.config, folder=tmp_path / "rebuilt")
    restore(tmp_path / "kept", empty, setting.certifier, elsewhere, setting.plugins)
    found = empty.certificates.by_code(certificate.code)
    assert found.record == certificate.record
    assert verify(tmp_path / "rebuilt" / f"{certificate.code}.pdf", setting.certifier, empty).verdict == "valid"


def test_a_learner_who_is_known_again_gets_the_award_back_and_no_second_certificate(setting, empty):
    certificate = setting.issue()
    empty.people.save_learner(Learner("learner-1", "Amina Test"))
    rebuilt(setting, empty, setting.config.folder)
    award = empty.awards.get("learner-1", "tiny", "TINY-2026")
    assert (award.id, award.earned) == (certificate.record.award_id, True)
    assert setting.issue(award=award, store=empty).code == certificate.code


def test_what_is_not_ours_or_was_changed_does_not_come_in(setting, empty, stranger, record, tmp_path):
    certificate = setting.issue()
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "a.json").write_text(stranger.sign(record), encoding="utf-8")
    (folder / "b.json").write_text(certificate.signed_json.replace("Amina", "Jorge"), encoding="utf-8")
    (folder / "c.pdf").write_bytes(Path(certificate.pdf_path).read_bytes() + b"\n")
    twin = replace(certificate.record, learner_name="Jorge Prueba")
    (folder / "d.json").write_text(certificate.signed_json, encoding="utf-8")
    (folder / "e.json").write_text(setting.certifier.sign(twin), encoding="utf-8")
    found = rebuilt(setting, empty, folder)
    assert found["restored"] == [certificate.code]
    reasons = ("not in public-keys.json", "signature does not match", "changed after it was issued", "something else")
    assert all(any(reason in note for note in found["refused"]) for reason in reasons), found["refused"]


def test_an_award_of_that_name_is_not_taken_from_somebody_else(setting, empty):
    """Two learners of one name: whose certificate it was, nobody can say, so it gets a learner of its own."""
    certificate = setting.issue()
    for number in (1, 2):
        empty.people.save_learner(Learner(f"learner-{number}", "Amina Test"))
    rebuilt(setting, empty, setting.config.folder)
    award = empty.awards.by_id(certificate.record.award_id)
    assert isinstance(award, Award)
    assert award.learner_id == f"certificate:{certificate.code}"
