"""What all tests share: one real browser, started once in each test process, a server for what is shown in it, a
platform's window around a package, and what npm delivers: axe-core and a platform's run time that we did not write."""

from __future__ import annotations

import functools
import http.server
import json
import os
import shutil
import signal
import subprocess
import tarfile
import threading
import uuid
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, expect, sync_playwright

# How long anything takes says something about the machine and who else is using it, nothing about the rule.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
expect.set_options(timeout=30_000)

# A run in the background inherits a shell's order to ignore Ctrl-C, and so would the commands that tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real Chromium, or a skip that says what is missing."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine: install the package chromium to run the browser tests")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def close_window() -> Callable[[Any], None]:
    """Closes a window as a learner does, and waits until it is gone: its pages have had their last word by then."""

    def close(page: Any) -> None:
        with page.expect_event("close"):  # closing alone returns at once when pages may still say something
            page.close(run_before_unload=True)

    return close


@pytest.fixture(scope="session")
def log_in_to_moodle() -> Callable[[Any, str, str, str], None]:
    """`log_in_to_moodle(page, url, username, password)`: by Moodle's form, as a person does."""

    def log_in(page: Any, url: str, username: str, password: str) -> None:
        page.goto(f"{url}/login/index.php", wait_until="networkidle")  # its script replaces the password field
        page.fill("#username", username)
        page.fill("#password", password)
        page.click("#loginbtn")
        page.wait_for_url(lambda address: "/login/" not in address)

    return log_in


# --- what npm delivers


@pytest.fixture(scope="session")
def xsd_folder() -> Path:
    """The schema sets that packages are held to; they are not ours to ship."""
    folder = Path(os.environ.get("LMS_TOOLKIT_TEST_XSD", Path(__file__).parents[2] / "shared" / "xsd"))
    if not folder.is_dir():
        pytest.skip("no XSD sets: set LMS_TOOLKIT_TEST_XSD to their folder")
    return folder


@pytest.fixture(scope="session")
def npm_modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder `node_modules` with axe-core and html-validate."""
    npm = shutil.which("npm")
    if npm is None or os.environ.get("LMS_TOOLKIT_TEST_NPM") != "1":
        pytest.skip("set LMS_TOOLKIT_TEST_NPM=1 to get axe-core and html-validate with npm")
    folder = tmp_path_factory.mktemp("npm")
    command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "axe-core@4", "html-validate@10"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "node_modules"


@pytest.fixture(scope="session")
def axe(request: pytest.FixtureRequest) -> str:
    """The source of axe-core: the file that LMS_TOOLKIT_TEST_AXE names, or npm's."""
    named = os.environ.get("LMS_TOOLKIT_TEST_AXE")
    path = Path(named) if named else request.getfixturevalue("npm_modules") / "axe-core" / "axe.min.js"
    return path.read_text(encoding="utf-8")


AXE_RUN = """async () => (await axe.run(document, { preload: false })).violations
  .map((found) => `${found.id}: ${found.nodes.map((node) => node.html.slice(0, 120)).join(", ")}`)"""


@pytest.fixture
def barriers(axe: str) -> Callable[[Any], list[str]]:
    """`barriers(page)`: what axe-core finds in a page and its frames, in light and dark, at 320 and 1280 px; and where
    it is wider than its window. The page's context must let scripts in (`bypass_csp`) and reduce motion."""

    def look(page: Any) -> list[str]:
        for frame in page.frames:
            frame.evaluate(f"{axe}; null")
        found = []
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 800})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                found += [f"{scheme}, {width} px: {one}" for one in page.evaluate(AXE_RUN)]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append(f"{width} px: the page is wider than its window")
        return found

    return look


HTML_RULES = {
    "root": True,
    "extends": ["html-validate:standard", "html-validate:a11y", "html-validate:document"],
    "rules": {
        "require-sri": "off",  # the files beside a page are its own
        "prefer-native-element": "off",  # a box that scrolls is a region, and no section of the text
    },
}


@pytest.fixture
def html_faults(npm_modules: Path, tmp_path: Path) -> Callable[[Mapping[str, str]], list[str]]:
    """`html_faults(pages)`: what html-validate says against the standard of HTML and for accessibility."""

    def validate(pages: Mapping[str, str]) -> list[str]:
        folder = tmp_path / f"html-{uuid.uuid4().hex}"
        folder.mkdir()
        (folder / ".htmlvalidate.json").write_text(json.dumps(HTML_RULES), encoding="utf-8")
        for name, text in pages.items():
            (folder / f"{name.replace('/', '_').removesuffix('.html')}.html").write_text(text, encoding="utf-8")
        command = ["node", str(npm_modules / "html-validate" / "bin" / "html-validate.mjs"), "-f", "json", "."]
        with (folder / "found.json").open("w", encoding="utf-8") as found:  # it ends before a pipe has taken everything
            done = subprocess.run(command, cwd=folder, stdout=found, stderr=subprocess.PIPE, text=True, check=False)
        assert done.returncode in (0, 1), done.stderr
        results = json.loads((folder / "found.json").read_text(encoding="utf-8"))
        return [
            f"{Path(result['filePath']).name}:{one['line']}: {one['ruleId']}: {one['message']}"
            for result in results
            for one in result["messages"]
        ]

    return validate


