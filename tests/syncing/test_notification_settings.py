"""`[notifications]`: what is refused before anything is sent, and that nobody is told by default."""

from __future__ import annotations

from pathlib import Path

import pytest

from lms_toolkit.config import load_config
from lms_toolkit.errors import ConfigError, ContentError
from lms_toolkit.notification_config import is_address
from lms_toolkit.notifying.wording import write_text

MAIL = '[notifications.mail]\nhost = "mail.example.org"\nfrom = "office@example.org"\n'
HOOK = '[notifications.webhooks.crm]\nsecret_env = "S"\n'


@pytest.fixture
def read(tmp_path):
    def read(text, **env):
        (tmp_path / "lms-toolkit.toml").write_text(text, encoding="utf-8")
        return load_config(tmp_path / "lms-toolkit.toml", env=env).notifications

    return read


def test_nobody_is_told_unless_it_is_set(read):
    assert not any(read("").routes().values())
    assert read(MAIL).routes() == {"certificate.issued": (), "sync.failed": ()}


def test_learners_are_told_of_their_certificate_alone(read):
    routes = read(MAIL + 'learners = true\noffice = "office@example.org"\nevents = ["sync.failed"]\n').routes()
    assert routes == {"certificate.issued": ("mail:learner",), "sync.failed": ("mail:office",)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (MAIL.replace("office@", "office@x, boss@"), "mail.from must be one e-mail address, such as"),
        (MAIL + 'office = "office"\n', "mail.office must be one e-mail address"),
        (MAIL + 'security = "maybe"\n', "mail.security must be one of starttls, tls, none"),
        (MAIL + 'user = "u"\n', "mail.user needs a password: set LMS_TOOLKIT_SMTP_PASSWORD"),
        (MAIL + 'user = "u"\nsecurity = "none"\n', "a password is sent to no server without"),
        (MAIL + 'password = "hunter2"\n', "password: secrets do not belong in this file; use password_env"),
        (MAIL + 'events = ["certificate.lost"]\n', "must be a list of some of certificate.issued, sync.failed"),
        (MAIL + "port = 0\n", "must be a number from 1 to 65535"),
        (MAIL + "timeout = true\n", "must be a number of seconds above 0"),
        (MAIL + "timeout = nan\n", "must be a number of seconds above 0, and no more than 3600"),
        (MAIL + "timeout = inf\n", "must be a number of seconds above 0"),
        (MAIL.replace("mail.ex", "mail..ex"), "mail.host must name the mail server"),
        (MAIL + 'user = "zoé"\n', "mail.user must have no letters beyond ASCII"),
        (MAIL + 'user = "u"\npassword_env = "WIDE"\n', "mail.user has a password with letters beyond ASCII"),
        (MAIL + 'user = "u"\npassword_file = "binary"\n', "binary is no text in UTF-8"),
        (MAIL + "bcc = 1\n", "unknown setting notifications.mail.bcc"),
        ('[notifications.mail]\nfrom = "a@b.org"\n', "mail.host must name the mail server"),
        (HOOK + 'url = "http://example.org/s3cret"\n', "crm.url must be an https address"),
        (HOOK + 'url = "https://example.org:99999/"\n', "crm.url must be an https address"),
        (HOOK + 'url = "https://hooks..example.org/"\n', "crm.url must be an https address"),
        (HOOK + 'url = "https://u:hunter2@example.org/"\n', "without a user or password in it"),
        ('[notifications.webhooks.crm]\nurl = "https://example.org"\n', "set LMS_TOOLKIT_CRM_SECRET"),
        ('[notifications]\nmail = "yes"\n', "notifications.mail must be a table"),
        ('[notifications]\nlanguage = "en\\nBcc: x"\n', "must be a text of one line"),
    ],
)
def test_a_faulty_setting_gets_one_line_with_its_name_and_no_secret(read, tmp_path, text, message):
    (tmp_path / "binary").write_bytes(b"hunter2\xff")
    with pytest.raises(ConfigError) as caught:
        read(text, S="sesame", WIDE="hunter2é")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not [secret for secret in ("hunter2", "sesame", "s3cret") if secret in str(caught.value)]


