"""Reads a SCORM 1.2 manifest as Moodle reads it: by literal prefixes, so `adlcp:` must be spelt `adlcp:`.

expat without namespace processing gives names as written. A document type declaration is refused before anything in it
is expanded, which leaves no room for entity bombs or external entities.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from lms_sandbox.errors import Refusal

MAX_MANIFEST_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Launch:
    """Something a learner can open: an item that points to a resource with a file. `href` may carry parameters."""

    identifier: str
    title: str
    href: str
    is_sco: bool
    mastery_score: float | None = None
    launch_data: str = ""
    max_time_allowed: str = ""
    time_limit_action: str = ""

    @property
    def file(self) -> str:
        """The name of the file inside the package."""
        return self.href.split("?", 1)[0].split("#", 1)[0]


@dataclass(frozen=True, slots=True)
class Manifest:
    title: str
    launches: tuple[Launch, ...]


@dataclass(slots=True)
class _Node:
    """An element while parsing; names in lower case, as Moodle compares them."""

    name: str
    attributes: dict[str, str]
    children: list[_Node] = field(default_factory=list)
    text: str = ""

    def all(self, name: str) -> Iterator[_Node]:
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> _Node | None:
        return next(self.all(name), None)

    def text_of(self, name: str) -> str:
        child = self.first(name)
        return child.text.strip() if child else ""


def read_manifest(xml: bytes) -> Manifest:
    """What can be launched, in order. Raises Refusal `manifestinvalid` saying why a package cannot be played."""
    root = _parse(xml)
    if root.name != "manifest":
        _invalid(f"its root element is <{root.name}>, not <manifest>")
    _check_version(root)
    organization = _default_organization(root)
    resources = {node.attributes.get("identifier", ""): node for node in _resources(root)}
    launches = tuple(_launches(organization, resources, _base_of(root)))
    if not launches:
        _invalid("no item of its organization leads to a resource with a file")
    _refuse_duplicates(launches)
    return Manifest(organization.text_of("title"), launches)


def _invalid(why: str) -> NoReturn:
    raise Refusal("manifestinvalid", f"imsmanifest.xml: {why}")


def _parse(xml: bytes) -> _Node:
    if len(xml) > MAX_MANIFEST_BYTES:
        _invalid(f"it is larger than {MAX_MANIFEST_BYTES} bytes")
    top = _Node("", {})
    open_nodes = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        node = _Node(name.lower(), {key.lower(): value for key, value in attributes.items()})
        open_nodes[-1].children.append(node)
        open_nodes.append(node)

    def text(data: str) -> None:
        open_nodes[-1].text += data

    def doctype(*parts: object) -> None:
        _invalid("it declares a document type, which packages do not need and which is refused")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: open_nodes.pop()
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        _invalid(f"it is not well-formed XML ({error})")
    return top.children[0]


def _check_version(root: _Node) -> None:
    metadata = root.first("metadata")
    version = metadata.text_of("schemaversion") if metadata else ""
    if version not in ("", "1.2"):
        _invalid(f"its schemaversion is {version!r}; the sandbox plays SCORM 1.2")


def _default_organization(root: _Node) -> _Node:
    organizations = root.first("organizations")
    found = list(organizations.all("organization")) if organizations else []
    if organizations is None or not found:
        _invalid("it has no organization")
    default = organizations.attributes.get("default", "")
    return next((node for node in found if node.attributes.get("identifier") == default), found[0])


def _resources(root: _Node) -> Iterator[_Node]:
    resources = root.first("resources")
    if resources is not None:
        yield from resources.all("resource")


def _base_of(root: _Node) -> str:
    resources = root.first("resources")
    return root.attributes.get("xml:base", "") + (resources.attributes.get("xml:base", "") if resources else "")


def _launches(parent: _Node, resources: dict[str, _Node], base: str) -> Iterator[Launch]:
    for item in parent.all("item"):
        resource = resources.get(item.attributes.get("identifierref", ""))
        if resource is not None and resource.attributes.get("href"):
            yield _launch(item, resource, base)
        yield from _launches(item, resources, base)


def _launch(item: _Node, resource: _Node, base: str) -> Launch:
    identifier = item.attributes.get("identifier", "")
    if not identifier:
        _invalid("an item has no identifier")
    return Launch(
        identifier=identifier,
        title=item.text_of("title") or identifier,
        href=base
        + resource.attributes.get("xml:base", "")
        + _with_parameters(resource.attributes["href"], item.attributes.get("parameters", "")),
        is_sco=resource.attributes.get("adlcp:scormtype", "").lower() == "sco",
        mastery_score=_mastery_score(item, identifier),
        launch_data=item.text_of("adlcp:datafromlms"),
        max_time_allowed=item.text_of("adlcp:maxtimeallowed"),
        time_limit_action=item.text_of("adlcp:timelimitaction"),
    )


def _with_parameters(href: str, parameters: str) -> str:
    """CAM 1.2, 2.2.3: parameters are added to the address, with the `?` or `&` it needs."""
    if not parameters or parameters.startswith("#"):
        return href + parameters
    return href + ("&" if "?" in href else "?") + parameters.lstrip("?&")


def _mastery_score(item: _Node, identifier: str) -> float | None:
    text = item.text_of("adlcp:masteryscore")
    if not text:
        return None
    try:
        score = float(text)
    except ValueError:
        score = -1.0
    if not 0 <= score <= 100:
        _invalid(f"the masteryscore of {identifier} is {text!r}, not a number from 0 to 100")
    return score


def _refuse_duplicates(launches: tuple[Launch, ...]) -> None:
    seen: set[str] = set()
    for launch in launches:
        if launch.identifier in seen:
            _invalid(f"two items have the identifier {launch.identifier!r}, so their records would mix")
        seen.add(launch.identifier)
