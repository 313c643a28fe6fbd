"""Makes the letter of a message: who gets it, what it says, what is attached."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lms_toolkit.certificate_files import are_there, pdf_path
from lms_toolkit.notification_config import TO_LEARNER, MailConfig, is_address
from lms_toolkit.notifying.delivery import Delivery
from lms_toolkit.notifying.mail import Letter
from lms_toolkit.notifying.wording import COURSE_TEMPLATES, write_text
from lms_toolkit.store.outbox import Notification

if TYPE_CHECKING:
    from lms_toolkit.app import App
    from lms_toolkit.model import Certificate


def letter_of(message: Notification, mail: MailConfig, app: App) -> Letter | Delivery:
    """The letter, or why there is none to send now. Raises ContentError for a text that cannot be written."""
    if message.event == "sync.failed":
        return _to_office(message, mail, app, dict(message.data))
    certificate = app.store.certificates.by_code(message.data["code"])
    if certificate is None:
        return Delivery("dropped", "the certificate is not in the store any more")
    if certificate.revoked_at is not None:
        return Delivery("dropped", "the certificate was revoked before this was sent")
    if message.channel == TO_LEARNER:
        return _to_learner(message, certificate, app)
    return _to_office(message, mail, app, _said(certificate))


def _to_office(message: Notification, mail: MailConfig, app: App, values: dict[str, str]) -> Letter | Delivery:
    if not mail.office:
        return Delivery("dropped", "no office is configured any more")
    language = app.config.notifications.language
    text = write_text(f"{_name(message)}-office", language, values, _folders(message, app))
    return Letter(message.id, mail.office, "", language, text, message.created_at)


def _to_learner(message: Notification, certificate: Certificate, app: App) -> Letter | Delivery:
    address = _address(certificate, app)
    if not is_address(address):
        return Delivery("never", "no site knows an e-mail address of the learner that can be written to")
    if not are_there(certificate, app.config.certificates):
        return Delivery("later", "the certificate's PDF is not there; the next sync draws it")
    language = certificate.record.language
    name = certificate.record.learner_name
    values = {**_said(certificate), "name": name}
    text = write_text(f"{_name(message)}-learner", language, values, _folders(message, app))
    pdf = pdf_path(certificate.code, app.config.certificates)
    try:
        attachments = ((pdf.name, pdf.read_bytes()),)
    except OSError as error:
        return Delivery("later", f"the certificate's PDF cannot be read ({error.strerror}); check its rights")
    return Letter(message.id, address, name, language, text, message.created_at, attachments)


def _name(message: Notification) -> str:
    return message.event.replace(".", "-")


def _said(certificate: Certificate) -> dict[str, str]:
    """What every text about a certificate may say; the learner's name is for the learner's own."""
    record = certificate.record
    return {
        "code": record.code,
        "certificate": record.certificate_title,
        "course": record.course_title,
        "edition": record.edition,
        "issuer": record.issuer,
        "verify_url": record.verify_url,
        "language": record.language,
    }


def _folders(message: Notification, app: App) -> Sequence[Path]:
    """Where texts are looked for before the toolkit's own: the course's, then the institution's."""
    course = app.course_folders().get(message.data.get("course_id", ""))
    own = app.config.notifications.templates
    return [*([course / COURSE_TEMPLATES] if course else []), *([own] if own else [])]


def _address(certificate: Certificate, app: App) -> str:
    """Where the learner gets mail: the address on a site of the edition, else on any other."""
    award = app.store.awards.by_id(certificate.record.award_id)
    if award is None:
        return ""
    sites = {one.site for one in app.store.deployments.all() if one.edition == certificate.record.edition}
    accounts = sorted(app.store.people.accounts_of(award.learner_id), key=lambda one: (one[0] not in sites, one[0]))
    return next((user.email.strip() for _, user in accounts if user.email.strip()), "")
