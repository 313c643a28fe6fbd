"""A certificate as a digital credential: Open Badges 3.0, a W3C Verifiable Credential 2.0, signed with Ed25519.

https://www.imsglobal.org/spec/ob/v3p0/ and https://www.w3.org/TR/vc-data-model-2.0/. The same record gives the same
bytes. Open Badges has one text for each name and description: that of the certificate's language. The other languages
stand beside it in schema.org's terms, as language maps, which Open Badges' own context does not allow for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

from lms_certificates.faults import forged
from lms_certificates.keys import SigningKey
from lms_certificates.proof import add_proof
from lms_certificates.rdf import CREDENTIALS_V2, OPEN_BADGES
from lms_certificates.record import decimal_text
from lms_certificates.status_list import PLACES, place_in
from lms_certificates.wording import Words, verification_url, words_for
from lms_toolkit.model import Achievement, CertificateKind, CertificateRecord
from lms_toolkit.verification_site import achievement_url, site_url, status_list_url

_TERMS = {
    "timeRequired": {"@id": "https://schema.org/timeRequired", "@type": "https://schema.org/Duration"},
    "alternateName": {"@id": "https://schema.org/alternateName", "@container": "@language"},
    "abstract": {"@id": "https://schema.org/abstract", "@container": "@language"},
    "teaches": {"@id": "https://schema.org/teaches", "@container": "@list"},
}
_AWARD = "urn:lms-toolkit:award:"
_DURATION = re.compile(r"PT(?=[0-9])(?:([0-9]{1,9})H)?(?:([0-9]{1,2})M)?(?:([0-9]{1,2})S)?")
ACHIEVEMENT_TYPES: Mapping[CertificateKind, str] = {
    "achievement": "Certificate",
    "participation": "CertificateOfCompletion",
    "diploma": "Diploma",
}
_KINDS: Mapping[str, CertificateKind] = {name: kind for kind, name in ACHIEVEMENT_TYPES.items()}


def sign_credential(record: CertificateRecord, about: Achievement, status_index: int, did: str, key: SigningKey) -> str:
    """The signed credential as JSON text."""
    document = _credential(record, about, status_index, did)
    signed = add_proof(document, key, f"{did}#{key.kid}", _first_moment(record.issued_on))
    return json.dumps(signed, ensure_ascii=False, indent=1)


def record_of(document: Mapping[str, Any]) -> CertificateRecord:
    """The certificate's record, read back from our own credential. Raises Fault when it is no certificate."""
    try:
        return _read(document)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise forged(f"its credential is signed by the issuer and is not a certificate ({error})") from error


def require_agreement(document: Mapping[str, Any], record: CertificateRecord) -> None:
    """Raises Fault naming the first thing in which our own credential and signed record differ."""
    said = record_of(document)
    for field in fields(CertificateRecord):
        if getattr(said, field.name) != getattr(record, field.name):
            what = field.name.replace("_", " ")
            raise forged(f"its credential and its signed record are not of the same certificate: {what} differs")


def _credential(record: CertificateRecord, about: Achievement, status_index: int, did: str) -> dict[str, Any]:
    address = verification_url(record)
    document = {
        "@context": [CREDENTIALS_V2, OPEN_BADGES, _TERMS],
        "id": address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": record.certificate_title,
        "issuer": {"id": did, "type": ["Profile"], "name": record.issuer, "url": site_url(record.verify_url)},
        "validFrom": _first_moment(record.issued_on),
        "credentialSubject": _subject(record, about),
        "credentialStatus": status_entry(record.verify_url, status_index),
        # leads the issuer back to the decision, its reasons and the grades; to anybody else it says nothing
        "evidence": [{"id": _AWARD + record.award_id, "type": ["Evidence"]}],
    }
    if record.expires_on:
        document["validUntil"] = _last_moment(record.expires_on)
    return document


def status_entry(verify_url: str, status_index: int) -> dict[str, Any]:
    """Where the status of a certificate is published; places are counted through all lists."""
    number, place = divmod(status_index, PLACES)
    address = status_list_url(verify_url, number + 1)
    return {
        "id": f"{address}#{place}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(place),
        "statusListCredential": address,
    }


def _subject(record: CertificateRecord, about: Achievement) -> dict[str, Any]:
    achievement = _achievement(record, about)
    subject: dict[str, Any] = {
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "identityType": "name",
                "hashed": False,
                "identityHash": record.learner_name,
            }
        ],
        "licenseNumber": record.code,
        "achievement": achievement,
    }
    if record.score_percent is not None:
        score = f"{achievement['id']}#score"
        subject["result"] = [
            {"type": ["Result"], "resultDescription": score, "value": decimal_text(record.score_percent)}
        ]
    return subject


