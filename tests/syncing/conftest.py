"""A course with an essay and many editions, deployed to a sandbox where learners have grades; and a desk to sync from.

Nothing is built or played: the grades are written where the sandbox keeps them, as a tutor's would be.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import os
import ssl
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lms_sandbox.server import Sandbox
from lms_toolkit.app import App
from lms_toolkit.config import load_config
from lms_toolkit.declaring import declare
from lms_toolkit.declaring_activities import Page
from lms_toolkit.deploying import apply
from lms_toolkit.enrolling import enrol
from lms_toolkit.model import Deployment, User
from lms_toolkit.planning import plan
from lms_toolkit.store import Store, open_store

SERVER = os.environ.get("LMS_TOOLKIT_TEST_POSTGRES_URL", "")

COURSE = """
id = "essays"
version = "1"
languages = ["en"]
title.en = "Writing essays"
summary.en = "For tests."

[[activities]]
slug = "essay"
kind = "assignment"
title.en = "Final essay"
graded = true
hand_in = ["text"]

[certification]
pass_mark_percent = 60
title.en = "Certificate of Writing"
"""
EDITION = """
[[editions]]
code = "{code}"
languages = ["en"]
mode = "online"
learning_hours = 2
[[editions.phases]]
slug = "only"
title.en = "Only"
activities = ["essay"]
"""


@dataclass
class Desk:
    """A folder with settings, a course and a sandbox; `app()` opens it as a command would."""

    folder: Path
    sandbox: Sandbox
    store_url: str

    def configure(self, extra: str = "", sites: Mapping[str, str] | None = None) -> None:
        """Write the settings; `sites` are further ones, by name and address."""
        others = "".join(
            f'[sites.{name}]\nplatform = "sandbox"\nurl = "{url}"\ntoken_file = "token"\n'
            for name, url in (sites or {}).items()
        )
        (self.folder / "token").write_text(self.sandbox.token)
        (self.folder / "lms-toolkit.toml").write_text(
            f'[courses]\nfolders = ["."]\n[store]\nfolder = "data"\nurl = "{self.store_url}"\n'
            f'[sites.lab]\nplatform = "sandbox"\nurl = "{self.sandbox.url}"\ntoken_file = "token"\n{others}{extra}',
            encoding="utf-8",
        )

    @contextmanager
    def app(self, **options: Any) -> Iterator[App]:
        opened = App(load_config(self.folder / "lms-toolkit.toml", env={}), **options)
        try:
            yield opened
        finally:
            opened.close()

    def deploy(self, *codes: str, learners: int = 1) -> list[Deployment]:
        """Deploy editions of the course, each with learners of its own."""
        self.declare(*codes)
        with self.app() as app:
            course, platform = app.course("essays"), app.platform("lab")
            info = platform.info()
            pages = []
            for code in codes:
                page = Page(course, course.edition(code), "en", app.config.data_folder, info.activities)
                pages.append(
                    apply(plan(platform, declare(page, ()), code), platform, course.id, app.store, app.plugins)
                )
                enrol(platform, pages[-1], [a_learner(code, number) for number in range(learners)], create=True)
        return pages

    def declare(self, *codes: str) -> None:
        """Write the course with these editions."""
        (self.folder / "essays").mkdir(exist_ok=True)
        text = COURSE + "".join(EDITION.format(code=code) for code in codes)
        (self.folder / "essays" / "course.toml").write_text(text, encoding="utf-8")

    def grade(self, code: str, score: float, number: int = 0) -> None:
        """A tutor grades the essay of one learner of an edition."""
        with self._writing() as db:
            row = db.execute(
                "SELECT modules.id AS module_id, users.id AS user_id FROM modules"
                " JOIN courses ON courses.id = course_id"
                " JOIN users ON users.idnumber = ? WHERE courses.idnumber LIKE ? AND key = 'activity:essay'",
                (a_learner(code, number).idnumber, f"{code}%"),
            ).fetchone()
            values = (row["module_id"], row["user_id"])
            db.execute("INSERT OR REPLACE INTO grades VALUES (?, ?, ?, 1780000000)", (*values, score))
            db.execute("INSERT OR REPLACE INTO completions VALUES (?, ?, 1780000000)", values)

    def ungrade(self, code: str) -> None:
        """A tutor takes back the grades that were given in an edition."""
        with self._writing() as db:
            db.execute(
                "DELETE FROM grades WHERE module_id IN (SELECT modules.id FROM modules"
                " JOIN courses ON courses.id = course_id WHERE courses.idnumber LIKE ?)",
                (f"{code}%",),
            )

    def _writing(self) -> Any:
        return self.sandbox.site.database.writing()

    def told_by_mail(self, port: int, settings: str = 'security = "none"') -> None:
        """Let the office and the learners be told by the mail server at this port."""
        self.configure(
            f'[notifications.mail]\nhost = "127.0.0.1"\nport = {port}\nfrom = "office@example.org"\n'
            f'office = "office@example.org"\nlearners = true\ntimeout = 20\n{settings}\n'
        )


def a_learner(code: str, number: int = 0) -> User:
    name = f"{code}-{number}".lower()
    return User(name, f"{name}@example.org", "Amina", f"Test-{code}-{number}", f"S-{name}")


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path, sandbox: Sandbox) -> Desk:
    made = Desk(tmp_path, sandbox, f"sqlite:///{tmp_path}/data/store.db")
    made.configure()
    made.declare("E-1")
    return made


# --- PostgreSQL, where there is one


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """A schema of its own; the queue's beside it goes with it."""
    if not SERVER:
        pytest.skip("no PostgreSQL to test: set LMS_TOOLKIT_TEST_POSTGRES_URL")
    import psycopg
    from psycopg import sql

    name = f"test_{uuid4().hex}"
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
        yield f"{SERVER}?options=-csearch_path%3D{name}"
        made = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE %s", [f"{name}%"]).fetchall()
        for (schema,) in made:
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))


