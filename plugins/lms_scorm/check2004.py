"""Checks SCORM 2004 packages against the Content Aggregation Model, and against what Moodle makes of them.

The rules cover what ADL's package checker asks for (manifest at the top, required schemas, references, application
profile, files that nothing lists), written anew from the specification.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from lms_scorm import shared_rules
from lms_scorm.manifest_reading import (
    MANIFEST,
    children,
    contents,
    descendants,
    first,
    first_child,
    local,
    namespace,
    text,
)
from lms_scorm.namespaces2004 import ADLCP, ADLNAV, IMSCP, IMSSS, PREFIXES
from lms_scorm.shared_rules import Dialect
from lms_toolkit.inspecting import read_xml
from lms_toolkit.model import Finding, OpenedPackage, PackageItem, Severity

THIRD, FOURTH = "2004 3rd Edition", "2004 4th Edition"
_FORMATS = {"scorm2004-3rd": THIRD, "scorm2004-4th": FOURTH}
_EARLIER = ("2004 2nd Edition", "CAM 1.3", "1.3", "2004 1st Edition")
_LOM_FOLDERS = frozenset({"common", "extend", "unique", "vocab"})
_DIALECT = Dialect("SCORM 2004 CAM 3.4", IMSCP, ADLCP, PREFIXES, "scormType", _LOM_FOLDERS)
_SEQUENCING = "SCORM 2004 CAM 5.1"
_PARTS = ("auxresource", "control", "delivery", "limit", "objective", "random", "rollup", "seqrule", "util")
_REQUIRED = (
    *(f"{name}.xsd" for name in ("adlcp_v1p3", "adlnav_v1p3", "adlseq_v1p3", "imscp_v1p1", "imsss_v1p0", "xml")),
    *(f"imsss_v1p0{part}.xsd" for part in _PARTS),
    "XMLSchema.dtd",
    "datatypes.dtd",
)
_TIME_LIMIT_ACTIONS = ("exit,message", "exit,no message", "continue,message", "continue,no message")
_HIDEABLE = ("previous", "continue", "exit", "exitAll", "abandon", "abandonAll", "suspendAll")


def describe(package: OpenedPackage, format_name: str) -> tuple[str, tuple[PackageItem, ...]] | None:
    """Title and launchable items of a package of this edition; a version that neither has goes by the 3rd."""
    root = read_xml(package, MANIFEST)
    if root is None or not _is_ours(root):
        return None
    is_fourth = text(first(root, "schemaversion")) == FOURTH
    return contents(root) if is_fourth == (_FORMATS[format_name] == FOURTH) else None


def check(package: OpenedPackage) -> list[Finding]:
    """Everything that is wrong with a SCORM 2004 package; nothing for packages of other formats."""
    root = read_xml(package, MANIFEST)
    if root is None or not _is_ours(root):
        return []
    if local(root) != "manifest":
        return [_DIALECT.finding("manifest-root", f"the root element is <{local(root)}>, not <manifest>")]
    rules = (
        _version,
        _kind_spelling,
        _tree,
        _submanifests,
        _global_objectives,
        _thresholds,
        _item_words,
        _objectives,
        _sequencing_links,
    )
    findings = [finding for rule in rules for finding in rule(root)]
    return [*findings, *_control_documents(package), *shared_rules.check(root, package, _DIALECT)]


def _is_ours(root: etree._Element) -> bool:
    """Content Packaging 1.1.x is also the home of IMS CP and Common Cartridge: the version or ADL's names decide."""
    version = text(first(root, "schemaversion"))
    if version.startswith(("2004", "CAM 1.3")) or version == "1.3":
        return namespace(root) != "" and "imscc" not in namespace(root)
    return namespace(root) == IMSCP and ADLCP in root.nsmap.values() and text(first(root, "schema")) != "IMS Content"


