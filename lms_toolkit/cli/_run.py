"""Runs a command line: every error of ours becomes one line on stderr and a stable exit code."""

from __future__ import annotations

import errno
from collections.abc import Sequence

import rich_click as click
from click.exceptions import Exit

from lms_toolkit.cli._group import cli
from lms_toolkit.cli._output import error_line, give_up_stdout
from lms_toolkit.errors import ConfigError, ContentError, StoreError, ToolkitError

INTERRUPTED = 130


def run(arguments: Sequence[str]) -> int:
    """Run and return the exit code; a traceback means a bug of ours."""
    as_json = "--json" in arguments
    try:
        code: object = cli.main(args=list(arguments), prog_name="lms-toolkit", standalone_mode=False)
    except Exit as leaving:
        return int(leaving.exit_code)
    except (click.Abort, KeyboardInterrupt):
        error_line(ToolkitError("interrupted; run the same command again to carry on"), as_json=False)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return ConfigError.exit_code
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS, errno.EPERM):
            raise
        give_up_stdout()
        where = f" ({error.filename})" if error.filename else ""
        error_line(StoreError(f"{error.strerror}{where}; free space or check rights, then run it again"), as_json=False)
        return StoreError.exit_code
    except ToolkitError as error:
        error_line(error, as_json=as_json)
        if isinstance(error, ContentError):
            for finding in error.findings[:20]:
                error_line(finding, as_json=False)
        return error.exit_code
    return code if isinstance(code, int) else 0