def _achievement(record: CertificateRecord, about: Achievement) -> dict[str, Any]:
    words = words_for(record.language)
    made: dict[str, Any] = {
        "id": achievement_url(record.verify_url, record.course_id, record.edition),
        "type": ["Achievement"],
        "achievementType": ACHIEVEMENT_TYPES[record.kind],
        "inLanguage": record.language,
        "name": record.course_title,
        "description": about.summaries.get(record.language) or record.course_title,
        "criteria": {"narrative": criteria(record, about, words)},
        "timeRequired": iso_duration(record.learning_hours),
    }
    others = {"alternateName": about.titles, "abstract": about.summaries}
    for name, texts in others.items():
        other = {language: text for language, text in sorted(texts.items()) if text and language != record.language}
        if other:
            made[name] = other
    if about.pass_mark_percent or record.score_percent is not None:
        made["resultDescription"] = [_score_description(f"{made['id']}#score", record, about)]
    if record.modules:
        made["teaches"] = list(record.modules)
    return made


def criteria(record: CertificateRecord, about: Achievement, words: Words) -> str:
    """What it took, in a sentence or two."""
    sentences = [words[f"criteria_{record.kind}"]]
    if about.pass_mark_percent:
        sentences.append(words["criteria_mark"].format(mark=words.percent(about.pass_mark_percent)))
    return " ".join(sentences)


def _score_description(address: str, record: CertificateRecord, about: Achievement) -> dict[str, Any]:
    made = {
        "id": address,
        "type": ["ResultDescription"],
        "name": words_for(record.language)["score"],
        "resultType": "Percent",
        "valueMin": "0",
        "valueMax": "100",
    }
    if about.pass_mark_percent:
        made["requiredValue"] = decimal_text(about.pass_mark_percent)
    return made


def iso_duration(hours: float) -> str:
    """7.5 → PT7H30M, to the second."""
    seconds = round(Decimal(decimal_text(hours)) * 3600)
    parts = ((seconds // 3600, "H"), (seconds // 60 % 60, "M"), (seconds % 60, "S"))
    return "PT" + ("".join(f"{number}{unit}" for number, unit in parts if number) or "0H")


def hours_of(duration: str) -> float:
    """What `iso_duration` wrote, to a hundredth of an hour. Raises ValueError for anything else."""
    found = _DURATION.fullmatch(duration)
    if not found:
        raise ValueError(f"{duration[:40]!r} is not a duration")
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return round(hours + minutes / 60 + seconds / 3600, 2)


def _first_moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _last_moment(day: date) -> str:
    return f"{day.isoformat()}T23:59:59Z"


def _read(document: Mapping[str, Any]) -> CertificateRecord:
    subject = document["credentialSubject"]
    achievement = subject["achievement"]
    address, _, code = document["id"].rpartition(subject["licenseNumber"])
    course_id, edition = (unquote(part) for part in achievement["id"].rsplit("/", 2)[1:])
    [person] = subject["identifier"]
    if code or person["identityType"] != "name":
        raise ValueError("its address or its learner is written otherwise")
    return CertificateRecord(
        code=subject["licenseNumber"],
        award_id=document["evidence"][0]["id"].removeprefix(_AWARD),
        learner_name=person["identityHash"],
        course_id=course_id,
        course_title=achievement["name"],
        certificate_title=document["name"],
        edition=edition,
        language=achievement["inLanguage"],
        issued_on=date.fromisoformat(document["validFrom"][:10]),
        issuer=document["issuer"]["name"],
        learning_hours=hours_of(achievement["timeRequired"]),
        verify_url=address,
        score_percent=float(subject["result"][0]["value"]) if "result" in subject else None,
        modules=tuple(achievement.get("teaches", ())),
        kind=_KINDS[achievement["achievementType"]],
        expires_on=date.fromisoformat(document["validUntil"][:10]) if "validUntil" in document else None,
    )


def achievement_in(document: Mapping[str, Any], record: CertificateRecord) -> Achievement:
    """What one of our own credentials says of its achievement, in all its languages."""
    said = document["credentialSubject"]["achievement"]
    own = {} if said["description"] == record.course_title else {record.language: said["description"]}
    return Achievement(
        titles={**said.get("alternateName", {}), record.language: record.course_title},
        summaries={**said.get("abstract", {}), **own},
        pass_mark_percent=_pass_mark(said),
    )


def _pass_mark(said: Mapping[str, Any]) -> float | None:
    required = [one["requiredValue"] for one in said.get("resultDescription", ()) if "requiredValue" in one]
    return float(required[0]) if required else None


def place_of(document: Mapping[str, Any]) -> int:
    """The place in the status lists, counted through all of them."""
    address, place = place_in(document["credentialStatus"])
    return (int(address.rpartition("/")[2].removesuffix(".json")) - 1) * PLACES + place
