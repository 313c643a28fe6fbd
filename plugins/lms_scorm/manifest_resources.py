"""Writes the resources of a manifest: a SCO per page, and what the pages share. Alike in all editions but for names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lxml import etree

from lms_scorm import identifiers
from lms_toolkit.model import RenderedModule
from lms_toolkit.xml_writing import Writer


def add_resources(
    root: etree._Element,
    module: RenderedModule,
    asset_names: Sequence[str],
    namespace: str,
    scorm_type: str,
    metadata: str = "",
) -> None:
    """Every file of the package, once. `scorm_type` is the edition's qualified attribute for `sco` and `asset`;
    `metadata` names the file that describes the package, where it is one of its own."""
    writer = Writer(namespace)

    def add_resource(identifier: str, kind: str, names: Iterable[str]) -> etree._Element:
        resource = writer.add(resources, "resource")
        resource.set("identifier", identifier)
        resource.set("type", "webcontent")
        resource.set(scorm_type, kind)
        for name in names:
            writer.add(resource, "file", attributes={"href": name})
        return resource

    resources = writer.add(root, "resources")
    files = identifiers.resource_list(module, asset_names)
    for page, names in files.pages:
        resource = add_resource(identifiers.resource_identifier(page), "sco", names)
        resource.set("href", identifiers.page_name(page))
        writer.add(resource, "dependency", attributes={"identifierref": identifiers.SHARED})
    add_resource(identifiers.SHARED, "asset", files.shared)
    if metadata:
        add_resource(identifiers.METADATA, "asset", [metadata])
