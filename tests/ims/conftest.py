"""A course with every question kind, a picture in a question, links and forums; and the schemas IMS publishes."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, isoschematron

from lms_ims.cartridge import ImsCc11
from lms_ims.imscp import ImsCp
from lms_ims.moodle_bank import MoodleBank
from lms_toolkit.interfaces import PackageFormat
from lms_toolkit.model import Activity, Course, Edition, Option, Package, Pair, Phase, Question
from lms_toolkit.testing.courses import course_of
from lms_toolkit.testing.workshops import Workshop

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><circle cx="10" cy="10" r="8" fill="#0b5d7a"/></svg>'
LESSON = """\
L’été à Fès, où naît l’œuvre ; voir [l’agence](https://example.org/a?b=1&c=2) et [encore elle](https://example.org/a?b=1&c=2).

::: important À retenir
Deux *mots*.
:::

![Un cercle bleu.](media/cercle.svg "Le cercle")

::: self-check capitale
:::

| Étape | Durée |
|---|---|
| Départ | un an |
"""
QUIZ = (
    Question(
        "q-single",
        "single",
        "Quelle est la **bonne** réponse, d’après le schéma ?\n\n![Un cercle.](media/cercle.svg)",
        points=2,
        options=(Option("La première"), Option("La bonne", correct=True, feedback="Oui."), Option("La dernière")),
        feedback="La bonne réponse est la bonne.",
    ),
    Question(
        "q-multiple",
        "multiple",
        "Lesquelles sont paires ?",
        options=(Option("2", correct=True), Option("3", feedback="Impair."), Option("4", correct=True), Option("5")),
    ),
    Question("q-true", "true-false", "Le ciel est vert.", options=(Option("Vrai"), Option("Faux", correct=True))),
    Question("q-matching", "matching", "Associez.", pairs=(Pair("Maroc", "Rabat"), Pair("Tunisie", "Tunis"))),
    Question("q-ordering", "ordering", "Remettez dans l’ordre.", items=("Un", "Deux", "Trois")),
    Question("q-fill", "fill-in", "Une saison ?", answers=("été", "hiver")),
    Question("q-numeric", "numeric", "La moitié de 25 ?", answer=12.5, tolerance=0.1, unit="%"),
)
CAPITAL = Question(
    "capitale",
    "single",
    "La capitale du Maroc ?",
    options=(Option("Rabat", correct=True, feedback="Oui !"), Option("Fès"), Option("Tanger")),
    feedback="Rabat est la capitale.",
)
FORUM = Activity("presentations", "forum", {"fr": "Présentez-vous"}, {"fr": "Dites <qui> vous êtes.\n\nPuis lisez."})
CLOSING = Activity("bilan", "forum", {"fr": "Le bilan"})


def make_course(folder: Path, *, text: str = LESSON, title: str = "Le départ & l’arrivée", **changes: Any) -> Course:
    """The course `mini` with the module `depart`, its forums and an edition of two phases."""
    texts = {
        "bienvenue": ("Bienvenue à tous", text),
        "suite": ("La suite & la fin", "## Et après\n\nRien de plus.\n"),
    }
    phases = (
        Phase("un", {"fr": "Un"}, modules=("depart",), activities=("presentations",)),
        Phase("deux", {"fr": "Deux"}, activities=("bilan",)),
    )
    described: dict[str, Any] = {
        "quiz": QUIZ,
        "self_checks": (CAPITAL,),
        "activities": (FORUM, CLOSING),
        "editions": (Edition("MINI-1", ("fr",), "self-paced", phases, 1),),
        "licence": "CC BY 4.0",
        "authors": ("Amina Test; fils",),
        "keywords": {"fr": ("migration", "retour")},
    }
    module = {
        "title": {"fr": title},
        "objectives": {"fr": ("Nommer les étapes", "Poser une question")},
        "hours": 1.5,
    }
    return course_of(folder, texts, pictures={"cercle.svg": SVG}, module=module, **(described | changes))


class ImsWorkshop(Workshop):
    def build(self, fmt: PackageFormat, course: Course | None = None, out: str = "dist") -> Package:
        return self.package(fmt, course, out)

    def cartridge(self, course: Course | None = None) -> Opened:
        return Opened(self.build(ImsCc11(), course))

    def content_package(self, course: Course | None = None) -> Opened:
        return Opened(self.build(ImsCp(), course))

    def bank(self, course: Course | None = None) -> etree._Element:
        return etree.fromstring(self.build(MoodleBank(), course).path.read_bytes())


@dataclass
class Opened:
    """A built package, read again."""

    package: Package

    @property
    def names(self) -> list[str]:
        with zipfile.ZipFile(self.package.path) as archive:
            return archive.namelist()

    def read(self, name: str) -> bytes:
        with zipfile.ZipFile(self.package.path) as archive:
            return archive.read(name)

    def xml(self, name: str) -> etree._Element:
        return etree.fromstring(self.read(name))

    @property
    def manifest(self) -> etree._Element:
        return self.xml("imsmanifest.xml")


@pytest.fixture
def workshop(tmp_path: Path) -> ImsWorkshop:
    return ImsWorkshop(tmp_path, make_course)


Faults = Callable[[str, etree._Element], list[str]]


@pytest.fixture(scope="session")
def faults(xsd_folder: Path) -> Faults:
    """What a schema, and the Schematron rules inside it, say of a document: `faults("cc-1.1/x.xsd", root)`."""
    schemas: dict[str, Any] = {}

    def faults(schema: str, root: etree._Element) -> list[str]:
        if schema not in schemas:
            schemas[schema] = (_schema(xsd_folder / schema), list(_rules(xsd_folder / schema)))
        xsd, rules = schemas[schema]
        document = etree.fromstring(etree.tostring(root))  # validators look at the document, not at an element
        found = [] if xsd.validate(document) else [str(error) for error in xsd.error_log]
        for rule in rules:
            if not rule.validate(document):
                found += [str(error) for error in rule.error_log]
        return found

    return faults


def _schema(path: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(path), etree.XMLParser(no_network=True, load_dtd=False)))


def _rules(path: Path) -> Iterator[isoschematron.Schematron]:
    """The rules written inside a schema, and inside those of its folder that it is the entry of."""
    is_manifest = path.name == "cc11libxml2validator.xsd"
    names = ["ccv1p1_imscp_v1p2_v1p0.xsd", "ccv1p1_lommanifest_v1p0.xsd"] if is_manifest else [path.name]
    for name in names:
        tree = etree.parse(str(path.parent / name), etree.XMLParser(no_network=True, load_dtd=False))
        patterns = [element for element in tree.iter(etree.Element) if etree.QName(element).localname == "pattern"]
        patterns = [element for element in patterns if "schematron" in str(etree.QName(element).namespace)]
        if patterns:
            yield isoschematron.Schematron(_schematron(tree, patterns), store_report=True, validate_schema=False)


def _schematron(tree: Any, patterns: list[etree._Element]) -> etree._Element:
    namespace = str(etree.QName(patterns[0]).namespace)
    schema = etree.Element(f"{{{namespace}}}schema", nsmap={"sch": namespace})
    schema.extend(deepcopy(list(tree.iter(f"{{{namespace}}}ns"))))
    for pattern in patterns:
        copy = deepcopy(pattern)
        copy.attrib.pop("name", None)
        schema.append(copy)
    # the contexts still say what version 1.0 called its types
    text = etree.tostring(schema, encoding="unicode")
    for kind in ("imsdt", "imswl", "imscc"):
        text = text.replace(f"{kind}_xmlv1p0", f"{kind}_xmlv1p1")
    return etree.fromstring(text)