@pytest.fixture
def postgres_desk(tmp_path: Path, sandbox: Sandbox, postgres_url: str) -> Desk:
    made = Desk(tmp_path, sandbox, postgres_url)
    made.configure()
    return made


@pytest.fixture(params=["sqlite", "postgresql"] if SERVER else ["sqlite"])
def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path}/any.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with open_store(url) as store:
        yield store


# --- who is told: a mail server and a web server, real ones


@dataclass
class Arrived:
    """One letter as the mail server took it."""

    sender: str
    to: list[str]
    content: bytes
    was_encrypted: bool
    user: str

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.content, policy=email.policy.default)  # type: ignore[return-value]


class MailSink:
    """A mail server that keeps what it takes. `answers` are what it says next instead, by command: "550 no";
    `on_letter` is called with each letter before the server says that it took it."""

    def __init__(self) -> None:
        self.letters: list[Arrived] = []
        self.answers: dict[str, list[str]] = {}
        self.on_letter: Callable[[Any], None] = lambda server: None

    # The names are aiosmtpd's.
    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self._answer("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self._answer("RCPT", "250 OK")

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self._answer("DATA", "250 taken")
        if answer.startswith("250"):
            user = session.auth_data.login.decode() if session.auth_data else ""
            arrived = Arrived(envelope.mail_from, envelope.rcpt_tos, envelope.content, session.ssl is not None, user)
            self.letters.append(arrived)
        self.on_letter(server)
        return answer

    def _answer(self, command: str, usual: str) -> str:
        waiting = self.answers.get(command, [])
        return waiting.pop(0) if waiting else usual


@dataclass
class Tls:
    """A certificate for 127.0.0.1 that its own file makes trusted."""

    certificate: Path
    context: ssl.SSLContext


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tls:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "tls.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return Tls(file, context)


class AtAnyPort(Controller):
    """aiosmtpd asks itself whether it runs, at the port it was told; 0 is none."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def mail_server() -> Iterator[Callable[..., Any]]:
    """`mail_server(sink, **options)`: an aiosmtpd controller at a free port of 127.0.0.1."""
    running: list[Any] = []

    def start(sink: MailSink, **options: Any) -> Any:
        controller = AtAnyPort(sink, hostname="127.0.0.1", port=0, **options)
        controller.start()
        running.append(controller)
        return controller

    yield start
    for controller in running:
        if not controller.loop.is_closed():
            controller.stop()


@dataclass
class Posted:
    path: str
    headers: Mapping[str, str]
    body: bytes


class WebSink:
    """A web server that keeps what is posted to it. `answers` are the next statuses, each with its headers."""

    def __init__(self) -> None:
        self.posted: list[Posted] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                sink.posted.append(Posted(self.path, dict(self.headers.items()), body))
                status, headers = sink.answers.pop(0) if sink.answers else (204, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hooks/s3cret-path"


@pytest.fixture
def web_sink() -> Iterator[WebSink]:
    sink = WebSink()
    yield sink
    sink.server.shutdown()
    sink.server.server_close()


@pytest.fixture
def mail_sink() -> MailSink:
    return MailSink()


@pytest.fixture
def in_a_loop() -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """`asyncio.run` in a thread of its own: the browser's driver keeps a loop running in the tests' thread."""

    def run(work: Coroutine[Any, Any, Any]) -> Any:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, work).result()

    return run
