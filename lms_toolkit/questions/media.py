"""Files inside a Moodle XML file: taken out, and named so that every platform can serve them."""

from __future__ import annotations

import re
import unicodedata
from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import dataclass, field
from pathlib import PurePosixPath

FOLDER = "media/"
_UNSERVABLE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(slots=True)
class MediaBox:
    """The files of one import, by their name in the module's folder."""

    files: dict[str, bytes] = field(default_factory=dict)

    def put(self, path: str, encoded: str) -> str | None:
        """Keep a file under a name of its own, which is returned; None when it is not base64. Equal files are one."""
        try:
            data = b64decode("".join(encoded.split()), validate=True)
        except (Base64Error, ValueError):
            return None
        name = FOLDER + _servable(path.removeprefix(FOLDER))
        number = 1
        while self.files.get(name, data) != data:
            number += 1
            whole = PurePosixPath(_servable(path.removeprefix(FOLDER)))
            name = f"{FOLDER}{whole.stem}-{number}{whole.suffix}"
        self.files[name] = data
        return name


def _servable(path: str) -> str:
    """The last part of a path with letters, digits, `.`, `_` and `-` only; it cannot lead anywhere."""
    plain = unicodedata.normalize("NFKD", PurePosixPath(path).name).encode("ascii", "ignore").decode()
    return _UNSERVABLE.sub("-", plain).lstrip(".-")[-100:] or "file"
