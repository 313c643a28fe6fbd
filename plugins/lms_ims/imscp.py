"""IMS Content Packaging 1.1.4: pages with a table of contents and no record of who read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from lms_ims import check_cp
from lms_ims.manifest import (
    MANIFEST,
    WEBCONTENT,
    Item,
    Resource,
    add_items,
    add_resources,
    grouped,
    media_resource,
    page_resource,
    resource_identifier,
)
from lms_ims.names import IMSCP
from lms_toolkit import PackageFormat
from lms_toolkit.control_documents import INSTALL_HINT
from lms_toolkit.interfaces import Shell
from lms_toolkit.lom import LOM, add_lom
from lms_toolkit.model import OpenedPackage, PackageFile, PackageItem, RenderedModule
from lms_toolkit.rendering import page_assets, page_document
from lms_toolkit.xml_writing import XSI, Writer, document, ncname

# SCORM 2004 4th edition is a profile of IMS CP 1.1.4 and brings its two schema files
_SCHEMA_SET = "scorm2004-4th"
_SCHEMAS = frozenset({"imscp_v1p1.xsd", "xml.xsd"})
_SHELL = "resource-shell"


class ImsCp(PackageFormat):
    name = "imscp"
    title = "IMS Content Packaging 1.1.4"

    def files(self, module: RenderedModule, shell: Shell) -> Iterable[PackageFile]:
        adapter = Path(__file__).with_name("silent.js").read_text(encoding="utf-8")
        assets = page_assets(shell, adapter)
        pages = tuple(
            PackageFile(f"{page.identifier}.html", page_document(module, page, shell)) for page in module.pages
        )
        manifest = PackageFile(MANIFEST, _manifest(module, [file.name for file in assets]))
        return (manifest, *assets, *pages, *module.media, *_control_documents(shell))

    def items(self, module: RenderedModule) -> tuple[PackageItem, ...]:
        return tuple(PackageItem(page.identifier, page.title) for page in module.pages)

    def notes(self, module: RenderedModule, shell: Shell) -> tuple[str, ...]:
        lines = ["a platform records nothing of an IMS content package: neither that it was read nor the quiz's score"]
        if not _control_documents(shell):
            lines.append(f"built without control documents: {INSTALL_HINT}")
        return tuple(lines)

    def describe(self, package: OpenedPackage) -> tuple[str, tuple[PackageItem, ...]] | None:
        return check_cp.describe(package)


def _control_documents(shell: Shell) -> tuple[PackageFile, ...]:
    return tuple(file for file in shell.control_documents.get(_SCHEMA_SET, ()) if file.name in _SCHEMAS)


def _manifest(module: RenderedModule, asset_names: Sequence[str]) -> bytes:
    writer = Writer(IMSCP)
    root = writer.root("manifest", {None: IMSCP, "lom": LOM, "xsi": XSI})
    root.set("identifier", ncname(f"manifest-{module.course.id}-{module.module.slug}-{module.language}"))
    # LOM's schema files have no source that may be shipped, so only the package's own are named
    root.set(f"{{{XSI}}}schemaLocation", f"{IMSCP} imscp_v1p1.xsd")
    metadata = writer.add(root, "metadata")
    writer.add(metadata, "schema", "IMS Content")
    writer.add(metadata, "schemaversion", "1.1.4")
    add_lom(metadata, module)
    organizations = writer.add(root, "organizations", attributes={"default": "organization"})
    attributes = {"identifier": "organization", "structure": "hierarchical"}
    organization = writer.add(organizations, "organization", attributes=attributes)
    writer.add(organization, "title", module.title)
    add_items(writer, organization, _items(module))
    shared = Resource(_SHELL, WEBCONTENT, tuple(sorted(asset_names)))
    pages = [page_resource(page, [_SHELL]) for page in module.pages]
    add_resources(writer, root, [*pages, shared, *media_resource(module)])
    return document(root)


def _items(module: RenderedModule) -> tuple[Item, ...]:
    return grouped(
        (page.group, Item(page.identifier, page.title, resource_identifier(page.identifier))) for page in module.pages
    )
