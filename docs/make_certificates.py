"""Draws the certificates shown in docs/certificates.md: `python docs/make_certificates.py`, from a checkout."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2

from lms_certificates.certifier import PdfCertifier
from lms_toolkit.certificate_config import CertificateConfig, Face, Picture, Signatory
from lms_toolkit.model import CertificateRecord

IMAGES = Path(__file__).parent / "images"
PIXELS_ACROSS = 1500
COLOURS = 224

INSTITUTE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 80">
<g fill="none" stroke="#1b2a49" stroke-width="5">
<circle cx="40" cy="40" r="32"/><path d="M12 52 Q40 22 68 52 M40 8 V72 M8 40 H72"/></g>
<g fill="#1b2a49"><rect x="92" y="20" width="130" height="9" rx="2"/>
<rect x="92" y="38" width="100" height="9" rx="2"/>
<rect x="92" y="56" width="60" height="5" rx="2" opacity=".55"/></g></svg>"""
COURSE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 80">
<rect width="80" height="80" rx="16" fill="#1f6468"/>
<path d="M18 54 C30 54 28 26 40 26 S50 54 62 54" fill="none" stroke="#fff"
 stroke-width="7" stroke-linecap="round"/>
<circle cx="62" cy="24" r="7" fill="#e2b04a"/></svg>"""
PARTNER = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 80">
<g fill="#6d1f33"><path d="M8 66 L40 12 L72 66 Z"/>
<rect x="88" y="24" width="64" height="8"/><rect x="88" y="40"
 width="48" height="8"/><rect x="88" y="56" width="56" height="8"/>
</g><path d="M24 66 L40 40 L56 66 Z" fill="#fff"/></svg>"""
SIGNATURES = (
    "M6 34 C22 2 30 4 26 24 S14 46 28 34 48 12 46 24 36 44 50 34 66 14 64 26 60 42 74 32 96 16 92 28 100 40 126 22",
    "M8 30 C8 4 40 0 36 18 S10 40 22 42 62 8 60 22 52 40 66 32 78 14 80 24 74 40 92 30 110 18 108 30 120 36 132 26",
)
HAND = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 140 52"><path d="{path}" fill="none" stroke="#22335c"
stroke-width="2.2" stroke-linecap="round"/></svg>"""

RECORD = CertificateRecord(
    code="7K3M-Q2XF-9ABC",
    award_id="0" * 32,
    learner_name="Amina Test",
    course_id="reintegration",
    course_title="Reintegration of returning migrants: planning, support and follow-up",
    certificate_title="Certificate of Achievement",
    edition="REINT-2026-1",
    language="en",
    issued_on=date(2026, 11, 21),
    issuer="Institute of Examples",
    learning_hours=60,
    verify_url="https://verify.example.org/c/",
    score_percent=78.5,
    modules=("Return and its reasons", "Assessing needs together", "Work and income", "Health and care", "Follow-up"),
)
PARTICIPATION = replace(
    RECORD,
    code="2B7N-8XQ0-MRT5",
    kind="participation",
    language="es",
    learner_name="María de los Ángeles Fernández-Echevarría y Gutiérrez-Solana",
    certificate_title="Certificado de participación",
    course_title="La reintegración de las personas migrantes que regresan",
    score_percent=None,
    modules=(),
)
DIPLOMA = replace(
    RECORD,
    code="9WEH-4D1K-V6ZP",
    kind="diploma",
    language="fr",
    learner_name="Nguyễn Thị Bích-Ngọc Łuczak",
    certificate_title="Diplôme des spécialistes des migrations de main-d’œuvre",
    course_title="Académie sur les migrations de main-d’œuvre, trois cours et un projet de fin d’études",
    learning_hours=240,
    score_percent=None,
    modules=(
        "Académie sur les migrations de main-d’œuvre",
        "Recrutement équitable",
        "Statistiques des migrations de main-d’œuvre",
        "Réinsertion socioprofessionnelle",
        "Projet de fin d’études",
    ),
)


@dataclass(frozen=True)
class Shown:
    """One picture of the gallery: its file name, what it shows, and whether with logos and signatures."""

    name: str
    record: CertificateRecord
    is_dressed: bool = True


GALLERY = (
    Shown(
        "certificate",
        replace(
            RECORD,
            language="fr",
            certificate_title="Attestation de réussite",
            course_title="SURE : la réinsertion socioprofessionnelle des migrantes et migrants de retour",
            modules=(
                "Les cycles migratoires",
                "Les services publics de l’emploi",
                "Les acteurs locaux",
                "L’entrepreneuriat",
            ),
        ),
        is_dressed=False,
    ),
    Shown("certificate-achievement", RECORD),
    Shown("certificate-participation", PARTICIPATION),
    Shown("certificate-diploma", DIPLOMA),
)


def face(folder: Path) -> Face:
    """The logos and signatures of an institute that does not exist."""

    def drawn(name: str, svg: str) -> Path:
        (folder / name).write_text(svg, encoding="utf-8")
        return folder / name

    hands = [drawn(f"hand-{number}.svg", HAND.format(path=path)) for number, path in enumerate(SIGNATURES)]
    return Face(
        logo=Picture({"": drawn("institute.svg", INSTITUTE)}, "Institute of Examples"),
        course_logo=Picture({"": drawn("course.svg", COURSE)}, "Reintegration"),
        partners=(Picture({"": drawn("partner.svg", PARTNER)}, "Partner of Examples"),),
        signatures=(
            Signatory("Chloé Essai", {"en": "Director", "fr": "Directrice", "es": "Directora"}, hands[0]),
            Signatory(
                "Jorge Prueba",
                {"en": "Head of the programme", "fr": "Responsable du programme", "es": "Responsable del programa"},
                hands[1],
            ),
        ),
    )


def main() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        plain = CertificateConfig(folder / "keys", issuer=RECORD.issuer)
        dressed = replace(plain, face=face(folder))
        for shown in GALLERY:
            certifier = PdfCertifier(dressed if shown.is_dressed else plain)
            page = pypdfium2.PdfDocument(certifier.render(shown.record, "{}"))[0]
            image = page.render(scale=PIXELS_ACROSS / page.get_width() if page.get_width() > page.get_height() else 1.9)
            image.to_pil().quantize(COLOURS).save(IMAGES / f"{shown.name}.png", optimize=True)
        (IMAGES / "badge.png").write_bytes(PdfCertifier(plain)._draughtsman.draw_badge(RECORD))


if __name__ == "__main__":
    main()
