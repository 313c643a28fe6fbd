"""Settings of certificates: who issues, where people verify, what is shown in public, and the pictures of a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from lms_toolkit.errors import ConfigError

if TYPE_CHECKING:
    from lms_toolkit.config import Secret

PUBLIC_FIELDS = ("name", "title", "course", "edition", "issued_on", "expires_on", "hours", "score", "modules")
"""What a public page may show of a certificate that is valid."""
PUBLIC_BY_DEFAULT = ("title", "course", "edition", "issued_on", "expires_on", "hours")
"""Nothing that names a person or says how they did."""
Deliver = Literal["off", "files"]
"""Whether certificates are brought back to the site: not at all, or as files in their holders' areas."""
PICTURE_SUFFIXES = (".svg", ".png", ".jpg", ".jpeg")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a certificate's page; `files` by language, `""` for any other. `alt` says what it shows."""

    files: Mapping[str, Path]
    alt: str

    def file(self, language: str) -> Path | None:
        return self.files.get(language) or self.files.get("")


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs the page by hand; `role` by language, `""` for any other."""

    name: str
    role: Mapping[str, str]
    picture: Path | None = None


@dataclass(frozen=True, slots=True)
class Face:
    """The pictures and signatures of a certificate's page."""

    logo: Picture | None = None
    course_logo: Picture | None = None
    partners: tuple[Picture, ...] = ()
    signatures: tuple[Signatory, ...] = ()


@dataclass(frozen=True, slots=True)
class SignConfig:
    """The PKCS #12 file with which PDF are signed for readers of PDF, and where its passphrase is, if it has one."""

    file: Path
    passphrase_file: Path | None = None
    passphrase: Secret | None = None


@dataclass(frozen=True, slots=True)
class CertificateConfig:
    """Who issues, where people verify, and the folder of keys and documents.

    `did` is the issuer's decentralised identifier, made of `verify_url` when empty. `public` is what public pages show.
    `courses` are faces by course id, each complete; `fonts` a folder of further typefaces.
    """

    folder: Path
    issuer: str = "lms-toolkit (demonstration)"
    verify_url: str = "https://verify.example.org/c/"
    did: str = ""
    public: tuple[str, ...] = PUBLIC_BY_DEFAULT
    status_valid_days: int | None = None
    face: Face = Face()
    courses: Mapping[str, Face] = field(default_factory=dict)
    fonts: Path | None = None
    passphrase: Secret | None = None
    sign: SignConfig | None = None
    deliver: Deliver = "off"

    def face_of(self, course_id: str) -> Face:
        """The face of a course's certificates."""
        return self.courses.get(course_id, self.face)


def read_certificate_config(
    table: Mapping[str, Any],
    base: Path,
    data_folder: Path,
    passphrase: Secret | None,
    path: Path | None,
    sign_passphrase: Secret | None = None,
) -> CertificateConfig:
    """`[certificates]` of the settings file. Raises ConfigError naming the setting."""
    reader = _Reader(base, path)
    reader.known(table, SETTINGS, "certificates.")
    texts = {key: str(table[key]) for key in ("issuer", "verify_url", "did") if key in table}
    courses = reader.table(table, "courses", "certificates.")
    face = reader.face({key: table[key] for key in FACE_SETTINGS if key in table}, "certificates.")
    return CertificateConfig(
        folder=base / str(table["folder"]) if "folder" in table else data_folder / "certificates",
        public=reader.public(table.get("public", list(PUBLIC_BY_DEFAULT))),
        status_valid_days=reader.days(table.get("status_valid_days")),
        face=face,
        courses={name: reader.course_face(courses, name, face) for name in courses},
        fonts=base / str(table["fonts"]) if "fonts" in table else None,
        passphrase=passphrase,
        sign=reader.sign(table["sign"], sign_passphrase) if "sign" in table else None,
        deliver=reader.deliver(table.get("deliver", "off")),
        **texts,
    )


FACE_SETTINGS = ("logo", "course_logo", "partners", "signatures")
SETTINGS = {
    *("folder", "issuer", "verify_url", "did", "public", "status_valid_days", "fonts", "sign", "deliver", "courses"),
    *FACE_SETTINGS,
}


