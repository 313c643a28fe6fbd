"""A PDF is valid only as it was issued; a forgery is told from a file that carries nothing of ours."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject, StreamObject


def test_a_certificate_is_valid_and_says_for_whom(certifier, make_pdf, record):
    verdict = certifier.verify(make_pdf())
    assert (verdict.verdict, verdict.record) == ("valid", record)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"learner_name": "Jorge Prueba"}, "the learner's name"),
        ({"course_title": "Une autre formation"}, "the course"),
        ({"issued_on": "2026-11-22"}, "the date"),
        ({"code": "0000-0000-0000"}, "the code"),
    ],
)
def test_a_page_that_says_something_else_than_what_was_signed_is_forged(certifier, record, changes, what):
    """Somebody draws a page of their own around a genuine signed record."""
    if "issued_on" in changes:
        changes = {"issued_on": record.issued_on.replace(day=22)}
    page = certifier.render(replace(record, **changes), certifier.sign(record))
    verdict = certifier.verify(page)
    assert verdict.verdict == "forged"
    assert verdict.detail == f"the page does not say what was signed: {what} differs"


def test_words_painted_over_a_genuine_page_are_forged_although_the_old_text_is_still_there(certifier, make_pdf):
    writer = PdfWriter(clone_from=BytesIO(make_pdf()))
    cover = StreamObject()
    cover.set_data(b"1 1 1 rg 200 380 450 60 re f")
    page = writer.pages[0]
    page[NameObject("/Contents")] = writer._add_object(cover_after(page, cover))
    verdict = certifier.verify(written(writer))
    assert verdict.verdict == "forged"
    assert "changed after it was issued" in verdict.detail


def cover_after(page, cover: StreamObject) -> StreamObject:
    both = StreamObject()
    both.set_data(page.get_contents().get_data() + b"\n" + cover.get_data())
    return both


def written(writer: PdfWriter) -> bytes:
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def with_attachment(pdf: bytes, content: bytes) -> bytes:
    """The same page with another certificate.json in place of its own."""
    writer = PdfWriter(clone_from=BytesIO(pdf))
    for item in writer.attachment_list:
        item.content = content
    return written(writer)


def test_a_swapped_signed_record_is_forged(certifier, make_pdf, record):
    other = certifier.sign(replace(record, learner_name="Jorge Prueba"))
    verdict = certifier.verify(with_attachment(make_pdf(), other.encode()))
    assert verdict.verdict == "forged"
    assert "the learner's name differs" in verdict.detail


def test_an_altered_signed_record_is_forged(certifier, make_pdf, record):
    altered = certifier.sign(record).replace("Amina Test", "Jorge Test")
    verdict = certifier.verify(with_attachment(make_pdf(learner_name="Jorge Test"), altered.encode()))
    assert verdict.verdict == "forged"
    assert "signature does not match" in verdict.detail


@pytest.mark.parametrize("place", [0.02, 0.3, 0.6, 0.9, 0.999])
def test_one_changed_byte_anywhere_is_not_valid(certifier, make_pdf, place):
    pdf = bytearray(make_pdf())
    pdf[int(len(pdf) * place)] ^= 1
    assert certifier.verify(bytes(pdf)).verdict != "valid"


def test_bytes_added_at_the_end_are_forged(certifier, make_pdf):
    assert certifier.verify(make_pdf() + b"\n").verdict == "forged"


def test_a_page_sealed_by_somebody_else_is_forged(certifier, stranger, record):
    page = stranger.seal(certifier.render(record, certifier.sign(record)))
    assert certifier.verify(page).verdict == "forged"


def test_the_seal_of_another_certificate_does_not_fit(certifier, make_pdf):
    seal = re.compile(rb"LmsToolkitSeal[0-9a-f]{144}")
    mine, other = make_pdf(), make_pdf(learner_name="Jorge Prueba")
    assert certifier.verify(seal.sub(seal.search(other).group(), mine)).verdict == "forged"


def test_a_file_with_two_different_seals_is_forged(certifier, make_pdf):
    """The seal stands twice, in the properties and in their XMP copy; both are the same when we wrote them."""
    seal = re.compile(rb"LmsToolkitSeal[0-9a-f]{144}")
    pdf = make_pdf()
    for digit in b"123456789abcdef":  # several, because which seal is looked at first depends on their hash
        assert certifier.verify(seal.sub(b"LmsToolkitSeal" + bytes([digit]) * 144, pdf, count=1)).verdict == "forged"


def test_a_page_without_a_seal_is_forged(certifier, make_pdf):
    bare = re.sub(rb"LmsToolkitSeal", b"LmsToolkitNone", make_pdf())
    verdict = certifier.verify(bare)
    assert verdict.verdict == "forged"
    assert "no seal" in verdict.detail


def test_somebody_elses_certificate_is_unknown_here(certifier, stranger, record):
    certifier.sign(record)
    pdf = stranger.seal(stranger.render(record, stranger.sign(record)))
    assert certifier.verify(pdf).verdict == "unknown"


def test_a_pdf_of_another_kind_is_unknown(certifier, record):
    certifier.sign(record)
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    verdict = certifier.verify(written(writer))
    assert (verdict.verdict, verdict.detail) == ("unknown", "this PDF carries no certificate.json")


def test_two_signed_records_in_one_pdf_are_forged(certifier, make_pdf, record):
    writer = PdfWriter(clone_from=BytesIO(make_pdf()))
    writer.add_attachment("certificate.json", certifier.sign(replace(record, learner_name="Jorge Prueba")).encode())
    verdict = certifier.verify(written(writer))
    assert verdict.verdict == "forged"
    assert "2 files named certificate.json" in verdict.detail


def test_a_page_drawn_by_another_program_can_be_sealed_too(certifier, record):
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_attachment("certificate.json", certifier.sign(record).encode())
    sealed = certifier.seal(written(writer))
    assert certifier.verify(sealed).record == record
    assert PdfReader(BytesIO(sealed)).metadata["/Seal"].startswith("LmsToolkitSeal")


@pytest.mark.parametrize(
    "pdf",
    [
        b"%PDF-1.7\n",
        b"%PDF-1.7\n%%EOF",
        b"%PDF-1.7\ntrailer<</Root 1 0 R/Prev 0>>\nstartxref\n0\n%%EOF",
        b"%PDF-1.7\n1 0 obj\n<</Pages 1 0 R/Names 1 0 R/EmbeddedFiles 1 0 R/Kids[1 0 R]>>\nendobj\n"
        b"trailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF",
        b"%PDF-" + b"[" * 50_000,
        b"%PDF-1.7\n" + bytes(range(256)) * 100,
        b"%PDF-1.7\n" + b"A" * 20_000_001,
    ],
    ids=["empty", "no objects", "prev loop", "self reference", "deep", "noise", "huge"],
)
def test_a_broken_or_hostile_pdf_is_unknown_and_not_a_crash(certifier, record, pdf):
    certifier.sign(record)
    assert certifier.verify(pdf).verdict == "unknown"


def test_an_attachment_of_absurd_size_is_forged(certifier, record):
    certifier.sign(record)
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_attachment("certificate.json", b"0" * 1_000_001)
    assert "larger than 1000000 bytes" in certifier.verify(written(writer)).detail


def test_a_changed_page_in_a_language_we_do_not_know_is_forged(certifier, record):
    page = certifier.render(record, certifier.sign(replace(record, language="xx")))
    assert certifier.verify(page).verdict == "forged"


def test_an_encrypted_pdf_is_unknown(certifier, make_pdf):
    writer = PdfWriter(clone_from=BytesIO(make_pdf()))
    writer.encrypt("secret", algorithm="AES-256")
    verdict = certifier.verify(written(writer))
    assert (verdict.verdict, verdict.detail) == ("unknown", "the PDF is encrypted; a certificate is not")


def test_a_page_that_multiplies_when_read_is_answered_all_the_same(certifier, make_pdf):
    """Forms that show one another ten times over, ten levels deep, around a genuine record."""
    writer = PdfWriter(clone_from=BytesIO(make_pdf()))
    below = form(writer, b"BT /F1 9 Tf (x) Tj ET", {})
    for _ in range(10):
        below = form(writer, b"/X Do " * 10, {"/X": below})
    page = writer.pages[0]
    page[NameObject("/Contents")] = form(writer, b"/X Do " * 10, {})
    page[NameObject("/Resources")] = resources({"/X": below})
    assert certifier.verify(written(writer)).verdict == "forged"


def form(writer: PdfWriter, content: bytes, shown: dict[str, object]):
    stream = StreamObject()
    stream.set_data(content)
    stream[NameObject("/Type")] = NameObject("/XObject")
    stream[NameObject("/Subtype")] = NameObject("/Form")
    stream[NameObject("/FormType")] = NumberObject(1)
    stream[NameObject("/Resources")] = resources(shown)
    return writer._add_object(stream)


def resources(shown: dict[str, object]) -> DictionaryObject:
    forms = DictionaryObject({NameObject(name): value for name, value in shown.items()})
    return DictionaryObject({NameObject("/XObject"): forms})