def _version(root: etree._Element) -> Iterator[Finding]:
    version = text(first(root, "schemaversion"))
    if version in _EARLIER:
        message = f"<schemaversion> is {version!r}, an edition that was replaced; some platforms open it as SCORM 1.2"
        yield _DIALECT.finding("schemaversion", message, f"write {THIRD!r} or {FOURTH!r}", "warning")
    elif version not in (THIRD, FOURTH):
        found = f"is {version!r}" if version else "is missing"
        message = f"<schemaversion> {found}; Moodle opens the package as SCORM 1.2"
        yield _DIALECT.finding("schemaversion", message, f"write {THIRD!r} or {FOURTH!r}")
    if text(first(root, "schema")) != "ADL SCORM":
        yield _DIALECT.finding("schemaversion", "<schema> must be 'ADL SCORM'", severity="warning")
    if namespace(root) != IMSCP:
        yield _DIALECT.finding("namespace", f"the manifest's namespace is not {IMSCP}", severity="warning")


def _kind_spelling(root: etree._Element) -> Iterator[Finding]:
    for resource in descendants(root, "resource"):
        if resource.get(f"{{{ADLCP}}}scormtype"):
            message = f"resource {resource.get('identifier', '?')!r} says adlcp:scormtype as in SCORM 1.2"
            yield _DIALECT.finding("scormtype-spelling", message, "write adlcp:scormType, with a capital T")


def _tree(root: etree._Element) -> Iterator[Finding]:
    """Only leaves open something (CAM 3.4.1.10)."""
    for item in descendants(root, "item"):
        name = item.get("identifier", "?")
        is_branch = bool(children(item, "item"))
        if is_branch and item.get("identifierref"):
            message = f"item {name!r} opens a resource and holds other items; SCORM 2004 allows one or the other"
            yield _DIALECT.finding("branch-reference", message, "give the resource an item of its own")
        if not is_branch and not item.get("identifierref"):
            yield _DIALECT.finding("leaf-without-resource", f"item {name!r} opens nothing and holds no items")


def _global_objectives(root: etree._Element) -> Iterator[Finding]:
    """Moodle's reader matches the name as text, and ends with an error of PHP there (datamodels/scormlib.php)."""
    if any(element.prefix == "imsss" for element in descendants(root, "mapInfo")):
        message = (
            "the manifest has imsss:mapInfo, on which Moodle 4.5 fails: the package cannot be put on a course there"
        )
        hint = "give mapInfo a prefix of its own for the same namespace, or leave global objectives out"
        yield Finding("warning", "map-info", message, MANIFEST, hint=hint, source=shared_rules.MOODLE)


def _submanifests(root: etree._Element) -> Iterator[Finding]:
    for manifest in descendants(root, "manifest"):
        message = f"there is a manifest {manifest.get('identifier', '?')!r} inside the manifest; ADL advises against it"
        yield _DIALECT.finding("submanifest", message, "put its items and resources into the outer one", "warning")


def _thresholds(root: etree._Element) -> Iterator[Finding]:
    is_fourth = text(first(root, "schemaversion")) == FOURTH
    for threshold in descendants(root, "completionThreshold"):
        yield from _fourth_threshold(threshold) if is_fourth else _third_threshold(threshold)


def _third_threshold(threshold: etree._Element) -> Iterator[Finding]:
    if threshold.attrib:
        message = "completionThreshold has attributes, which came with the 4th edition"
        yield _DIALECT.finding("completion-threshold", message, "write the measure as the element's text")
    elif not _is_measure(text(threshold), 0):
        yield _DIALECT.finding("completion-threshold", f"completionThreshold {text(threshold)!r} is not from 0 to 1")


def _fourth_threshold(threshold: etree._Element) -> Iterator[Finding]:
    if text(threshold):
        message = "completionThreshold has its measure as text, the form of the 3rd edition; it is ignored here"
        yield _DIALECT.finding("completion-threshold", message, "write minProgressMeasure", "warning")
    for name in ("minProgressMeasure", "progressWeight"):
        value = threshold.get(name, "1.0")
        if not _is_measure(value, 0):
            yield _DIALECT.finding("completion-threshold", f"{name} {value!r} is not from 0 to 1")


