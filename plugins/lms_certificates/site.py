"""The pages of the verification site: one for each certificate in each language, and one that checks files.

A page says what the institution chose to show, and of a certificate that does not stand any more nothing but that. No
page lists codes: whoever has a certificate finds its page, and nobody else.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from lms_certificates.did_document import did_document, issuer_did
from lms_certificates.keys import PUBLIC_NAME, PublicKeys, base64url
from lms_certificates.wording import words_for
from lms_toolkit.certificate_config import CertificateConfig
from lms_toolkit.content import templates_path
from lms_toolkit.model import Certificate
from lms_toolkit.verification_site import folder_of_pages
from lms_toolkit.verifying import REVOCATIONS_NAME

if TYPE_CHECKING:
    from jinja2 import Environment

LANGUAGES = ("en", "fr", "es")
AS_THEY_ARE = ("style.css", "check.js", "expiry.js")
_IN_ITS_LANGUAGE = {"title", "course", "modules"}
ROBOTS = "User-agent: *\nDisallow: /\n"


def site_files(
    certificates: Sequence[Certificate], made_at: datetime, config: CertificateConfig, keys: PublicKeys
) -> Iterator[tuple[str, bytes]]:
    """Every file of the site by its path, except for the signed lists of what is revoked."""
    desk = _Desk(config, keys, made_at.astimezone(UTC))
    yield from desk.documents()
    yield from ((name, desk.template_bytes(name)) for name in AS_THEY_ARE)
    yield "data.js", desk.data(certificates)
    for language in LANGUAGES:
        yield _home(language), desk.home(language)
    for certificate in certificates:
        yield from desk.pages(certificate)
    yield from desk.achievements(certificates)


@dataclass
class _Desk:
    """What all pages of a site share."""

    config: CertificateConfig
    keys: PublicKeys
    made_at: datetime

    def documents(self) -> Iterator[tuple[str, bytes]]:
        did = issuer_did(self.config)
        document = (json.dumps(did_document(did, self.keys), indent=2) + "\n").encode()
        yield "did.json", document
        if did.count(":") == 2:  # a did:web without a path is looked for here
            yield ".well-known/did.json", document
        yield PUBLIC_NAME, self.keys.path.read_bytes()
        yield "robots.txt", ROBOTS.encode()
        yield ".nojekyll", b""  # some hosts leave out folders that begin with a dot otherwise

    def template_bytes(self, name: str) -> bytes:
        return (self._folder / name).read_bytes()

    def data(self, certificates: Sequence[Certificate]) -> bytes:
        """Keys and what is revoked, as a script: a page opened as a file may load no JSON."""
        data = {
            "keys": {kid: base64url(public.public_bytes_raw()) for kid, public in self.keys.by_kid.items()},
            "revoked": {one.code: _revoked_how(one) for one in certificates if one.revoked_at},
            "madeAt": self.made_at.isoformat(timespec="seconds"),
        }
        return f"const lmsToolkit = {json.dumps(data)};\n".encode()

    def home(self, language: str) -> bytes:
        files = ["did.json", PUBLIC_NAME, REVOCATIONS_NAME]
        shared = self._shared(language, "", [(code, _home(code)) for code in LANGUAGES])
        return self._render("home.html.j2", {**shared, "files": files, "verify_url": self.config.verify_url})

    def pages(self, certificate: Certificate) -> Iterator[tuple[str, bytes]]:
        """The pages of a certificate; the first is in its own language."""
        own = certificate.record.language if certificate.record.language in LANGUAGES else LANGUAGES[0]
        folder = f"{self._page_folder}{certificate.code}/"
        root = "../" * folder.count("/")
        hrefs = [(code, "index.html" if code == own else f"{code}.html") for code in LANGUAGES]
        for language, name in hrefs:
            yield folder + name, self._page(certificate, self._shared(language, root, hrefs))

    def _page(self, certificate: Certificate, shared: Mapping[str, Any]) -> bytes:
        state = self._state(certificate)
        shows_expiry = state == "valid" and certificate.record.expires_on
        return self._render(
            "certificate.html.j2",
            {
                **shared,
                "state": state,
                "expires_on": certificate.record.expires_on if shows_expiry else None,
                "facts": self._facts(certificate, state, shared["language"]),
            },
        )

    def achievements(self, certificates: Sequence[Certificate]) -> Iterator[tuple[str, bytes]]:
        """One page for each achievement, at the address that its credentials name."""
        written: dict[str, list[Mapping[str, Any]]] = {}
        for certificate in certificates:
            if certificate.credential_json:
                said = json.loads(certificate.credential_json)["credentialSubject"]["achievement"]
                record = certificate.record
                folder = f"a/{quote(record.course_id, safe='')}/{quote(record.edition, safe='')}/"
                known = written.setdefault(folder, [])
                if said["inLanguage"] not in [one["inLanguage"] for one in known]:
                    known.append(said)
        for folder, texts in written.items():
            shared = self._shared(texts[0]["inLanguage"], "../" * folder.count("/"), [])
            yield f"{folder}index.html", self._render("achievement.html.j2", {**shared, "texts": _texts(texts)})

    def _facts(self, certificate: Certificate, state: str, language: str) -> list[dict[str, Any]]:
        words, record = self._words[language], certificate.record
        facts = [_fact(words["code"], record.code)]
        if certificate.revoked_at:
            label = words["replaced_on" if state == "replaced" else "revoked_on"]
            return [*facts, _fact(label, words_for(language).long_date(certificate.revoked_at.date()))]
        values = self._values(certificate, language)
        for name in self.config.public:
            if values[name]:
                said_in = record.language if name in _IN_ITS_LANGUAGE and record.language != language else ""
                facts.append({"label": words[name], "values": values[name], "language": said_in})
        return facts

    def _values(self, certificate: Certificate, language: str) -> dict[str, list[str]]:
        record, worded = certificate.record, words_for(language)
        return {
            "name": [record.learner_name],
            "title": [record.certificate_title],
            "course": [record.course_title],
            "edition": [record.edition],
            "issued_on": [worded.long_date(record.issued_on)],
            "expires_on": [worded.long_date(record.expires_on)] if record.expires_on else [],
            "hours": [worded.hours(record.learning_hours)],
            "score": [] if record.score_percent is None else [worded.percent(record.score_percent)],
            "modules": list(record.modules),
        }

    def _state(self, certificate: Certificate) -> str:
        if certificate.revoked_at:
            return _revoked_how(certificate)
        expires_on: date | None = certificate.record.expires_on
        return "expired" if expires_on and expires_on < self.made_at.date() else "valid"

    def _shared(self, language: str, root: str, hrefs: Sequence[tuple[str, str]]) -> dict[str, Any]:
        language = language if language in LANGUAGES else LANGUAGES[0]
        words = self._words[language]
        day = words_for(language).long_date(self.made_at.date())
        return {
            "language": language,
            "expires_on": None,
            "words": words,
            "issuer": self.config.issuer,
            "root": root,
            "home": _home(language),
            "made": words["made"].format(date=day, time=f"{self.made_at:%H:%M}"),
            "languages": [{"code": code, "href": href, "name": self._words[code]["language"]} for code, href in hrefs],
        }

    def _render(self, name: str, values: Mapping[str, Any]) -> bytes:
        return self._environment.get_template(name).render(values).encode("utf-8")

    @cached_property
    def _environment(self) -> Environment:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        return Environment(
            loader=FileSystemLoader(self._folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @cached_property
    def _words(self) -> dict[str, dict[str, str]]:
        return tomllib.loads((self._folder / "strings.toml").read_text(encoding="utf-8"))

    @property
    def _folder(self) -> Path:
        return templates_path() / "verification"

    @cached_property
    def _page_folder(self) -> str:
        folder = folder_of_pages(self.config.verify_url)
        return f"{folder}/" if folder else ""


def _home(language: str) -> str:
    return "index.html" if language == LANGUAGES[0] else f"{language}.html"


def _revoked_how(certificate: Certificate) -> str:
    return "replaced" if certificate.replaced_by else "revoked"


def _fact(label: str, value: str) -> dict[str, Any]:
    return {"label": label, "values": [value], "language": ""}


def _texts(said: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The achievement in each language there is a certificate in, then in those only its credentials mention."""
    texts = [
        {
            "language": one["inLanguage"],
            "title": one["name"],
            "summary": one["description"] if one["description"] != one["name"] else "",
            "criteria": one["criteria"]["narrative"],
            "modules": one.get("teaches", []),
        }
        for one in said
    ]
    known = {one["language"] for one in texts}
    for language, title in sorted(said[0].get("alternateName", {}).items()):
        if language not in known:
            summary = said[0].get("abstract", {}).get(language, "")
            texts.append({"language": language, "title": title, "summary": summary, "criteria": "", "modules": []})
    return texts
