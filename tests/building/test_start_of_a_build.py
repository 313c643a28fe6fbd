"""A build begins fast: it imports what makes packages and nothing else, and leaves the process as it was."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path
from typing import Any

from lms_toolkit.manager import Plugins
from lms_toolkit.preparing import Order, Place, prepare_folder

UNNEEDED = ("alembic", "lms_toolkit.inspecting", "requests", "segno", "sqlalchemy", "typst", "werkzeug")
BUILD = f"""
import sys
from pathlib import Path
from lms_toolkit.manager import Plugins
from lms_toolkit.preparing import Order, Place, prepare_folder

out = Path(sys.argv[2])
formats = ("scorm12", "scorm2004-4th")
prepared = prepare_folder(Path(sys.argv[1]), Order(formats), Place(out, out / "data", Plugins()))
print(len(prepared.packages), *(name for name in {UNNEEDED} if name in sys.modules))
"""


def test_a_build_imports_nothing_that_reads_packages_stores_or_goes_online(make_course: Any, tmp_path: Path) -> None:
    folder = make_course("cooking", languages=("fr",))
    command = [sys.executable, "-c", BUILD, str(folder), str(tmp_path / "out")]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert ran.stderr == ""
    assert ran.stdout.split() == ["2"]


def test_a_build_looks_for_no_garbage_in_what_was_there_and_undoes_that(make_course: Any, tmp_path: Path) -> None:
    folder, frozen = make_course("cooking", languages=("fr",)), []
    place = Place(tmp_path / "out", tmp_path / "data", Plugins())
    before = gc.get_freeze_count()
    prepare_folder(folder, Order(per="lesson"), place, lambda done, total: frozen.append(gc.get_freeze_count()))
    assert max(frozen) > before
    assert gc.get_freeze_count() <= before