@pytest.mark.parametrize(
    "text", ["", "@", "a@", "@b", "a b@c.org", "a@b.org,c@d.org", "A <a@b.org>", "a@b.org\r\nBcc: c@d.org", "a@b@c.org"]
)
def test_only_one_plain_address_is_one(text):
    assert not is_address(text)
    assert is_address("amina.test+office@example.org")


@pytest.mark.parametrize("language", ["en", "es", "fr"])
@pytest.mark.parametrize("name", ["certificate-issued-learner", "certificate-issued-office", "sync-failed-office"])
def test_every_message_is_written_in_every_language(name, language):
    keys = ("name", "code", "certificate", "course", "edition", "issuer", "verify_url", "language", "site", "problem")
    text = write_text(name, language, {key: f"<{key}>" for key in keys}, [])
    assert "<edition>" in text.subject or "<certificate>" in text.subject
    assert "{" not in text.subject + text.body


def test_a_course_and_an_institution_have_their_own_words_and_the_course_comes_first(tmp_path):
    for folder, words in (("course", "Bravo"), ("office", "Félicitations")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "hello.fr.txt").write_text(f"Subject: {words}\n\n{words}, {{{{ name }}}}", "utf-8")
    folders = [tmp_path / "course", tmp_path / "office"]
    assert write_text("hello", "fr-ca", {"name": "Chloé"}, folders).body == "Bravo, Chloé"
    assert write_text("hello", "fr", {"name": "Chloé"}, folders[1:]).subject == "Félicitations"
    with pytest.raises(ContentError, match=r"no text “hello” in 'pt'; write hello\.pt\.txt"):
        write_text("hello", "pt", {}, folders)


@pytest.mark.parametrize(
    "text",
    [
        "Hello",
        "Subject: x\nBcc: everybody@example.org\n\ntext",
        "Subject: x\n\n{{ unknown }}",
        "Subject: x\n\n{% if %}",
        "Subject: x\n\n{{ name.__class__.__mro__ }}",
        "Subject: x\n\n{{ name + 1 }}",
        "Subject: x\n\n{{ 1 // 0 }}",
        "Subject: x\n\n{% include 'other' %}",
        b"Subject: R\xe9sultat\n\ntext",
    ],
)
def test_a_template_with_a_fault_is_named_and_reaches_nothing(tmp_path, text):
    (tmp_path / "hello.en.txt").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ContentError, match=r"hello\.en\.txt: ") as caught:
        write_text("hello", "en", {"name": "Amina"}, [tmp_path])
    assert "Amina" not in str(caught.value)


def test_a_template_saved_with_a_byte_order_mark_and_other_line_ends_is_read(tmp_path):
    (tmp_path / "hello.fr.txt").write_bytes("\ufeffSubject: Reçu\r\n\r\nMerci".encode())
    assert write_text("hello", "fr", {}, [tmp_path]).subject == "Reçu"


def test_the_settings_in_the_documentation_are_read_and_are_all_there_are(read):
    text = (Path(__file__).parents[2] / "docs" / "syncing.md").read_text(encoding="utf-8")
    example = text.partition("```toml\n")[2].partition("```")[0]
    found = read(example, SMTP_PASSWORD="x", CRM_SECRET="y")
    assert found.routes() == {"certificate.issued": ("mail:learner", "webhook:crm"), "sync.failed": ("mail:office",)}
    for table in ("mail", "webhooks.crm"):
        with pytest.raises(ConfigError) as caught:
            read(example.replace(f"[notifications.{table}]", f"[notifications.{table}]\nnothing = 1"))
        known = str(caught.value).partition("known here: ")[2].rstrip(")").split(", ")
        assert [key for key in known if f"{key} = " not in example and f"{key[:-5]}_env = " not in example] == []
