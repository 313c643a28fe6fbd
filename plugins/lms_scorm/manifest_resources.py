"""Writes the resources of a manifest: a SCO per page, and what the pages share. Alike in all editions but for names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lxml import etree

from lms_scorm import identifiers
from lms_scorm.manifest_xml import add
from lms_toolkit.model import RenderedModule


def add_resources(
    root: etree._Element, module: RenderedModule, asset_names: Sequence[str], namespace: str, scorm_type: str
) -> None:
    """Every file of the package, once. `scorm_type` is the edition's qualified attribute for `sco` and `asset`."""

    def add_resource(identifier: str, kind: str, names: Iterable[str]) -> etree._Element:
        resource = add(resources, namespace, "resource")
        resource.set("identifier", identifier)
        resource.set("type", "webcontent")
        resource.set(scorm_type, kind)
        for name in names:
            add(resource, namespace, "file").set("href", name)
        return resource

    resources = add(root, namespace, "resources")
    files = identifiers.resource_list(module, asset_names)
    for page, names in files.pages:
        resource = add_resource(identifiers.resource_identifier(page), "sco", names)
        resource.set("href", identifiers.page_name(page))
        add(resource, namespace, "dependency").set("identifierref", identifiers.SHARED)
    add_resource(identifiers.SHARED, "asset", files.shared)
