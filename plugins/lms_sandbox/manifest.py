"""Reads a manifest as Moodle reads it: by literal prefixes, so `adlcp:` must be spelt `adlcp:`.

SCORM 1.2 and SCORM 2004 (3rd and 4th edition) are played with their run-time; IMS Content Packages and the pages of a
Common Cartridge are shown as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from lms_sandbox.gates import Activity
from lms_sandbox.gates_reading import activity
from lms_sandbox.launch_rules import LaunchRules, rules12, rules2004
from lms_sandbox.manifest_xml import MAX_MANIFEST_BYTES, Node, invalid, parse

__all__ = ["MAX_MANIFEST_BYTES", "Launch", "Manifest", "Standard", "plain_pages", "read_manifest"]

Standard = Literal["scorm12", "scorm2004", "pages"]

VERSIONS: dict[str, Standard] = {
    "": "scorm12",  # as Moodle takes it
    "1.2": "scorm12",
    "1.3": "scorm2004",
    "CAM 1.3": "scorm2004",
    "2004 3rd Edition": "scorm2004",
    "2004 4th Edition": "scorm2004",
}
PAGES = ("ims content", "ims common cartridge")


@dataclass(frozen=True, slots=True)
class Launch:
    """Something a learner can open: an item that points to a resource with a file. `href` may carry parameters."""

    identifier: str
    title: str
    href: str
    is_sco: bool
    rules: LaunchRules

    @property
    def file(self) -> str:
        """The name of the file inside the package."""
        return self.href.split("?", 1)[0].split("#", 1)[0]


@dataclass(frozen=True, slots=True)
class Manifest:
    title: str
    standard: Standard
    launches: tuple[Launch, ...]
    tree: Activity = field(default_factory=Activity)


def read_manifest(xml: bytes) -> Manifest:
    """What can be launched, in order. Raises Refusal `manifestinvalid` saying why a package cannot be played."""
    root = parse(xml)
    if root.name != "manifest":
        invalid(f"its root element is <{root.name}>, not <manifest>")
    standard = _standard(root)
    organization = _default_organization(root)
    reader = _Reader(root, standard)
    launches = tuple(reader.launches(organization))
    if not launches:
        invalid("no item of its organization leads to a resource with a file")
    _refuse_duplicates(launches)
    return Manifest(organization.text_of("title"), standard, launches, reader.tree(organization))


def plain_pages(title: str, page: str) -> Manifest:
    """A folder of pages that has no manifest, entered at `page`."""
    return Manifest(title, "pages", (Launch("index", title, page, is_sco=False, rules=LaunchRules()),))


def _standard(root: Node) -> Standard:
    metadata = root.first("metadata") or Node("", {})
    if metadata.text_of("schema").lower() in PAGES:
        return "pages"
    version = metadata.text_of("schemaversion")
    if version not in VERSIONS:
        invalid(f"its schemaversion is {version!r}; the sandbox plays {', '.join(filter(None, VERSIONS))}")
    return VERSIONS[version]


def _default_organization(root: Node) -> Node:
    organizations = root.first("organizations")
    found = list(organizations.all("organization")) if organizations else []
    if organizations is None or not found:
        invalid("it has no organization")
    default = organizations.attribute("default")
    return next((node for node in found if node.attribute("identifier") == default), found[0])


class _Reader:
    """Follows items to their resources; knows what all of them share."""

    def __init__(self, root: Node, standard: Standard) -> None:
        resources = root.first("resources") or Node("", {})
        self._standard = standard
        self._base = root.attribute("xml:base") + resources.attribute("xml:base")
        self._resources = {node.attribute("identifier"): node for node in resources.all("resource")}
        shared = root.first("imsss:sequencingcollection") or Node("", {})
        self._sequencings = {node.attribute("id"): node for node in shared.all("imsss:sequencing")}

    def tree(self, organization: Node) -> Activity:
        return activity(organization, self._sequencings)

    def launches(self, parent: Node) -> Iterator[Launch]:
        for item in parent.all("item"):
            resource = self._resources.get(item.attribute("identifierref"))
            if resource is not None and resource.attribute("href"):
                yield self._launch(item, resource)
            yield from self.launches(item)

    def _launch(self, item: Node, resource: Node) -> Launch:
        identifier = item.attribute("identifier")
        if not identifier:
            invalid("an item has no identifier")
        address = _with_parameters(resource.attribute("href"), item.attribute("parameters"))
        return Launch(
            identifier=identifier,
            title=item.text_of("title") or identifier,
            href=self._base + resource.attribute("xml:base") + address,
            is_sco=self._standard != "pages" and resource.attribute("adlcp:scormtype").lower() == "sco",
            rules=rules12(item) if self._standard == "scorm12" else rules2004(item, self._sequencings),
        )


def _with_parameters(href: str, parameters: str) -> str:
    """CAM 1.2, 2.2.3: parameters are added to the address, with the `?` or `&` it needs."""
    if not parameters or parameters.startswith("#"):
        return href + parameters
    return href + ("&" if "?" in href else "?") + parameters.lstrip("?&")


def _refuse_duplicates(launches: tuple[Launch, ...]) -> None:
    seen: set[str] = set()
    for launch in launches:
        if launch.identifier in seen:
            invalid(f"two items have the identifier {launch.identifier!r}, so their records would mix")
        seen.add(launch.identifier)
