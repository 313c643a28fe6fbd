"""Opens a package that is one XML file and not a zip, such as a question bank."""

from __future__ import annotations

from pathlib import Path

from lms_toolkit.errors import PackageError
from lms_toolkit.model import Finding, OpenedPackage

MAX_BYTES = 200 << 20
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def open_single_file(path: Path) -> tuple[OpenedPackage | None, list[Finding]] | None:
    """The file as a package of itself; None when it does not begin as XML does, or is too big to be looked at."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(64).removeprefix(_BYTE_ORDER_MARK).lstrip()
            if not start.startswith(b"<"):
                return None
            if size > MAX_BYTES:
                message = f"the file has {size} bytes; the limit is {MAX_BYTES}"
                return None, [Finding("error", "file-too-big", message, path.name, hint="leave out large pictures")]
            file.seek(0)
            data = file.read(MAX_BYTES)
    except OSError as error:
        raise PackageError(f"{path} cannot be read ({error.strerror}); check the name and its rights") from error
    name = path.name if path.suffix.lower() == ".xml" else f"{path.name}.xml"
    return OpenedPackage(path, {name: size}, {name: data}), []