# --- what is shown in the browser

HOST_PAGE = """<!doctype html><html lang="fr"><meta charset="utf-8"><title>Platform</title>
<link rel="stylesheet" href="host.css"><iframe id="sco" title="SCO"></iframe>{scripts}</html>"""
HOST_STYLE = "html, body { margin: 0; height: 100% } iframe { width: 100%; height: 100%; border: 0; display: block }"
SCORM_AGAIN = "scorm-again@3.4.3"


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder, and keeps what is posted to /commit."""

    commits: list[Any]
    arrived: threading.Condition

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def end_headers(self) -> None:
        # as strict as a platform may be: no inline script or style runs, and nothing is fetched from elsewhere
        self.send_header("Content-Security-Policy", "default-src 'self'")
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def do_POST(self) -> None:
        commit = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.arrived:
            self.commits.append(commit)
            self.arrived.notify_all()
        answer = b'{"result": "true", "errorCode": 0}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


@dataclass
class Served:
    """A folder on a server of its own; `commits` is what was posted there."""

    url: str
    commits: list[Any]
    arrived: threading.Condition

    def wait_for_commit(self, known: int) -> None:
        """Until more is posted than is known already: browsers deliver the last words of a page when they find time."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.commits) > known, 15), "nothing reached the platform's server"


@pytest.fixture
def serve() -> Iterator[Callable[[Path], Served]]:
    """`serve(folder)`: until the test ends, which closes its windows first where they ask for this fixture."""
    servers: list[http.server.ThreadingHTTPServer] = []

    def serve(folder: Path) -> Served:
        (folder / "favicon.ico").touch()  # browsers ask for one, and a 404 would look like a fault of ours
        handler = type("Handler", (_Handler,), {"commits": [], "arrived": threading.Condition()})
        servers.append(http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=folder)))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return Served(f"http://127.0.0.1:{servers[-1].server_port}", handler.commits, handler.arrived)

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@dataclass
class Window:
    """The platform's window, with the SCO in its frame, and what was committed to its server."""

    page: Any
    served: Served

    @property
    def url(self) -> str:
        return self.served.url

    @property
    def commits(self) -> list[Any]:
        return self.served.commits

    @property
    def sco(self) -> Any:
        return self.page.frame_locator("#sco")

    def is_live(self) -> None:
        self.sco.locator("html.is-live").wait_for()

    def get(self, expression: str) -> Any:
        return self.page.evaluate(expression)


@pytest.fixture
def watched_page(chromium: Any) -> Callable[..., Any]:
    """`watched_page(**settings)`: a context manager for a page whose scripts must not fail."""

    @contextmanager
    def opened(**settings: Any) -> Iterator[Any]:
        options = {"viewport": {"width": 900, "height": 700}, "locale": "fr-FR", **settings}
        context = chromium.new_context(**options)
        faults: list[str] = []
        context.on("weberror", lambda error: faults.append(str(error.error)))
        context.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        try:
            yield context.new_page()
        finally:
            context.close()
        assert not faults

    return opened


@pytest.fixture
def platform_window(serve: Any, watched_page: Any, tmp_path: Path) -> Callable[..., Any]:
    """`platform_window(zip, scripts)`: a context manager that opens a package beside a platform's scripts."""

    @contextmanager
    def opened(package: Path, scripts: list[Path], **settings: Any) -> Iterator[Window]:
        site = tmp_path / "site"
        with zipfile.ZipFile(package) as archive:
            archive.extractall(site)
        tags = "".join(f'<script src="{script.name}"></script>' for script in scripts)
        (site / "host.html").write_text(HOST_PAGE.format(scripts=tags), encoding="utf-8")
        (site / "host.css").write_text(HOST_STYLE, encoding="utf-8")
        for script in scripts:
            shutil.copy(script, site)
        served = serve(site)
        with watched_page(**settings) as page:
            page.goto(f"{served.url}/host.html")
            yield Window(page, served)

    return opened


@pytest.fixture(scope="session")
def scorm_again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of its scripts, from the npm client; skipped, and said so, where there is no npm or no network."""
    folder = tmp_path_factory.mktemp("scorm-again")
    try:
        command = ["npm", "pack", SCORM_AGAIN, "--ignore-scripts", "--loglevel=error"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    except (FileNotFoundError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"npm cannot deliver {SCORM_AGAIN}: {error}")
    if done.returncode:
        pytest.skip(f"npm cannot deliver {SCORM_AGAIN}: {done.stderr.strip().splitlines()[:1]}")
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package" / "dist"
