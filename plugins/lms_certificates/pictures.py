"""Logos and signatures of a certificate: the pictures of the settings, put where the templates may read them.

typst reads files of one folder only. Where there are pictures, that is a copy of the templates with the pictures beside
them, made anew in each process and gone with it.
"""

from __future__ import annotations

import shutil
from functools import cached_property
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from weakref import finalize

from lms_certificates.wording import Words
from lms_toolkit.certificate_config import CertificateConfig, Face, Picture, Signatory
from lms_toolkit.content import templates_path
from lms_toolkit.errors import ConfigError
from lms_toolkit.model import CertificateRecord

MAX_PICTURE_BYTES = 2_000_000


class Studio:
    """The folder in which certificates are drawn."""

    def __init__(self, config: CertificateConfig, templates: Path | None = None) -> None:
        self._config = config
        self._templates = templates or templates_path() / "certificates"
        self._names: dict[Path, str] = {}

    @cached_property
    def _copy(self) -> Path | None:
        pictures = sorted(_files_of(self._config))
        if not pictures:
            return None
        made = Path(mkdtemp(prefix="lms-toolkit-"))
        finalize(self, shutil.rmtree, made, ignore_errors=True)
        shutil.copytree(self._templates, made, dirs_exist_ok=True)
        for number, picture in enumerate(pictures):
            self._names[picture] = f"picture-{number}{picture.suffix.lower()}"
            _copy(picture, made / self._names[picture])
        return made

    @property
    def folder(self) -> Path:
        """Where the templates are."""
        return self._copy or self._templates

    def pictures_of(self, record: CertificateRecord, words: Words) -> dict[str, Any]:
        """The logos and signatures of a certificate's page, as its template takes them."""
        assert self.folder  # the pictures have names from here on
        face = self._config.face_of(record.course_id)
        logos = [logo for logo in (face.logo, face.course_logo, *face.partners) if logo]
        return {
            "logos": [made for logo in logos if (made := self._logo(logo, record.language))],
            "signatures": [self._signature(one, record.language, words) for one in face.signatures],
        }

    def _logo(self, logo: Picture, language: str) -> dict[str, str] | None:
        file = logo.file(language)
        return {"file": self._names[file], "alt": logo.alt} if file else None

    def _signature(self, one: Signatory, language: str, words: Words) -> dict[str, str | None]:
        return {
            "name": one.name,
            "role": one.role.get(language) or one.role.get("", ""),
            "file": self._names[one.picture] if one.picture else None,
            "alt": words["signature_alt"].format(name=one.name),
        }


def _files_of(config: CertificateConfig) -> set[Path]:
    return {file for face in (config.face, *config.courses.values()) for file in _files_of_face(face)}


def _files_of_face(face: Face) -> list[Path]:
    logos = [logo for logo in (face.logo, face.course_logo, *face.partners) if logo]
    files = [file for logo in logos for file in logo.files.values()]
    return [*files, *(one.picture for one in face.signatures if one.picture)]


def _copy(picture: Path, to: Path) -> None:
    try:
        if picture.stat().st_size > MAX_PICTURE_BYTES:
            raise ConfigError(f"{picture}: is larger than {MAX_PICTURE_BYTES // 1_000_000} MB; make it smaller")
        shutil.copyfile(picture, to)
    except OSError as error:
        raise ConfigError(
            f"{picture}: cannot be read ({error.strerror}); see [certificates] in the settings"
        ) from error