@dataclass(frozen=True)
class _Reader:
    """Reads tables of one file; each error names the file and the setting."""

    base: Path
    path: Path | None

    def fault(self, where: str, what: str) -> ConfigError:
        return ConfigError(f"{self.path}: {where} {what}")

    def known(self, table: Mapping[str, Any], names: set[str], where: str) -> None:
        unknown = sorted(set(table) - names)
        if unknown:
            raise ConfigError(
                f"{self.path}: unknown setting {where}{unknown[0]} (known here: {', '.join(sorted(names))})"
            )

    def table(self, table: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
        value = table.get(name, {})
        if not isinstance(value, dict):
            raise self.fault(f"{where}{name}", "must be a table")
        return value

    def public(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or any(name not in PUBLIC_FIELDS for name in value):
            raise self.fault("certificates.public", f"must be a list of some of {', '.join(PUBLIC_FIELDS)}")
        return tuple(value)

    def days(self, value: Any) -> int | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise self.fault("certificates.status_valid_days", "must be a whole number of days above 0")
        return value

    def deliver(self, value: Any) -> Deliver:
        if value not in get_args(Deliver):
            raise self.fault("certificates.deliver", f"must be one of {', '.join(get_args(Deliver))}")
        chosen: Deliver = value
        return chosen

    def sign(self, value: Any, passphrase: Secret | None) -> SignConfig:
        """A PKCS #12 file, or `{ file = "…", passphrase_file = "…" }`."""
        table = {"file": value} if isinstance(value, str) else value
        if not isinstance(table, dict) or not isinstance(table.get("file"), str):
            raise self.fault("certificates.sign", 'must name a PKCS #12 file, as in { file = "institute.p12" }')
        self.known(table, {"file", "passphrase_file"}, "certificates.sign.")
        named = table.get("passphrase_file")
        return SignConfig(self.base / table["file"], self.base / str(named) if named else None, passphrase)

    def course_face(self, courses: Mapping[str, Any], name: str, general: Face) -> Face:
        where = f"certificates.courses.{name}."
        table = self.table(courses, name, "certificates.courses.")
        own = self.face(table, where)
        return Face(
            own.logo or general.logo,
            own.course_logo or general.course_logo,
            own.partners if "partners" in table else general.partners,
            own.signatures if "signatures" in table else general.signatures,
        )

    def face(self, table: Mapping[str, Any], where: str) -> Face:
        self.known(table, set(FACE_SETTINGS), where)
        return Face(
            logo=self.picture(table["logo"], f"{where}logo") if "logo" in table else None,
            course_logo=self.picture(table["course_logo"], f"{where}course_logo") if "course_logo" in table else None,
            partners=self.many(table.get("partners", []), f"{where}partners", self.picture),
            signatures=self.many(table.get("signatures", []), f"{where}signatures", self.signatory),
        )

    def many(self, value: Any, where: str, read: Callable[[Any, str], Any]) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise self.fault(where, "must be a list of tables")
        return tuple(read(one, f"{where}[{number}]") for number, one in enumerate(value))

    def picture(self, value: Any, where: str) -> Picture:
        """`{ file = "logo.svg", alt = "…" }`; `file` may be a table of languages."""
        if not isinstance(value, dict) or not value.get("alt") or not value.get("file"):
            raise self.fault(where, 'needs file and alt, as in { file = "logo.svg", alt = "Institute of Examples" }')
        self.known(value, {"file", "alt"}, f"{where}.")
        files = {language: self.file(name, where) for language, name in _by_language(value["file"]).items()}
        return Picture(files, str(value["alt"]))

    def signatory(self, value: Any, where: str) -> Signatory:
        if not isinstance(value, dict) or not value.get("name"):
            raise self.fault(where, 'needs a name, as in { name = "…", role = "Director" }')
        self.known(value, {"name", "role", "picture"}, f"{where}.")
        picture = self.file(value["picture"], where) if "picture" in value else None
        return Signatory(str(value["name"]), _by_language(value.get("role", "")), picture)

    def file(self, name: Any, where: str) -> Path:
        if not isinstance(name, str) or not name.lower().endswith(PICTURE_SUFFIXES):
            raise self.fault(where, f"must name a picture ({', '.join(PICTURE_SUFFIXES)})")
        return self.base / name


def _by_language(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else {"": value}
