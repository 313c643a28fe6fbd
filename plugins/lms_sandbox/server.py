"""Runs a sandbox on 127.0.0.1, in a thread of its own."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from types import TracebackType

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from lms_sandbox.app import SandboxApp, log
from lms_sandbox.functions.function import Limits
from lms_sandbox.locks import FolderLock
from lms_sandbox.site import Site, open_site
from lms_toolkit.config import Secret
from lms_toolkit.config import Site as KnownSite
from lms_toolkit.errors import ConfigError

ADDRESS = "127.0.0.1"


class _QuietHandler(WSGIRequestHandler):
    """Says nothing to the terminal; what goes wrong goes to the log `lms_sandbox`."""

    def log(self, type: str, message: str, *args: object) -> None:
        log.debug(message, *args)


class Sandbox:
    """A sandbox whose data is in `folder`; port 0 takes a free one. Use it as a context manager, or start and stop it.

    Raises ConfigError when the port is taken or another sandbox runs on the folder, StoreError when the folder cannot
    be written.
    """

    def __init__(self, folder: Path, port: int = 0, limits: Limits | None = None) -> None:
        self._folder = folder
        self._port = port
        self._limits = limits or Limits()
        self._running: _Running | None = None

    def start(self) -> Sandbox:
        if self._running is None:
            self._running = _start(self._folder, self._port, self._limits)
            self._port = self._running.server.port  # a later start is found at the same address
        return self

    def stop(self) -> None:
        """Let go of port and folder; a write still under way is undone or whole. Stopping twice is harmless."""
        if self._running is not None:
            self._running.stop()
            self._running = None

    def wait(self) -> None:
        """Run until interrupted."""
        thread = self._now().thread
        while thread.is_alive():
            thread.join(timeout=1.0)

    @property
    def url(self) -> str:
        return self._now().site.url

    @property
    def token(self) -> str:
        """The web-service token of the sandbox's service account."""
        return self._now().site.token

    @property
    def token_path(self) -> Path:
        """A file that holds the token, for `token_file` in a configuration; only its owner can read it."""
        return (self._folder / "token").resolve()

    @property
    def site(self) -> Site:
        """The data behind the running sandbox."""
        return self._now().site

    def as_site(self, name: str = "sandbox") -> KnownSite:
        """This sandbox as a site the toolkit knows by name."""
        return KnownSite(name=name, platform="sandbox", url=self.url, token=Secret(self.token))

    def _now(self) -> _Running:
        if self._running is None:
            raise RuntimeError("the sandbox is not running; call start() first")
        return self._running

    def __enter__(self) -> Sandbox:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


class _Running:
    """What exists only while a sandbox runs."""

    def __init__(self, site: Site, server: BaseWSGIServer, lock: FolderLock) -> None:
        self.site = site
        self.server = server
        self._lock = lock
        self.thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="sandbox", daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        self._lock.release()


def _start(folder: Path, port: int, limits: Limits) -> _Running:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{folder}: the sandbox needs a folder it can write ({error.strerror})") from error
    lock = FolderLock(folder)
    try:
        site = open_site(folder, limits)
        server = _listen(port, site)
    except BaseException:
        lock.release()
        raise
    site.url = f"http://{ADDRESS}:{server.port}"
    _write_token(folder / "token", site.token)
    return _Running(site, server, lock)


def _write_token(path: Path, token: str) -> None:
    path.touch(mode=0o600)
    path.write_text(f"{token}\n", encoding="utf-8")


def _listen(port: int, site: Site) -> BaseWSGIServer:
    """Bind the socket ourselves: werkzeug ends the process when a port is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((ADDRESS, port))
    except OSError as error:
        listener.close()
        raise ConfigError(f"port {port} is taken ({error.strerror}); choose another with --port") from error
    listener.listen(128)
    with listener:
        return make_server(
            ADDRESS,
            listener.getsockname()[1],
            SandboxApp(site),
            threaded=True,
            request_handler=_QuietHandler,
            fd=listener.fileno(),
        )
