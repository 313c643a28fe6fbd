"""Writes what makes a machine sync by itself: a crontab line, systemd units, a Kubernetes CronJob.

Each calls this very installation with this very configuration, by absolute paths, so that it runs the same from
anywhere. Secrets are not written: of variables that are set here only the names are, and where to put them.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lms_toolkit.config import Config
from lms_toolkit.errors import ConfigError

CRON = {
    "5m": "*/5 * * * *",
    "15m": "*/15 * * * *",
    "30m": "*/30 * * * *",
    "1h": "0 * * * *",
    "2h": "0 */2 * * *",
    "6h": "0 */6 * * *",
    "12h": "0 */12 * * *",
    "1d": "0 3 * * *",
}
"""How often one can ask for, as cron says it (5 fields)."""
CALENDAR = {
    "5m": "*:0/5",
    "15m": "*:0/15",
    "30m": "*:0/30",
    "1h": "hourly",
    "2h": "0/2:00",
    "6h": "0/6:00",
    "12h": "0/12:00",
    "1d": "03:00",
}
ENV_NAME = "lms-toolkit.env"
SERVICE, TIMER = "lms-toolkit-sync.service", "lms-toolkit-sync.timer"
_PLAIN = ("LMS_TOOLKIT_DATA_FOLDER", "LMS_DISABLED_PLUGINS")
"""Variables that are no secrets, and are written as they are."""
_LEFT_OUT = ("LMS_TOOLKIT_CONFIG", "LMS_TOOLKIT_TEST_")


@dataclass(frozen=True, slots=True)
class Schedule:
    """What to call and how often. `plain` are variables with their values; `secret` names of others that are needed."""

    arguments: tuple[str, ...]
    config: Path
    data_folder: Path
    every: str
    plain: Mapping[str, str]
    secret: tuple[str, ...]

    @property
    def env_file(self) -> Path:
        """Where the variables belong whose values are not written."""
        return self.config.with_name(ENV_NAME)

    @property
    def command(self) -> tuple[str, ...]:
        """This Python, its lms-toolkit, and what it is to do."""
        return (sys.executable, "-m", "lms_toolkit", "--config", str(self.config), *self.arguments)


def schedule_of(config: Config, every: str, arguments: Sequence[str], env: Mapping[str, str] = os.environ) -> Schedule:
    """What `sync schedule` writes down. Raises ConfigError where there is no settings file to name."""
    if config.path is None:
        raise ConfigError("a scheduled sync needs a settings file: write lms-toolkit.toml, or name one with --config")
    path = config.path.absolute()
    needed = _variables(path, env)
    plain = {name: env[name] for name in _PLAIN if name in needed}
    if "LMS_TOOLKIT_DATA_FOLDER" in plain:
        plain["LMS_TOOLKIT_DATA_FOLDER"] = str(config.data_folder.absolute())
    made = Schedule(
        arguments=tuple(arguments),
        config=path,
        data_folder=config.data_folder.absolute(),
        every=every,
        plain=plain,
        secret=tuple(name for name in needed if name not in plain),
    )
    for text in (*made.command, *plain.values(), str(made.data_folder)):
        if not text.isprintable():
            raise ConfigError(f"{text!r} cannot be written into a schedule; use a path without such characters")
    return made


def _variables(path: Path, env: Mapping[str, str]) -> list[str]:
    """The variables that are set here and that a command with this file may need."""
    named = set(_named(tomllib.loads(path.read_text(encoding="utf-8"))))
    known = {name for name in env if name.startswith("LMS_TOOLKIT_") or name in _PLAIN}
    chosen = {name for name in known | (named & set(env)) if not name.startswith(_LEFT_OUT)}
    return sorted(name for name in chosen if env[name])


def _named(table: Any) -> Iterator[str]:
    """What the settings `…_env` name, however deep."""
    if isinstance(table, dict):
        for key, value in table.items():
            if key.endswith("_env") and isinstance(value, str):
                yield value
            yield from _named(value)


def crontab(schedule: Schedule) -> str:
    """One line of a user's crontab; see crontab(5): "%" begins the command's input unless it is escaped."""
    variables = [f"{name}={value}" for name, value in schedule.plain.items()]
    command = shlex.join([*(["env", *variables] if variables else []), *schedule.command])
    if schedule.secret:
        command = f"set -a; . {shlex.quote(str(schedule.env_file))}; set +a; {command}"
    return f"{CRON[schedule.every]} {command} >/dev/null".replace("%", r"\%") + "\n"


def systemd(schedule: Schedule, user: str) -> dict[str, str]:
    """The service and its timer, by file name; see systemd.service(5). Raises ConfigError for a user of two lines."""
    if not user.isprintable():
        raise ConfigError(f"{user!r} cannot be written into a schedule; name a user of this machine")
    environment = [f"Environment={_quoted(f'{name}={value}')}" for name, value in schedule.plain.items()]
    program, *arguments = schedule.command
    if schedule.secret:
        environment.append(f"EnvironmentFile={_specifiers(str(schedule.env_file))}")
    service = [
        "[Unit]",
        "Description=lms-toolkit: grades home, awards decided, certificates issued",
        "Wants=network-online.target",
        "After=network-online.target",
        "",
        "[Service]",
        "Type=oneshot",
        f"User={_specifiers(user)}",
        f"WorkingDirectory={_specifiers(str(schedule.config.parent))}",
        *environment,
        f"ExecStart={' '.join([_quoted(program), *map(_argument, arguments)])}",
        "UMask=0077",
        "NoNewPrivileges=yes",
    ]
    timer = [
        "[Unit]",
        "Description=lms-toolkit: when to sync",
        "",
        "[Timer]",
        f"OnCalendar={CALENDAR[schedule.every]}",
        "Persistent=yes",
        f"Unit={SERVICE}",
        "",
        "[Install]",
        "WantedBy=timers.target",
    ]
    return {SERVICE: "\n".join(service) + "\n", TIMER: "\n".join(timer) + "\n"}


def _argument(text: str) -> str:
    """One argument of a command: there, and neither in its program nor in `Environment=`, "$" begins a variable."""
    return _quoted(text.replace("$", "$$"))


def _quoted(text: str) -> str:
    """One word of a unit's line: systemd knows quotes, and "%" for specifiers."""
    escaped = _specifiers(text).replace("\\", "\\\\").replace('"', '\\"')
    return escaped if re.fullmatch(r"[\w@:,.+/=%-]+", escaped) else f'"{escaped}"'


