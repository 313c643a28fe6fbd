"""A module as a small web site in a zip: unpack it, and open `index.html` from any web server or from the folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lms_toolkit import PackageFormat
from lms_toolkit.interfaces import Shell
from lms_toolkit.model import OpenedPackage, PackageFile, PackageItem, RenderedModule
from lms_toolkit.rendering.site import Site, page_key, site_files
from lms_web import reading

START = "index.html"


class Web(PackageFormat):
    name = "web"
    title = "Web site"

    def files(self, module: RenderedModule, shell: Shell) -> Iterable[PackageFile]:
        adapter = Path(__file__).with_name("web.js").read_text(encoding="utf-8")
        return site_files(module, shell, Site(START, adapter, is_device_bound=True))

    def items(self, module: RenderedModule) -> tuple[PackageItem, ...]:
        return tuple(PackageItem(page_key(page), page.title) for page in module.pages)

    def describe(self, package: OpenedPackage) -> tuple[str, tuple[PackageItem, ...]] | None:
        return reading.describe(package)
