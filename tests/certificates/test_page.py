"""What is printed: every fact, in the certificate's language, on one page, in any name's own letters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from lms_certificates.pdf import Draughtsman
from lms_certificates.wording import words_for
from lms_toolkit.errors import ContentError

LONG_NAME = "María de los Ángeles Fernández-Echevarría y Gutiérrez-Solana"
LONG_TITLE = " ".join(["Accompagner la réinsertion socioprofessionnelle des migrants de retour"] * 3)[:200]


def in_order(text: str, *parts: str) -> bool:
    """Whether the text says the parts one after the other."""
    places = [text.find(part) for part in parts]
    return -1 not in places and places == sorted(places)


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        (
            "fr",
            ("atteste que", "Amina Test", "pas à pas", "TINY-2026", "20 h", "1er janvier 2026", "78,5 %", "Modules"),
        ),
        ("en", ("certify that", "Amina Test", "pas à pas", "TINY-2026", "20 h", "1 January 2026", "78.5%", "Modules")),
        (
            "es",
            (
                "certifica que",
                "Amina Test",
                "pas à pas",
                "TINY-2026",
                "20 h",
                "1 de enero de 2026",
                "78,5 %",
                "Módulos",
            ),
        ),
    ],
)
def test_a_certificate_reads_in_order_in_its_language(make_pdf, page_text, language, parts):
    text = page_text(make_pdf(language=language, issued_on=date(2026, 1, 1)))
    assert in_order(text, "Institut d’essai", "Attestation de réussite", *parts, "Cycles migratoires", "7K3M-Q2XF-9ABC")


def test_the_languages_have_words_of_their_own(make_pdf, page_text):
    assert len({words_for(language)["certifies"] for language in ("en", "fr", "es")}) == 3


def test_a_language_without_words_is_an_error_that_says_where_to_add_them(certifier, record):
    with pytest.raises(ContentError, match=r"no words in 'de' .* add \[de\]"):
        certifier.render(replace(record, language="de"), "{}")


def test_incomplete_words_name_what_is_missing(tmp_path):
    path = tmp_path / "strings.toml"
    path.write_text('[fr]\ncertifies = "atteste"\n', encoding="utf-8")
    with pytest.raises(ContentError, match=r"\[fr\] lacks completed"):
        words_for("fr", path)


def test_the_score_stands_there_only_when_the_record_has_one(make_pdf, page_text):
    assert "Résultat" in page_text(make_pdf())
    text = page_text(make_pdf(score_percent=None))
    assert "Résultat" not in text
    assert "78" not in text


def test_a_course_without_modules_has_no_heading_for_them(make_pdf, page_text):
    assert "Modules" not in page_text(make_pdf(modules=()))


@pytest.mark.parametrize(
    "name",
    ["Łukasz Żółć", "Nguyễn Thị", "İbrahim Şahin", "Ștefan Țurcanu", "Ελένη Δοκιμή", "Ивана Проба", "Zoë D’Été-Œil"],
)
def test_names_keep_their_letters(make_pdf, page_text, name):
    assert name in page_text(make_pdf(learner_name=name))


def test_a_long_double_surname_stays_within_the_frame(make_pdf, page_text):
    pdf = make_pdf(learner_name=LONG_NAME)
    assert LONG_NAME in page_text(pdf)
    assert ink_is_within_frame(pdf)


@pytest.mark.parametrize("title", [LONG_TITLE, "Wirtschaftswissenschaftliche " * 6, "Мы и вы " * 25], ids=len)
def test_a_title_of_200_characters_wraps_within_the_frame(make_pdf, page_text, title):
    pdf = make_pdf(course_title=title.strip(), learner_name=LONG_NAME, modules=("Un titre de module assez long",) * 8)
    assert title.replace(" ", "") in page_text(pdf).replace(" ", "")
    assert ink_is_within_frame(pdf)


def test_a_word_that_no_line_can_hold_is_an_error(certifier, record):
    with pytest.raises(ContentError, match="a word is too long for its line"):
        certifier.render(replace(record, course_title="Мы" * 100), "{}")


def ink_is_within_frame(pdf: bytes) -> bool:
    """Whether the white band between the double frame and the text, 13 to 20 mm from the left and right edge, is clean.

    Looks only between the corner ornaments.
    """
    per_mm = 3
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=per_mm * 25.4 / 72, grayscale=True)
    rows = memoryview(image.buffer).cast("B", (image.height, image.stride)).tolist()
    bands = (range(13 * per_mm, 20 * per_mm), range((297 - 20) * per_mm, (297 - 13) * per_mm))
    return all(rows[y][x] > 250 for y in range(40 * per_mm, 170 * per_mm) for band in bands for x in band)


def test_more_modules_than_a_page_can_hold_is_an_error(certifier, record):
    with pytest.raises(ContentError, match="too long for one page"):
        certifier.render(replace(record, modules=("Un module",) * 200), "{}")


@pytest.mark.parametrize(("name", "shown"), [("محمد", "د"), ("山田", "山 田"), ("Amina 🎓", "🎓"), ("გიორგი", "გ")])
def test_letters_that_cannot_be_printed_are_named_and_the_name_is_not(certifier, record, name, shown, monkeypatch):
    monkeypatch.setattr("lms_certificates.fonts.PACKAGES", ())  # as without lms-toolkit[fonts]
    with pytest.raises(ContentError, match=f"font has no .*{shown}") as error:
        certifier.render(replace(record, learner_name=name), "{}")
    assert "Amina" not in str(error.value)


@pytest.mark.parametrize(("character", "code"), [("\u202e", "U+202E"), ("\x00", "U+0000"), ("\u200b", "U+200B")])
def test_invisible_characters_are_refused(certifier, record, character, code):
    with pytest.raises(ContentError, match=code.replace("+", r"\+")):
        certifier.render(replace(record, learner_name=f"Amina{character}Test"), "{}")


@pytest.mark.parametrize("name", ["#panic()", "*Amina* _Test_", '"] + [x', "$x^2$ <b> \\u{41} @Test"])
def test_a_name_is_never_taken_for_markup(make_pdf, page_text, name):
    assert name in page_text(make_pdf(learner_name=name))


def test_a_template_with_a_face_that_is_not_there_is_an_error(config, record, tmp_path):
    template = tmp_path / "achievement.typ"
    template.write_text('#set document(title: "x")\n#set text(font: "No Such Face")\nText', encoding="utf-8")
    with pytest.raises(ContentError, match=r"achievement\.typ: unknown font family"):
        Draughtsman(config, tmp_path).draw(record, "{}")


def test_the_same_record_gives_the_same_bytes(make_pdf, certifier, record):
    first = make_pdf()
    assert make_pdf(learner_name="Jorge Prueba") != first
    assert make_pdf() == first
    signed = certifier.sign(record)
    assert Draughtsman(certifier.config).draw(record, signed) == certifier.render(record, signed)


def test_the_qr_code_opens_the_certificates_address(make_pdf):
    image = pypdfium2.PdfDocument(make_pdf())[0].render(scale=3, grayscale=True)
    pixels = memoryview(image.buffer).cast("B", (image.height, image.stride))
    [found] = zxingcpp.read_barcodes(pixels)
    assert found.text == "https://verify.example.org/c/7K3M-Q2XF-9ABC"


def test_the_pdf_is_tagged_titled_and_in_its_language(make_pdf):
    pdf = PdfReader(BytesIO(make_pdf()))
    root = pdf.trailer["/Root"]
    assert root["/Lang"] == "fr"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.title == "Attestation de réussite – Amina Test"
    assert pdf.metadata.creation_date.date() == date(2026, 11, 21)
    xmp = root["/Metadata"].get_data()
    assert b"<pdfaid:part>3</pdfaid:part>" in xmp
    assert b"<pdfuaid:part>1</pdfuaid:part>" in xmp


def test_the_qr_code_has_a_text_alternative(make_pdf):
    def alternatives(node):
        node = node.get_object()
        if isinstance(node, list):
            return [text for child in node for text in alternatives(child)]
        if not isinstance(node, dict):
            return []
        own = [node["/Alt"]] if "/Alt" in node else []
        return own + (alternatives(node["/K"]) if "/K" in node else [])

    tree = PdfReader(BytesIO(make_pdf())).trailer["/Root"]["/StructTreeRoot"]
    assert "Code QR qui ouvre https://verify.example.org/c/7K3M-Q2XF-9ABC" in alternatives(tree)


def test_the_signed_record_is_attached(make_pdf, certifier, record):
    [attachment] = PdfReader(BytesIO(make_pdf())).attachment_list
    assert attachment.name == "certificate.json"
    assert attachment.content == certifier.sign(record).encode()