def _specifiers(text: str) -> str:
    return text.replace("%", "%%")


def kubernetes(schedule: Schedule, image: str) -> str:
    """A CronJob that finds the settings, the data and the courses where they are here."""
    import yaml

    container: dict[str, Any] = {
        "name": "sync",
        "image": image,
        "command": ["lms-toolkit", "--config", str(schedule.config), *schedule.arguments],
        "env": [{"name": name, "value": value} for name, value in schedule.plain.items()],
        "envFrom": [{"secretRef": {"name": "lms-toolkit"}}] if schedule.secret else [],
        "volumeMounts": [
            {
                "name": "settings",
                "mountPath": str(schedule.config),
                "subPath": schedule.config.name,
                "readOnly": True,
            },
            {"name": "data", "mountPath": str(schedule.data_folder)},
        ],
    }
    pod = {
        "restartPolicy": "Never",
        "securityContext": {"runAsNonRoot": True},
        "containers": [{key: value for key, value in container.items() if value}],
        "volumes": [
            {"name": "settings", "configMap": {"name": "lms-toolkit"}},
            {"name": "data", "persistentVolumeClaim": {"claimName": "lms-toolkit"}},
        ],
    }
    job = {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": "lms-toolkit-sync"},
        "spec": {
            "schedule": CRON[schedule.every],
            "concurrencyPolicy": "Forbid",
            "startingDeadlineSeconds": 300,
            "jobTemplate": {"spec": {"backoffLimit": 0, "template": {"spec": pod}}},
        },
    }
    return yaml.safe_dump(job, sort_keys=False, allow_unicode=True)
