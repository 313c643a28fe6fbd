"""Valid, revoked, forged or unknown: by code, by PDF, by signed record, with and without the issuer's store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from lms_certificates.certifier import PdfCertifier
from lms_toolkit.codes import new_code
from lms_toolkit.config import CertificateConfig
from lms_toolkit.errors import ConfigError, ContentError
from lms_toolkit.issuing import read_revocations, revoke, verify, write_revocations
from lms_toolkit.store.schema import certificates


@pytest.fixture
def far_away(tmp_path):
    """Somebody with nothing but this software."""
    return PdfCertifier(CertificateConfig(tmp_path / "far-away"))


@pytest.fixture
def keys(setting):
    return setting.config.folder / "public-keys.json"


@pytest.fixture
def revocations(setting):
    return setting.config.folder / "revocations.json"


def documents(certificate) -> list[str]:
    pdf = Path(certificate.pdf_path)
    return [certificate.code, str(pdf), str(pdf.with_suffix(".json"))]


def test_an_issued_certificate_is_valid_in_all_its_forms(setting):
    certificate = setting.issue()
    for document in (*documents(certificate), certificate.code.lower().replace("-", " ")):
        verdict = verify(document, setting.certifier, setting.store)
        assert (verdict.verdict, verdict.record) == ("valid", certificate.record)
        assert "not revoked as of" in verdict.detail
        assert verdict.revocation_checked_at is not None


def test_a_revoked_certificate_is_revoked_in_all_its_forms_and_keeps_its_reason_private(setting):
    certificate = setting.issue()
    setting.revoke(certificate.code, "wrong person")
    for document in documents(certificate):
        verdict = verify(document, setting.certifier, setting.store)
        assert verdict.verdict == "revoked"
        assert "wrong person" not in verdict.detail


def test_a_revoked_certificate_that_was_also_altered_is_forged(setting):
    certificate = setting.issue()
    setting.revoke(certificate.code)
    path = Path(certificate.pdf_path)
    path.write_bytes(path.read_bytes() + b"\n")
    assert verify(str(path), setting.certifier, setting.store).verdict == "forged"


def test_a_code_that_was_never_issued_is_unknown(setting):
    verdict = verify(new_code(), setting.certifier, setting.store)
    assert (verdict.verdict, verdict.record) == ("unknown", None)


def test_a_mistyped_code_is_told_from_one_that_was_never_issued(setting):
    code = setting.issue().code
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert "probably mistyped" in verify(wrong, setting.certifier, setting.store).detail


def test_what_is_neither_a_file_nor_a_code_is_an_error(setting):
    with pytest.raises(ConfigError, match=r"'no-such-file\.pdf' is neither a file nor a certificate code"):
        verify("no-such-file.pdf", setting.certifier, setting.store)


def test_a_code_cannot_be_looked_up_without_the_issuers_store(setting, far_away, keys):
    with pytest.raises(ConfigError, match="give the PDF or the signed record"):
        verify(setting.issue().code, far_away, keys=keys)


def test_public_keys_alone_verify_a_pdf_and_say_that_revocation_was_not_checked(setting, far_away, keys):
    certificate = setting.issue()
    setting.revoke(certificate.code)
    verdict = verify(certificate.pdf_path, far_away, keys=keys)
    assert verdict.verdict == "valid"
    assert "revocation not checked" in verdict.detail
    assert verdict.revocation_checked_at is None


def test_a_store_that_never_saw_the_certificate_says_so(setting, certifier, record, tmp_path):
    path = tmp_path / "older.json"
    path.write_text(certifier.sign(record), encoding="utf-8")
    verdict = verify(path, certifier, setting.store)
    assert verdict.verdict == "valid"
    assert "this store does not know the certificate" in verdict.detail


def test_a_signed_record_that_contradicts_the_store_is_forged(setting, tmp_path):
    """Somebody holds the key, but not the store."""
    certificate = setting.issue()
    path = tmp_path / "other.json"
    path.write_text(setting.certifier.sign(replace(certificate.record, learner_name="Jorge Prueba")), encoding="utf-8")
    verdict = verify(path, setting.certifier, setting.store)
    assert verdict.verdict == "forged"
    assert "another certificate was issued under the code" in verdict.detail


def test_a_code_whose_row_holds_another_signed_record_is_forged(setting):
    certificate = setting.issue()
    other = setting.certifier.sign(replace(certificate.record, code=new_code()))
    with setting.store.database.write() as connection:
        connection.execute(update(certificates).values(signed_json=other))
    verdict = verify(certificate.code, setting.certifier, setting.store)
    assert verdict.verdict == "forged"
    assert "that of another certificate" in verdict.detail


class RevokesWhileSigning(PdfCertifier):
    """Another run revokes a certificate between our look at the store and our writing of the list."""

    meanwhile = staticmethod(lambda: None)

    def sign_statement(self, kind, values):
        self.meanwhile()
        return super().sign_statement(kind, values)


def test_a_list_written_while_another_run_revokes_has_both(setting, revocations):
    code = setting.issue().code
    slow = RevokesWhileSigning(setting.config)
    slow.meanwhile = lambda: setting.store.certificates.revoke(code, datetime.now(UTC), "meanwhile")
    write_revocations(setting.store, slow, setting.config)
    assert code in read_revocations(revocations, setting.certifier).revoked


def test_revoking_writes_a_signed_list_that_works_far_away(setting, far_away, keys, revocations):
    revoked = setting.issue()
    setting.revoke(revoked.code, "wrong person")
    verdict = verify(revoked.pdf_path, far_away, keys=keys, revocations=revocations)
    assert verdict.verdict == "revoked"
    assert "wrong person" not in revocations.read_text(encoding="utf-8")
    assert "Amina" not in revocations.read_text(encoding="utf-8")


def test_an_empty_list_says_as_of_when_nothing_is_revoked(setting, far_away, keys):
    certificate = setting.issue()
    made_at = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
    path = write_revocations(setting.store, setting.certifier, setting.config, at=made_at)
    verdict = verify(certificate.pdf_path, far_away, keys=keys, revocations=path)
    assert verdict.verdict == "valid"
    assert "not revoked as of 2026-11-22 08:30 UTC" in verdict.detail
    assert verdict.revocation_checked_at == made_at


def test_a_list_older_than_the_certificate_proves_nothing(setting, far_away, keys):
    certificate = setting.issue()
    before = certificate.issued_at - timedelta(days=2)
    path = write_revocations(setting.store, setting.certifier, setting.config, at=before)
    verdict = verify(certificate.pdf_path, far_away, keys=keys, revocations=path)
    assert verdict.verdict == "valid"
    assert "the list of 2026-11-19 is older than the certificate" in verdict.detail
    assert verdict.revocation_checked_at is None


def test_an_altered_list_is_an_error_not_an_answer(setting, far_away, keys, revocations):
    certificate = setting.issue()
    setting.revoke(certificate.code)
    revocations.write_text(revocations.read_text().replace(certificate.code, new_code()))
    with pytest.raises(ContentError, match=r"revocations\.json: cannot be trusted: .* get the list from the issuer"):
        verify(certificate.pdf_path, far_away, keys=keys, revocations=revocations)


def test_somebody_elses_list_is_an_error(setting, stranger, far_away, keys, tmp_path):
    certificate = setting.issue()
    path = write_revocations(setting.store, stranger, stranger.config)
    with pytest.raises(ContentError, match=r"is not in public-keys\.json"):
        verify(certificate.pdf_path, far_away, keys=keys, revocations=path)


@pytest.mark.parametrize(
    "values", [{}, {"made_at": "2026-11-22T08:00:00", "revoked": []}, {"made_at": 1, "revoked": 2}]
)
def test_a_signed_list_of_another_shape_is_an_error(setting, values, tmp_path):
    path = tmp_path / "list.json"
    path.write_text(setting.certifier.sign_statement("lms-toolkit-revocations/1", values))
    with pytest.raises(ContentError, match="is not a list of revocations"):
        read_revocations(path, setting.certifier)


def test_revoking_twice_keeps_the_first_day_and_tells_once(setting):
    code = setting.issue().code
    first = setting.revoke(code, "wrong person")
    assert setting.revoke(code.lower(), "another reason") == first
    assert first.revocation_reason == "wrong person"
    assert [event.data["code"] for event in setting.store.events.all("certificate.revoked")] == [code]


def test_revoking_again_repairs_a_lost_list(setting, revocations):
    code = setting.issue().code
    setting.revoke(code)
    revocations.unlink()
    setting.revoke(code)
    assert code in read_revocations(revocations, setting.certifier).revoked


def test_an_unknown_code_cannot_be_revoked(setting):
    with pytest.raises(ConfigError, match="no certificate has the code"):
        revoke("0000-0000-0000", "x", setting.store, setting.certifier, setting.config, setting.plugins)


def test_a_revoked_award_is_not_certified_again(setting):
    certificate = setting.issue()
    setting.revoke(certificate.code)
    assert setting.issue().revoked_at is not None
    assert len(setting.store.certificates.all()) == 1


def test_a_document_of_absurd_size_is_refused_unread(setting, tmp_path):
    path = tmp_path / "huge.pdf"
    with path.open("wb") as file:
        file.truncate(3_000_000_000)
    with pytest.raises(ContentError, match="larger than 20 MB"):
        verify(path, setting.certifier, setting.store)
