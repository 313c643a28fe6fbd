"""The verification site: read without JavaScript, checks files with it, from a web server and from the disk."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lms_certificates.certifier import PdfCertifier
from lms_toolkit.config import CertificateConfig
from lms_toolkit.errors import ConfigError, PlanRefused
from lms_toolkit.publishing import publish
from lms_toolkit.revoking import replace_certificate


@pytest.fixture
def published(setting, tmp_path):
    """`published(at, **settings)`: the folder of a site written at a time, now by default, with other settings."""

    def write(at: datetime | None = None, **settings) -> Path:
        config = replace(setting.config, **settings)
        publish(tmp_path / "site", setting.store, PdfCertifier(config), config, at)
        return tmp_path / "site"

    return write


def page(site: Path, code: str, name: str = "index.html") -> str:
    return (site / "c" / code / name).read_text(encoding="utf-8")


def test_a_page_says_in_three_languages_that_a_certificate_is_valid_and_names_nobody(setting, published):
    code = setting.issue().code
    site = published()
    assert "Ce certificat est valable" in page(site, code)
    assert "This certificate is valid" in page(site, code, "en.html")
    assert "Este certificado es válido" in page(site, code, "es.html")
    everything = "".join(
        file.read_text(encoding="utf-8") for file in site.rglob("*") if file.suffix in (".html", ".js")
    )
    assert "Amina" not in everything
    assert "78,46" not in everything


def test_what_the_institution_chose_is_shown_and_nothing_else(setting, published):
    code = setting.issue().code
    text = page(published(public=("name", "score")), code)
    assert "Amina Test" in text
    assert "78,46" in text
    assert "La réinsertion, pas à pas" not in text


def test_a_name_cannot_become_markup(setting, published):
    code = setting.issue(learner=replace(setting.learner, name="<b>Amina</b> Test")).code
    assert "&lt;b&gt;Amina" in page(published(public=("name",)), code)


def test_a_revoked_certificates_page_says_so_and_nothing_else(setting, published):
    code = setting.issue().code
    setting.revoke(code, "wrong person")
    text = page(published(public=("name", "course")), code)
    assert "Ce certificat a été révoqué" in text
    assert "Amina" not in text
    assert "pas à pas" not in text
    assert "wrong person" not in text


def test_a_replaced_certificates_page_does_not_lead_to_the_new_one(setting, published):
    old = setting.issue()
    new = replace_certificate(
        old.code, "Amina Essai", setting.store, setting.certifier, setting.config, setting.plugins
    )
    site = published(public=("name",))
    assert "remplacé par un certificat corrigé" in page(site, old.code)
    assert new.code not in page(site, old.code)
    assert "Amina Essai" in page(site, new.code)


def test_an_expired_certificates_page_says_so(setting, published):
    rule = replace(setting.course.certification, valid_months=1)
    code = setting.issue(course=replace(setting.course, certification=rule)).code
    last_moment = datetime(2026, 12, 21, 23, 59, tzinfo=UTC)
    assert "Ce certificat est valable" in page(published(last_moment), code)
    assert "est authentique et a expiré" in page(published(last_moment + timedelta(minutes=1)), code)


def test_no_page_lists_the_codes_of_certificates_that_stand(setting, published):
    code = setting.issue().code
    site = published()
    for path in site.rglob("*.html"):
        if path.parent.name != code:
            assert code not in path.read_text(encoding="utf-8")
    assert code not in (site / "data.js").read_text(encoding="utf-8")


def test_keys_lists_and_the_issuers_document_are_beside_the_pages(setting, published):
    setting.issue()
    site = published()
    document = json.loads((site / ".well-known" / "did.json").read_text())
    assert document == json.loads((site / "did.json").read_text())
    assert document["id"] == "did:web:verify.example.org"
    assert json.loads((site / "status" / "1.json").read_text())["id"] == "https://verify.example.org/status/1.json"
    assert (site / "public-keys.json").read_bytes() == (setting.config.folder / "public-keys.json").read_bytes()
    assert (site / "revocations.json").is_file()


def test_what_a_certificate_is_for_has_a_page_at_the_address_in_its_credential(setting, published):
    credential = json.loads(setting.issue().credential_json)
    address = credential["credentialSubject"]["achievement"]["id"].removeprefix("https://verify.example.org/")
    text = (published() / address / "index.html").read_text(encoding="utf-8")
    assert "La réinsertion, pas à pas" in text
    assert "au moins 60" in text


def test_pages_of_certificates_that_are_gone_go_too(setting, published):
    code = setting.issue().code
    site = published()
    (site / "c" / "0000-0000-0000").mkdir()
    published()
    assert [path.name for path in (site / "c").iterdir()] == [code]


def test_a_folder_with_other_things_in_it_is_left_alone(setting, tmp_path, published):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "thesis.txt").write_text("")
    with pytest.raises(PlanRefused, match="is no verification site"):
        published()


def test_an_address_that_no_folder_can_have_is_refused(setting, tmp_path, published):
    with pytest.raises(ConfigError, match="must end in a folder"):
        published(verify_url="https://verify.example.org/?code=")


# --- in the browser


@pytest.mark.browser
@pytest.mark.parametrize("from_disk", [True, False], ids=["disk", "server"])
def test_files_are_checked_in_the_browser_and_sent_nowhere(
    setting, published, watched_page, serve, tmp_path, from_disk
):
    certificate = setting.issue()
    revoked = setting.issue(award=another_award(setting))
    setting.revoke(revoked.code)
    site = published()
    pdf = Path(certificate.pdf_path)
    files = {
        "valid": [pdf, pdf.with_suffix(".json")],
        "revoked": [Path(revoked.pdf_path)],
        "forged": [altered(pdf, tmp_path / "a.pdf"), altered_record(pdf.with_suffix(".json"), tmp_path / "a.json")],
        "unknown": [pdf.with_suffix(".credential.json"), site / "did.json", foreign(certificate, tmp_path)],
    }
    address = (site / "index.html").as_uri() if from_disk else f"{serve(site).url}/index.html"
    with watched_page(locale="en-GB") as page:
        page.goto(address)
        page.locator("#check:not([hidden])").wait_for()
        for verdict, paths in files.items():
            for path in paths:
                page.locator("#result").evaluate("node => node.replaceChildren()")
                page.get_by_label("Certificate file").set_input_files(path)
                shown = page.locator(f"#result .verdict.{verdict}")
                shown.wait_for()
                assert ("Amina Test" in page.locator("#result").inner_text()) == (verdict in ("valid", "revoked")), path


def another_award(setting):
    return setting.store.awards.save(replace(setting.award, edition="TINY-2026-2", id=""))


def altered(pdf: Path, to: Path) -> Path:
    data = bytearray(pdf.read_bytes())
    data[len(data) // 2] ^= 1
    to.write_bytes(data)
    return to


def altered_record(record: Path, to: Path) -> Path:
    to.write_text(record.read_text(encoding="utf-8").replace("Amina", "Jorge"), encoding="utf-8")
    return to


def foreign(certificate, tmp_path: Path) -> Path:
    path = tmp_path / "foreign.json"
    path.write_text(PdfCertifier(CertificateConfig(tmp_path / "elsewhere")).sign(certificate.record), encoding="utf-8")
    return path


@pytest.mark.browser
def test_results_are_read_without_javascript_and_nothing_stands_in_the_way_of_anybody(
    setting, published, chromium, barriers
):
    valid, revoked = setting.issue(), setting.issue(award=another_award(setting))
    setting.revoke(revoked.code)
    site = published(public=("name", "title", "course", "edition", "issued_on", "hours", "score", "modules"))
    plain = chromium.new_context(java_script_enabled=False, locale="fr-FR")
    shown = plain.new_page()
    shown.goto((site / "c" / valid.code / "index.html").as_uri())
    assert shown.get_by_role("heading", name="Ce certificat est valable").is_visible()
    shown.get_by_role("link", name="English").click()
    shown.get_by_role("heading", name="This certificate is valid").wait_for()
    shown.get_by_role("link", name="Check a certificate by its file").click()
    shown.get_by_text("This needs JavaScript").wait_for()
    plain.close()

    context = chromium.new_context(bypass_csp=True, reduced_motion="reduce")
    page_ = context.new_page()
    for address in (
        "index.html",
        "fr.html",
        f"c/{valid.code}/index.html",
        f"c/{revoked.code}/es.html",
        "a/tiny/TINY-2026/index.html",
    ):
        page_.goto((site / address).as_uri())
        assert barriers(page_) == [], address
    context.close()


@pytest.mark.browser
def test_a_page_written_before_its_certificate_expired_says_so_afterwards(setting, published, watched_page):
    rule = replace(setting.course.certification, valid_months=12)
    code = setting.issue(course=replace(setting.course, certification=rule)).code
    site = published()
    with watched_page() as page_:
        page_.clock.set_fixed_time("2027-11-22T12:00:00Z")
        page_.goto((site / "c" / code / "en.html").as_uri())
        page_.get_by_role("heading", name="This certificate is genuine and has expired").wait_for()
        page_.clock.set_fixed_time("2027-11-21T12:00:00Z")
        page_.reload()
        page_.get_by_role("heading", name="This certificate is valid").wait_for()
