"""Imports point one way: records ← hooks, interfaces ← steps ← command line; plugins know the host, not one another."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOST = sorted((ROOT / "lms_toolkit").rglob("*.py"))
PLUGINS = sorted(path for path in (ROOT / "plugins").rglob("*.py"))
FIRST_PARTY = {path.name for path in (ROOT / "plugins").iterdir() if path.is_dir()}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield str(node.module)
            yield from (f"{node.module}.{name.name}" for name in node.names)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", HOST, ids=name_of)
def test_the_host_imports_no_plugin(path):
    assert not {name.split(".")[0] for name in imports(path)} & FIRST_PARTY


@pytest.mark.parametrize(
    "path", [path for path in HOST if "cli" not in path.parts and path.name != "__main__.py"], ids=name_of
)
def test_only_the_command_line_imports_the_command_line(path):
    assert not [name for name in imports(path) if name.startswith("lms_toolkit.cli")]


@pytest.mark.parametrize("path", PLUGINS, ids=name_of)
def test_a_plugin_imports_neither_the_command_line_nor_another_plugin(path):
    own = path.relative_to(ROOT / "plugins").parts[0]
    names = set(imports(path))
    assert not [name for name in names if name.startswith("lms_toolkit.cli")]
    assert not {name.split(".")[0] for name in names} & (FIRST_PARTY - {own})


@pytest.mark.parametrize("path", [path for path in HOST if path.parent.name == "model"], ids=name_of)
def test_records_import_nothing_but_records(path):
    own = [name for name in imports(path) if name.startswith("lms_toolkit")]
    assert all(name.startswith("lms_toolkit.model") for name in own), own


def test_errors_know_only_records():
    own = {name for name in imports(ROOT / "lms_toolkit" / "errors.py") if name.startswith("lms_toolkit")}
    assert all(name.startswith("lms_toolkit.model") for name in own)


@pytest.mark.parametrize("path", [*HOST, *PLUGINS], ids=name_of)
def test_only_the_moodle_plugin_and_the_sandbox_that_mimics_it_speak_http_to_an_lms(path):
    if "lms_moodle" in path.parts or "lms_sandbox" in path.parts:
        return
    assert not {name.split(".")[0] for name in imports(path)} & {"requests", "urllib3", "httpx"}


def test_every_module_at_the_top_is_found_by_a_reader_of_the_table():
    table = [
        line for line in (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").splitlines() if "|" in line
    ]
    named = set(re.findall(r"(?<=[`/])([a-z_]+)(?=\.py|/)", "\n".join(table)))
    there = {
        path.stem
        for path in (ROOT / "lms_toolkit").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert there - named == {"__init__", "__main__"}
