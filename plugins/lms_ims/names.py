"""The names by which IMS formats are known: namespaces, resource types, versions."""

from __future__ import annotations

from dataclasses import dataclass

IMSCP = "http://www.imsglobal.org/xsd/imscp_v1p1"
QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"

_SCHEMAS = "http://www.imsglobal.org/profile/cc"


@dataclass(frozen=True, slots=True)
class Cartridge:
    """How one version of Common Cartridge names things. `code` is the version as its names spell it: `v1p1`."""

    code: str
    schema_version: str

    @property
    def namespace(self) -> str:
        return f"http://www.imsglobal.org/xsd/imscc{self.code}/imscp_v1p1"

    @property
    def lom(self) -> str:
        return f"http://ltsc.ieee.org/xsd/imscc{self.code}/LOM/manifest"

    @property
    def topic_namespace(self) -> str:
        return f"http://www.imsglobal.org/xsd/imscc{self.code}/imsdt_{self.code}"

    @property
    def link_namespace(self) -> str:
        return f"http://www.imsglobal.org/xsd/imscc{self.code}/imswl_{self.code}"

    @property
    def topic(self) -> str:
        return f"imsdt_xml{self.code}"

    @property
    def link(self) -> str:
        return f"imswl_xml{self.code}"

    @property
    def assessment(self) -> str:
        return f"imsqti_xmlv1p2/imscc_xml{self.code}/assessment"

    @property
    def question_bank(self) -> str:
        return f"imsqti_xmlv1p2/imscc_xml{self.code}/question-bank"

    @property
    def associated_content(self) -> str:
        return f"associatedcontent/imscc_xml{self.code}/learning-application-resource"

    @property
    def schema_location(self) -> str:
        """Where readers may find the schemas; nothing of it goes into the cartridge."""
        folder = f"{_SCHEMAS}/cc{self.code}/cc{self.code}"
        return f"{self.namespace} {folder}_imscp_v1p2_v1p0.xsd {self.lom} {folder}_lommanifest_v1p0.xsd"


CC11 = Cartridge("v1p1", "1.1.0")
CC13 = Cartridge("v1p3", "1.3.0")
