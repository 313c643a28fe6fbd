"""What the manifests of Content Packaging and Common Cartridge have in common: items, resources and their files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml import etree

from lms_toolkit.model import RenderedModule, RenderedPage
from lms_toolkit.xml_writing import Writer, ncname

MANIFEST = "imsmanifest.xml"
WEBCONTENT = "webcontent"
MEDIA = "resource-media"


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of the table of contents: it opens a resource, or holds other entries, never both (CC 1.1 rule 8b)."""

    identifier: str
    title: str
    resource: str = ""
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Resource:
    """Files that belong together. `href` is the one an item opens; `needs` names resources whose files it uses."""

    identifier: str
    kind: str
    files: tuple[str, ...]
    href: str = ""
    needs: tuple[str, ...] = ()


def resource_identifier(identifier: str) -> str:
    return ncname(f"resource-{identifier}")


def page_resource(page: RenderedPage, needs: Sequence[str]) -> Resource:
    """The resource of an HTML page; `needs` are the shared resources it uses besides the media."""
    identifier = ncname(page.identifier)
    wanted = (*needs, *((MEDIA,) if page.links else ()))
    name = f"{identifier}.html"
    return Resource(resource_identifier(identifier), WEBCONTENT, (name,), name, wanted)


def media_resource(module: RenderedModule) -> tuple[Resource, ...]:
    """All pictures and downloads as one resource that pages and questions name: a shared file is listed once."""
    names = tuple(file.name for file in module.media)
    return (Resource(MEDIA, WEBCONTENT, names),) if names else ()


def grouped(pages: Iterable[tuple[str, Item]]) -> tuple[Item, ...]:
    """Items with the title of their group: one after the other, or inside a folder for each group that has a title."""
    folders: dict[str, list[Item]] = {}
    for group, item in pages:
        folders.setdefault(group, []).append(item)
    made: list[Item] = []
    for number, (group, items) in enumerate(folders.items(), 1):
        made += [Item(f"group-{number}", group, items=tuple(items))] if group else items
    return tuple(made)


def add_items(writer: Writer, parent: etree._Element, items: Iterable[Item]) -> None:
    for item in items:
        attributes = {"identifier": ncname(item.identifier)}
        if item.resource:
            attributes["identifierref"] = item.resource
        element = writer.add(parent, "item", attributes=attributes)
        writer.add(element, "title", item.title)
        add_items(writer, element, item.items)


def add_resources(writer: Writer, root: etree._Element, resources: Iterable[Resource]) -> None:
    parent = writer.add(root, "resources")
    for resource in resources:
        href = {"href": resource.href} if resource.href else {}
        attributes = {"identifier": ncname(resource.identifier), "type": resource.kind, **href}
        element = writer.add(parent, "resource", attributes=attributes)
        for name in resource.files:
            writer.add(element, "file", attributes={"href": name})
        for need in resource.needs:
            writer.add(element, "dependency", attributes={"identifierref": need})
