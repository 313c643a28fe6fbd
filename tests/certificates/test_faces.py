"""The faces of certificates: each kind in each language, with logos and signatures, and names in any script."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from lms_certificates.certifier import PdfCertifier
from lms_certificates.fonts import PACKAGES
from lms_toolkit.certificate_config import CertificateConfig, Face, Picture, Signatory
from lms_toolkit.errors import ConfigError, ContentError

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 40"><rect width="{width}" height="40"/></svg>'
LONG_NAME = "María de los Ángeles Fernández-Echevarría y Gutiérrez-Solana"
LONG_TITLE = " ".join(["Accompagner la réinsertion socioprofessionnelle des migrants de retour"] * 3)[:200]
SAID = {
    ("achievement", "en"): ("This is to certify that", "has successfully completed the course", "Valid until"),
    ("achievement", "fr"): ("atteste que", "a achevé avec succès la formation", "Valable jusqu’au"),
    ("achievement", "es"): ("se certifica que", "ha completado con éxito el curso", "Válido hasta el"),
    ("participation", "en"): ("This is to certify that", "has taken part in the course", "Valid until"),
    ("participation", "fr"): ("atteste que", "a participé à la formation", "Valable jusqu’au"),
    ("participation", "es"): ("se certifica que", "ha participado en el curso", "Válido hasta el"),
    ("diploma", "en"): ("Be it known that", "has completed the programme of", "Valid until"),
    ("diploma", "fr"): ("Il est certifié que", "a accompli le programme", "Valable jusqu’au"),
    ("diploma", "es"): ("por la presente que", "ha completado el programa", "Válido hasta el"),
}


@pytest.fixture
def face(tmp_path) -> Face:
    def drawn(name: str, width: int) -> Path:
        (tmp_path / name).write_text(SVG.format(width=width), encoding="utf-8")
        return tmp_path / name

    return Face(
        logo=Picture({"": drawn("logo.svg", 400), "fr": drawn("logo-fr.svg", 120)}, "Institut d’essai"),
        course_logo=Picture({"": drawn("course.svg", 40)}, "Cours d’essai"),
        partners=(Picture({"": drawn("partner.svg", 90)}, "Partenaire d’essai"),),
        signatures=tuple(
            Signatory(name, {"": "Director", "fr": "Directrice"}, drawn(f"hand-{place}.svg", 100) if place else None)
            for place, name in enumerate(("Chloé Essai", "Jorge Prueba", LONG_NAME))
        ),
    )


@pytest.fixture
def dressed(tmp_path, face) -> PdfCertifier:
    return PdfCertifier(CertificateConfig(tmp_path / "certificates", face=face))


def text_of(pdf: bytes) -> str:
    pages = PdfReader(BytesIO(pdf)).pages
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().split())


def in_order(text: str, *parts: str) -> bool:
    places = [text.find(part) for part in parts]
    return -1 not in places and places == sorted(places)


@pytest.mark.parametrize(("kind", "language"), SAID)
def test_each_kind_reads_in_order_in_each_language_and_its_qr_code_is_found(dressed, record, kind, language):
    pdf = dressed.render(replace(record, kind=kind, language=language, expires_on=date(2028, 2, 29)), "{}", "{}")
    certifies, completed, until = SAID[kind, language]
    role = "Directrice" if language == "fr" else "Director"
    parts = ("Attestation de réussite", certifies, "Amina Test", completed, "pas à pas", "TINY-2026", until, "2028")
    assert in_order(text_of(pdf), *parts, "Cycles migratoires")
    assert in_order(text_of(pdf), f"Chloé Essai {role}", f"Jorge Prueba {role}", "Gutiérrez-Solana")
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=3, grayscale=True)
    [found] = zxingcpp.read_barcodes(memoryview(image.buffer).cast("B", (image.height, image.stride)))
    assert found.text == "https://verify.example.org/c/7K3M-Q2XF-9ABC"


@pytest.mark.parametrize("kind", ["achievement", "participation", "diploma"])
def test_everything_at_its_longest_still_fits_one_page(dressed, record, kind):
    modules = ("Un titre de module assez long pour déborder",) * 8
    crowded = replace(record, kind=kind, learner_name=LONG_NAME, course_title=LONG_TITLE, modules=modules)
    text = text_of(dressed.render(replace(crowded, expires_on=date(2028, 2, 29)), "{}")).replace(" ", "")
    assert LONG_NAME.replace(" ", "") in text
    assert LONG_TITLE.replace(" ", "") in text


def alternatives(node: object) -> list[str]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [text for child in node for text in alternatives(child)]
    if not isinstance(node, dict):
        return []
    own = [node["/Alt"]] if "/Alt" in node else []
    return own + (alternatives(node["/K"]) if "/K" in node else [])


def test_a_page_with_pictures_is_tagged_and_says_what_they_show(dressed, record):
    reader = PdfReader(BytesIO(dressed.render(record, "{}", "{}")))
    root = reader.trailer["/Root"]
    assert b"<pdfaid:part>3</pdfaid:part>" in root["/Metadata"].get_data()
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    shown = alternatives(root["/StructTreeRoot"])
    assert shown[:3] == ["Institut d’essai", "Cours d’essai", "Partenaire d’essai"]
    assert f"Signature de {LONG_NAME}" in shown
    assert sorted(item.name for item in reader.attachment_list) == ["certificate.json", "credential.json"]


def test_pictures_are_those_of_the_course_and_the_language(tmp_path, face, record):
    own = Face(logo=face.course_logo)
    certifier = PdfCertifier(CertificateConfig(tmp_path / "c", face=face, courses={"tiny": own}))
    assert shown_pictures(certifier.render(record, "{}")) == ["Cours d’essai"]
    other = replace(record, course_id="other")
    assert len(shown_pictures(certifier.render(other, "{}"))) == 5
    only_french = Face(logo=Picture({"fr": tmp_path / "logo-fr.svg"}, "Institut d’essai"))
    certifier = PdfCertifier(CertificateConfig(tmp_path / "d", face=only_french))
    assert shown_pictures(certifier.render(record, "{}")) == ["Institut d’essai"]
    assert shown_pictures(certifier.render(replace(record, language="en"), "{}")) == []


def shown_pictures(pdf: bytes) -> list[str]:
    """What the pictures show, the QR code apart."""
    tree = PdfReader(BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]
    return [text for text in alternatives(tree) if "QR" not in text]


def test_the_same_record_with_pictures_gives_the_same_bytes(tmp_path, face, dressed, record):
    again = PdfCertifier(CertificateConfig(tmp_path / "elsewhere", face=face))
    assert again.render(record, "{}", "{}") == dressed.render(record, "{}", "{}")


def test_a_picture_that_is_not_there_is_named(tmp_path, record):
    config = CertificateConfig(tmp_path, face=Face(logo=Picture({"": tmp_path / "logo.svg"}, "Institut")))
    with pytest.raises(ConfigError, match=r"logo\.svg: cannot be read .* see \[certificates\]"):
        PdfCertifier(config).render(record, "{}")


def test_a_badge_names_the_course_and_nobody(certifier, setting):
    from PIL import Image

    image = Image.open(BytesIO(certifier.badge(setting.issue())))
    assert image.size == (726, 726)
    assert image.getpixel((0, 0))[3] == 0  # round: nothing in the corners


# --- names in other scripts


def has(package: str) -> bool:
    from importlib.util import find_spec

    return find_spec(package) is not None


@pytest.mark.parametrize(
    ("package", "name"),
    [
        ("fontpkg_amiri", "محمد بن عبد الله"),
        ("cvttf_NotoSansCJK_Medium", "山田太郎"),
        ("cvttf_NotoSansCJK_Medium", "김철수"),
        ("fontpkg_noto_sans_thai", "นางสาวทดสอบ"),
    ],
)
@pytest.mark.parametrize("kind", ["achievement", "participation", "diploma"])
def test_names_in_other_scripts_are_printed_where_their_letters_are_installed(certifier, record, package, name, kind):
    assert package in PACKAGES
    if not has(package):
        pytest.skip(f"{package} is not installed; it comes with lms-toolkit[fonts]")
    pdf = certifier.render(replace(record, learner_name=name, kind=kind), "{}")
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    assert "".join(sorted(name.replace(" ", ""))) in "".join(sorted(text)) or set(name) <= set(text)


def test_a_folder_of_typefaces_serves_too(tmp_path, record, monkeypatch):
    if not has("fontpkg_amiri"):
        pytest.skip("fontpkg_amiri is not installed; it comes with lms-toolkit[fonts]")
    import fontpkg_amiri

    monkeypatch.setattr("lms_certificates.fonts.PACKAGES", ())
    arabic = replace(record, learner_name="محمد")
    with pytest.raises(ContentError, match=r"install lms-toolkit\[fonts\], name a folder of typefaces"):
        PdfCertifier(CertificateConfig(tmp_path)).render(arabic, "{}")
    folder = Path(fontpkg_amiri.__file__).parent
    assert PdfCertifier(CertificateConfig(tmp_path, fonts=folder)).render(arabic, "{}")


def test_a_joiner_inside_a_persian_name_is_part_of_it_and_elsewhere_it_is_refused(certifier, record):
    with pytest.raises(ContentError, match=r"U\+200C"):
        certifier.render(replace(record, learner_name="Ami\u200cna"), "{}")
    if has("fontpkg_amiri"):
        assert certifier.render(replace(record, learner_name="علی\u200cرضا"), "{}")
