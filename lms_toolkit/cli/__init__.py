"""The command line: `lms-toolkit …`. The only place that prints, and that turns an error into an exit code.

Exit codes: 0 done · 1 the work found problems · 2 wrong usage or configuration · 3 site unreachable or refused ·
130 interrupted.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

_OBJECTS_BEFORE_GARBAGE_IS_LOOKED_FOR = 10_000
"""What a command imports is no garbage, and looking for it at every 700th object was a twentieth of the start."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if arguments == ["--version"]:  # asked by scripts and shells; answered before anything is imported
        from lms_toolkit import __version__

        print(f"lms-toolkit {__version__}")
        return 0
    gc.set_threshold(_OBJECTS_BEFORE_GARBAGE_IS_LOOKED_FOR)
    from lms_toolkit.cli._run import run

    return run(arguments)
