"""cmi5: one assignable unit that holds a whole module, so that all its pages share one session with the LRS."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from lms_cmi5 import check, interactions, structure
from lms_toolkit import PackageFormat
from lms_toolkit.interfaces import Shell
from lms_toolkit.model import OpenedPackage, PackageFile, PackageItem, RenderedModule
from lms_toolkit.rendering import wording
from lms_toolkit.rendering.pages import template_html, template_text, text_direction
from lms_toolkit.rendering.site import Site, page_key, site_files

CONTENTS = "contents.html"
_RUNTIME = Path(__file__).with_name("runtime")
_SESSION = ("launch.js", "lrs.js", "statements.js", "progress.js", "delivery.js", "session.js", "frame.js")


class Cmi5(PackageFormat):
    name = "cmi5"
    title = "cmi5"

    def files(self, module: RenderedModule, shell: Shell) -> Iterable[PackageFile]:
        merging = template_text(shell, "runtime/merging.js")
        return (
            PackageFile(structure.FILE, structure.write(module)),
            PackageFile(structure.START, _frame(module, shell)),
            PackageFile("assets/session.js", _session_script(module, merging)),
            PackageFile("assets/session.css", (_RUNTIME / "session.css").read_bytes()),
            *site_files(module, shell, Site(CONTENTS, _runtime("pages.js"))),
        )

    def items(self, module: RenderedModule) -> tuple[PackageItem, ...]:
        return (PackageItem(structure.unit_id(module), module.title),)

    def describe(self, package: OpenedPackage) -> tuple[str, tuple[PackageItem, ...]] | None:
        return check.describe(package)


def _frame(module: RenderedModule, shell: Shell) -> bytes:
    values = {
        "direction": text_direction(module.language),
        "language": module.language,
        "module": module,
        "start_name": CONTENTS,
        "words": wording(module.language),
    }
    return template_html(shell, "page/session.html.j2", values).encode()


def _session_script(module: RenderedModule, merging: str) -> bytes:
    data = {
        "interactions": interactions.definitions(module),
        "lessons": [page_key(page) for page in module.pages if page.kind == "lesson"],
        "quizzes": [page_key(page) for page in module.pages if page.kind == "quiz"],
        "words": wording(module.language)["session"],
    }
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    head = f"window.lmsToolkit = {{}};\nwindow.lmsToolkit.unit = {text};"
    return "\n".join((head, merging, *(_runtime(name) for name in _SESSION))).encode()


def _runtime(name: str) -> str:
    return (_RUNTIME / name).read_text(encoding="utf-8")