def _item_words(root: etree._Element) -> Iterator[Finding]:
    for name, vocabulary in (("timeLimitAction", _TIME_LIMIT_ACTIONS), ("hideLMSUI", _HIDEABLE)):
        for element in descendants(root, name):
            is_adl = namespace(element) in (ADLCP, ADLNAV)
            if is_adl and text(element) not in vocabulary:
                yield _DIALECT.finding("vocabulary", f"{name} {text(element)!r} is none of {'; '.join(vocabulary)}")


def _objectives(root: etree._Element) -> Iterator[Finding]:
    for sequencing in descendants(root, "sequencing"):
        yield from _repeated_objectives(sequencing)
        for kind in ("primaryObjective", "objective"):
            for objective in descendants(sequencing, kind):
                if namespace(objective) == IMSSS:
                    yield from _objective(objective)


def _objective(objective: etree._Element) -> Iterator[Finding]:
    measure = first_child(objective, "minNormalizedMeasure")
    is_by_measure = objective.get("satisfiedByMeasure") in ("true", "1")
    if measure is None and is_by_measure:
        message = "an objective is satisfied by measure and names no minNormalizedMeasure: only a full score passes"
        yield _sequencing("objective-measure", message, "add minNormalizedMeasure", is_warning=True)
    if measure is not None and not is_by_measure:
        message = "minNormalizedMeasure is ignored without satisfiedByMeasure"
        yield _sequencing("objective-measure", message, 'write satisfiedByMeasure="true"', is_warning=True)
    if measure is not None and not _is_measure(text(measure), -1):
        yield _sequencing("objective-measure", f"minNormalizedMeasure {text(measure)!r} is not from -1 to 1")


def _repeated_objectives(sequencing: etree._Element) -> Iterator[Finding]:
    found = [*descendants(sequencing, "primaryObjective"), *descendants(sequencing, "objective")]
    names = [element.get("objectiveID", "") for element in found if namespace(element) == IMSSS]
    for name, count in Counter(filter(None, names)).items():
        if count > 1:
            yield _sequencing("duplicate-objective", f"{count} objectives of one item have the objectiveID {name!r}")
    for condition in descendants(sequencing, "ruleCondition"):
        reference = condition.get("referencedObjective")
        if reference and reference not in names:
            yield _sequencing("dangling-objective", f"a rule looks at the objective {reference!r}, which is not there")


def _sequencing_links(root: etree._Element) -> Iterator[Finding]:
    collections = descendants(root, "sequencingCollection")
    there = {element.get("ID") for holder in collections for element in children(holder, "sequencing")}
    for sequencing in descendants(root, "sequencing"):
        reference = sequencing.get("IDRef")
        if reference and reference not in there:
            message = f"a <sequencing> refers to {reference!r}, which no sequencingCollection holds"
            yield _sequencing("dangling-sequencing", message)


def _control_documents(package: OpenedPackage) -> Iterator[Finding]:
    """ADL's checker wants them at the top of the zip; no platform we know opens them."""
    missing = [name for name in _REQUIRED if name not in package.files]
    if not missing:
        return
    are_some_there = len(missing) < len(_REQUIRED)
    what = ", ".join(missing) if are_some_there else "the schemas of SCORM 2004"
    message = f"not in the package: {what}; ADL's package checker asks for them"
    severity: Severity = "warning" if are_some_there else "info"
    hint = "run lms-toolkit schemas install and build again"
    yield _DIALECT.finding("missing-control-documents", message, hint, severity)


def _is_measure(number: str, least: int) -> bool:
    return re.fullmatch(r"-?(\d+(\.\d*)?|\.\d+)", number) is not None and least <= float(number) <= 1


def _sequencing(rule: str, message: str, hint: str = "", *, is_warning: bool = False) -> Finding:
    return Finding("warning" if is_warning else "error", rule, message, MANIFEST, hint=hint, source=_SEQUENCING)
