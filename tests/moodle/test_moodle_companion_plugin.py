"""The companion is one installable zip, the same each time, whose codes, texts and functions agree with ours."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

import lms_toolkit
from lms_moodle import companion_zip, doctor, doctor_settings
from lms_moodle.commands import moodle
from lms_moodle.companion_functions import FUNCTIONS
from lms_moodle.errors import KNOWN
from lms_moodle.parameters import MAX_VARIABLES
from lms_toolkit.app import App
from lms_toolkit.config import load_config

DOCS = Path(__file__).parents[2] / "docs"
SOURCES = {path: path.read_text(encoding="utf-8") for path in sorted(companion_zip.FOLDER.rglob("*.php"))}
TEMPLATES = [path.read_text(encoding="utf-8") for path in sorted(companion_zip.FOLDER.rglob("*.mustache"))]
TEXT_IN_TEMPLATE = r"\{\{#str\}\}\s*(\w+), local_lmstoolkit\b"
LANGUAGES = ("en", "fr", "es")


def strings(language):
    text = (companion_zip.FOLDER / "lang" / language / "local_lmstoolkit.php").read_text(encoding="utf-8")
    return dict(re.findall(r"^\$string\['([^']+)'\] = '(.*)';$", text, re.MULTILINE))


def test_the_zip_has_one_folder_named_as_moodle_wants_it(tmp_path):
    companion_zip.write_companion(tmp_path / "c.zip")

    with zipfile.ZipFile(tmp_path / "c.zip") as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names} == {"lmstoolkit"}
    assert {"lmstoolkit/version.php", "lmstoolkit/db/install.xml", "lmstoolkit/cli/setup.php"} <= set(names)


def test_two_zips_are_the_same_bytes(tmp_path):
    first = companion_zip.write_companion(tmp_path / "a.zip")
    second = companion_zip.write_companion(tmp_path / "b.zip")

    assert first.sha256 == second.sha256
    assert first.path.read_bytes() == second.path.read_bytes()


def test_the_companion_has_the_toolkits_version():
    assert companion_zip.companion_version() == lms_toolkit.__version__


def test_the_command_writes_the_zip_and_says_what_comes_next(tmp_path):
    said = []
    app = App(load_config(env={}), emit=lambda data, text=None: said.append(text))

    result = CliRunner().invoke(moodle, ["companion", "-o", str(tmp_path / "lmstoolkit.zip")], obj=app)

    assert result.exit_code == 0, result.output
    assert zipfile.is_zipfile(tmp_path / "lmstoolkit.zip")
    assert "cli/setup.php" in said[0]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_php_file_parses(path):
    php = shutil.which("php")
    if php is None:
        pytest.skip("no php here to parse it")
    done = subprocess.run([php, "-n", "-l", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_php_file_states_its_licence(path):
    assert "SPDX-License-Identifier: GPL-3.0-or-later" in SOURCES[path]


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_text_exists_in_every_language_with_the_same_placeholders(language):
    english, other = strings("en"), strings(language)

    assert other.keys() == english.keys()
    for key, text in english.items():
        assert sorted(re.findall(r"\{\$a[^}]*\}", other[key])) == sorted(re.findall(r"\{\$a[^}]*\}", text)), key


def codes_raised():
    return {code for text in SOURCES.values() for code in re.findall(r"moodle_exception\(\s*'(\w+)', 'local_", text)}


def test_every_code_the_companion_raises_has_a_text_an_entry_in_our_catalogue_and_a_row_in_the_contract():
    rows = "\n".join(re.findall(r"^\| (`.+)$", (DOCS / "companion.md").read_text(encoding="utf-8"), re.MULTILINE))

    assert {"trackloss", "lockbusy", "payloadinvalid", "manifestinvalid"} <= codes_raised()
    assert codes_raised() <= strings("en").keys()
    assert codes_raised() <= KNOWN.keys()
    assert {code for code in codes_raised() if f"`{code}`" not in rows} == set()


def health_texts():
    """Those of the health check, which are put together from the names of checks and findings."""
    everything = "\n".join(text for path, text in SOURCES.items() if path.parent.name == "local")
    found = re.findall(r"health_result::(ok|skipped|info|warning|error)\(\s*'(\w+)'", everything)
    texts = {f"health_{name}" for _, name in found}
    texts |= {f"health_{name}_fix" for status, name in found if status not in ("ok", "skipped")}
    accounts = everything[everything.index("function account_problem") :].split("default => null")[0]
    problems = re.findall(r"=> '(\w+)',", accounts)
    texts |= {f"health_account_{name}{end}" for name in problems for end in ("", "_fix")}
    assert problems
    health = SOURCES[companion_zip.FOLDER / "classes/local/health.php"]
    return texts | {f"health_name_{name}" for name in re.findall(r"'(\w+)' => health_", health)}


def test_every_text_the_companion_asks_for_exists():
    asked = {key for text in SOURCES.values() for key in re.findall(r"get_string\('(\w+)', 'local_lmstoolkit'", text)}
    asked |= {key for text in SOURCES.values() for key in re.findall(r"(?<!payload::)invalid\('(\w+)'", text)}
    asked |= {key for text in SOURCES.values() for key in re.findall(r"loss\('(\w+)'", text)}
    asked |= {f"check_{name}" for text in SOURCES.values() for name in re.findall(r"self::check\('(\w+)'", text)}
    asked |= health_texts() | {key for text in TEMPLATES for key in re.findall(TEXT_IN_TEMPLATE, text)}
    payload = (companion_zip.FOLDER / "classes/local/payload.php").read_text(encoding="utf-8")
    types = payload[payload.index("function fits") :]
    named = set(re.findall(r"^            '(\w+)' => \(?(?:is_|\$value|in_array)", types, re.M))
    named |= {name for text in SOURCES.values() for name in re.findall(r"unfit\([^,\n]+, '(\w+)'", text)}
    asked |= {f"payload_type_{name}" for name in named}

    assert {"sha256", "onlygraded", "onetohundred"} <= named
    assert asked - strings("en").keys() - {"check_", "payload_type_"} == set()


def test_no_text_is_left_over():
    everything = "\n".join(text for path, text in SOURCES.items() if "/lang/" not in path.as_posix())
    made = {key for key in strings("en") if key.startswith(("check_", "payload_type_", "lmstoolkit:"))}
    made |= health_texts() | {key for text in TEMPLATES for key in re.findall(TEXT_IN_TEMPLATE, text)}
    unasked = {key for key in strings("en").keys() - made if f"'{key}'" not in everything}

    assert unasked == set()


def test_every_code_of_the_catalogue_has_its_heading_in_the_documentation():
    headings = re.findall(r"^### (\S+)$", (DOCS / "moodle.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert set(headings) == KNOWN.keys() | {"http403", "http413"}


def test_the_service_allows_every_function_of_the_contract_and_those_of_moodle_that_the_client_calls():
    text = (companion_zip.FOLDER / "db" / "services.php").read_text(encoding="utf-8")
    service = set(re.findall(r"'(\w+)'", text[text.index("$services") :])) - {"shortname", "enabled", "functions"}
    called = {
        name
        for path in Path(doctor.__file__).parent.glob("*functions.py")
        for name in re.findall(r'"((?:core|enrol|gradereport)_\w+)"', path.read_text(encoding="utf-8"))
    }

    allowed = {name for name in service if name.startswith(("core_", "enrol_", "gradereport_", "local_"))}
    contract = set(re.findall(r"`(local_lmstoolkit_\w+)`", (DOCS / "companion.md").read_text(encoding="utf-8")))
    assert allowed == called | contract
    assert contract >= FUNCTIONS
    assert called == doctor.CORE | doctor.WITHOUT_COMPANION | doctor.FOR_LISTS


def test_every_fix_of_a_check_belongs_to_a_check_of_the_companion():
    checks = {name for text in SOURCES.values() for name in re.findall(r"self::check\('(\w+)'", text)}

    assert doctor_settings.FIXES.keys() == checks


def test_the_health_check_and_the_doctor_draw_the_same_lines():
    limits = SOURCES[companion_zip.FOLDER / "classes/local/health_limits.php"]
    site = SOURCES[companion_zip.FOLDER / "classes/local/site_checks.php"]
    said = {name: eval(value) for name, value in re.findall(r"public const (\w+) = ([\d *]+);", limits)}

    assert said["SMALL_UPLOAD"] == doctor_settings.SMALL_UPLOAD_BYTES
    assert said["NEEDED_VARIABLES"] == MAX_VARIABLES + doctor_settings.FIXED_VARIABLES
    assert said["RECOMMENDED_VARIABLES"] == doctor_settings.RECOMMENDED_VARIABLES
    assert ("time() - HOURSECS" in site) == (doctor_settings.LONGEST_WITHOUT_CRON_SECONDS == 3600)


def test_the_zip_brings_the_tests_that_moodles_own_runner_runs(tmp_path):
    companion_zip.write_companion(tmp_path / "c.zip")

    with zipfile.ZipFile(tmp_path / "c.zip") as archive:
        names = archive.namelist()
    for function in FUNCTIONS:
        name = function.removeprefix("local_lmstoolkit_")
        tested = "restore_backup" if name == "get_job" else name
        assert f"lmstoolkit/tests/external/{tested}_test.php" in names
