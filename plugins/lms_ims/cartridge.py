"""IMS Common Cartridge: lessons, quiz, question bank, discussion topics and links that a platform makes its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from lms_ims import check_cc, qti, topics
from lms_ims.asked import Asked, ask, self_checks
from lms_ims.cartridge_lom import add_cartridge_lom
from lms_ims.cartridge_losses import cartridge_losses
from lms_ims.manifest import (
    MANIFEST,
    MEDIA,
    Item,
    Resource,
    add_items,
    add_resources,
    grouped,
    media_resource,
    page_resource,
    resource_identifier,
)
from lms_ims.names import CC11, CC13, Cartridge
from lms_ims.static_pages import static_page
from lms_toolkit import PackageFormat
from lms_toolkit.interfaces import Shell
from lms_toolkit.model import OpenedPackage, PackageFile, PackageItem, Question, RenderedModule, RenderedPage
from lms_toolkit.rendering import wording
from lms_toolkit.xml_writing import XSI, Writer, document, ncname

_BANK = "question-bank"
# Addresses in questions start where the question file is; ours all are at the top (CC 1.1, 4.7.4)
_FILEBASE = "$IMS-CC-FILEBASE$/"


@dataclass(frozen=True, slots=True)
class _Part:
    """One thing that the cartridge brings: its resource, its file, and the item that opens it, if any does.

    `group` is the folder of the table of contents that the item is in.
    """

    resource: Resource
    file: PackageFile
    item: Item | None = None
    group: str = ""


class ImsCc11(PackageFormat):
    name = "imscc11"
    title = "IMS Common Cartridge 1.1"
    extension = ".imscc"
    cartridge: ClassVar[Cartridge] = CC11

    def files(self, module: RenderedModule, shell: Shell) -> Iterable[PackageFile]:
        parts = list(_parts(module, self.cartridge, shell))
        manifest = PackageFile(MANIFEST, _manifest(module, self.cartridge, parts))
        return (manifest, *(part.file for part in parts), *module.media)

    def items(self, module: RenderedModule) -> tuple[PackageItem, ...]:
        return tuple(PackageItem(page.identifier, page.title) for page in module.pages if _has_place(page))

    def notes(self, module: RenderedModule, shell: Shell) -> tuple[str, ...]:
        return tuple(cartridge_losses(module))

    def describe(self, package: OpenedPackage) -> tuple[str, tuple[PackageItem, ...]] | None:
        return check_cc.describe(package, self.cartridge)


class ImsCc13(ImsCc11):
    name = "imscc13"
    title = "IMS Common Cartridge 1.3 (mapped on the 1.1 rules, not officially validated)"
    cartridge = CC13

    def notes(self, module: RenderedModule, shell: Shell) -> tuple[str, ...]:
        mapped = "mapped on the 1.1 rules, not officially validated; Moodle imports version 1.1 only"
        return (mapped, *super().notes(module, shell))


def _parts(module: RenderedModule, cartridge: Cartridge, shell: Shell) -> Iterator[_Part]:
    for page in module.pages:
        if page.kind == "lesson":
            yield _lesson(module, page, shell)
        elif _has_place(page):
            yield _quiz(module, page, cartridge)
    for forum in topics.forums(module):
        identifier = f"topic-{forum.slug}"
        content = topics.topic(forum, module.language, cartridge)
        yield _small_part(identifier, forum.title[module.language], cartridge.topic, content)
    folder = wording(module.language)["page"]["web_links"]
    for link in topics.web_links(module):
        content = topics.web_link(link, cartridge)
        yield _small_part(link.identifier, link.title, cartridge.link, content, group=folder)
    bank = _held(self_checks(module), module)
    if bank:
        identifier = f"bank-{module.course.id}-{module.module.slug}"
        yield _question_part(_BANK, cartridge.question_bank, bank, qti.question_bank(identifier, bank))


def _lesson(module: RenderedModule, page: RenderedPage, shell: Shell) -> _Part:
    resource = page_resource(page, [])
    item = Item(page.identifier, page.title, resource.identifier)
    return _Part(resource, PackageFile(resource.href, static_page(module, page, shell)), item, page.group)


def _quiz(module: RenderedModule, page: RenderedPage, cartridge: Cartridge) -> _Part:
    asked = _held(page.questions, module)
    identifier = f"{module.course.id}-{module.module.slug}-{page.identifier}"
    content = qti.assessment(identifier, page.title, asked, page.quiz_settings.attempts)
    part = _question_part(page.identifier, cartridge.assessment, asked, content)
    return _Part(part.resource, part.file, Item(page.identifier, page.title, part.resource.identifier), page.group)


def _question_part(identifier: str, kind: str, asked: list[Asked], content: bytes) -> _Part:
    needs = (MEDIA,) if _FILEBASE.encode() in content else ()
    name = f"{identifier}.xml"
    return _Part(Resource(resource_identifier(identifier), kind, (name,), needs=needs), PackageFile(name, content))


def _small_part(identifier: str, title: str, kind: str, content: bytes, group: str = "") -> _Part:
    name = f"{identifier}.xml"
    resource = Resource(resource_identifier(identifier), kind, (name,))
    return _Part(resource, PackageFile(name, content), Item(identifier, title, resource.identifier), group)


def _held(questions: Iterable[Question], module: RenderedModule) -> list[Asked]:
    """The questions that a cartridge has room for, ready to be written; `cartridge_losses` names the others."""
    kept = (question for question in questions if not qti.why_not(question))
    return [ask(question, module.language, lambda target: _FILEBASE + target) for question in kept]


def _has_place(page: RenderedPage) -> bool:
    """Whether a page goes in: a quiz needs one question at least (CC 1.1, QTI section)."""
    return page.kind == "lesson" or any(not qti.why_not(question) for question in page.questions)


def _manifest(module: RenderedModule, cartridge: Cartridge, parts: list[_Part]) -> bytes:
    writer = Writer(cartridge.namespace)
    # Moodle looks for the default namespace, as text, in the first 1024 bytes
    root = writer.root("manifest", {None: cartridge.namespace, "lom": cartridge.lom, "xsi": XSI})
    root.set("identifier", ncname(f"cartridge-{module.course.id}-{module.module.slug}-{module.language}"))
    root.set(f"{{{XSI}}}schemaLocation", cartridge.schema_location)
    metadata = writer.add(root, "metadata")
    writer.add(metadata, "schema", "IMS Common Cartridge")
    writer.add(metadata, "schemaversion", cartridge.schema_version)
    add_cartridge_lom(metadata, module, cartridge.lom)
    organizations = writer.add(root, "organizations")
    attributes = {"identifier": "organization", "structure": "rooted-hierarchy"}
    organization = writer.add(organizations, "organization", attributes=attributes)
    top = writer.add(organization, "item", attributes={"identifier": "root"})
    add_items(writer, top, _folders(module, parts))
    add_resources(writer, root, [*(part.resource for part in parts), *media_resource(module)])
    return document(root)


def _folders(module: RenderedModule, parts: list[_Part]) -> tuple[Item, ...]:
    """Everything is in a folder under the root, because platforms make a section of what is there."""
    named = grouped((part.group or module.title, part.item) for part in parts if part.item)
    own = ncname(f"module-{module.module.slug}")
    return tuple(replace(folder, identifier=own) if folder.title == module.title else folder for folder in named)
