"""Files that cannot be read are refused with what to do, whatever is in them."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms_toolkit.courses import check

LESSON = "fr/intro/bonjour.md"
QUESTIONS = "fr/intro/questions.yaml"
FILES = ("course.toml", LESSON, QUESTIONS)


@pytest.mark.parametrize("name", FILES)
def test_an_empty_file_is_refused(tiny, name):
    tiny.write(name, " \n")
    assert (tiny.fault().rule, tiny.where(tiny.fault())) == ("empty-file", name)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_utf8_is_refused_with_the_place_of_the_byte(tiny, name):
    path = tiny.path / name
    path.write_bytes(path.read_bytes() + b"\n# d\xe9but\n")
    last = path.read_bytes().count(b"\n")
    assert (tiny.fault().rule, tiny.where(tiny.fault())) == ("not-utf8", f"{name}:{last}:4")
    assert "UTF-8" in tiny.fault().hint


def test_the_place_of_a_wrong_byte_counts_letters_not_bytes(tiny):
    (tiny.path / LESSON).write_bytes("---\nété ".encode() + b"\xe9t\xe9")
    fault = tiny.fault()
    assert (fault.rule, tiny.where(fault)) == ("not-utf8", f"{LESSON}:2:5")
    assert "0xe9" in fault.message


def test_utf16_is_named_as_what_it_is(tiny):
    (tiny.path / LESSON).write_bytes("---\n".encode("utf-16"))
    assert "UTF-16" in tiny.fault().message


@pytest.mark.parametrize("name", FILES)
def test_a_folder_where_a_file_should_be_is_refused(tiny, name):
    (tiny.path / name).unlink()
    (tiny.path / name).mkdir()
    assert "not-a-file" in {fault.rule for fault in tiny.faults()}


def test_a_file_where_a_modules_folder_should_be_is_refused(tiny):
    tiny.write("fr/suite", "rien")
    assert (tiny.fault().rule, tiny.where(tiny.fault())) == ("not-a-folder", "fr/suite")


def test_a_pipe_where_a_file_should_be_is_refused_at_once(tiny):
    (tiny.path / QUESTIONS).unlink()
    os.mkfifo(tiny.path / QUESTIONS)
    assert tiny.fault().rule == "not-a-file"


def test_a_file_of_more_than_2_mb_is_refused_unread(tiny):
    with (tiny.path / LESSON).open("wb") as file:
        file.truncate(2_000_001)
    assert (tiny.fault().rule, tiny.where(tiny.fault())) == ("too-big", LESSON)


def test_a_link_to_a_file_outside_the_course_is_refused(tiny):
    secret = tiny.path.parent / "secret.md"
    (tiny.path / LESSON).rename(secret)
    (tiny.path / LESSON).symlink_to(secret)
    assert (tiny.fault().rule, tiny.where(tiny.fault())) == ("outside-course", LESSON)


def test_a_module_folder_that_leads_outside_the_course_is_refused(tiny):
    tiny.module.rename(tiny.path.parent / "elsewhere")
    tiny.module.symlink_to(tiny.path.parent / "elsewhere")
    assert tiny.fault().rule == "outside-course"


def test_a_link_within_the_course_is_followed(tiny):
    (tiny.path / LESSON).rename(tiny.path / "fr/intro/media/texte.md")
    (tiny.path / LESSON).symlink_to("media/texte.md")
    assert tiny.load().module("intro").content["fr"].lessons[0].title == "Bonjour"


def test_a_link_to_itself_cannot_be_read(tiny):
    (tiny.path / LESSON).unlink()
    (tiny.path / LESSON).symlink_to("bonjour.md")
    assert tiny.fault().rule == "unreadable"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_rights_cannot_be_read(tiny):
    (tiny.path / LESSON).chmod(0)
    assert tiny.fault().rule == "unreadable"


def test_a_control_character_is_refused_with_its_place(tiny):
    tiny.replace(LESSON, "Un été", "Un\x0b été")
    fault = tiny.fault()
    assert (fault.rule, tiny.where(fault)) == ("control-character", f"{LESSON}:6:3")


def test_a_missing_lesson_of_a_written_module_is_a_fault(tiny):
    (tiny.path / LESSON).unlink()
    assert (tiny.fault().rule, tiny.where(tiny.fault())) == ("missing-file", LESSON)


def test_a_folder_without_a_course_file_says_what_is_missing(tiny):
    (tiny.path / "course.toml").unlink()
    assert (tiny.fault().rule, tiny.where(tiny.fault())) == ("missing-file", "course.toml")


def test_a_written_module_that_lists_no_lessons_is_a_fault(tiny):
    (tiny.path / "fr" / "suite").mkdir()
    assert (tiny.fault().rule, tiny.where(tiny.fault())) == ("no-lessons", "fr/suite")


@pytest.mark.parametrize(
    ("text", "rule", "place"),
    [
        ("Bonjour", "front-matter", "1:1"),
        ("---\ntitle: Bonjour\nminutes: 5\n", "front-matter", "1:1"),
        ("---\n---\ntexte", "front-matter", "1:1"),
        ("---\n# rien\n---\ntexte", "front-matter", "1:1"),
        ("---\ntitle: A\nminutes: 5\n---\n \n", "empty-lesson", "4:1"),
        ("---\ntitle: A\n---\ntexte", "missing-key", "2:1"),
        ("---\ntitle: A\nminutes: 0\n---\ntexte", "wrong-value", "3:10"),
        ("---\ntitle: A\nminutes: 121\n---\ntexte", "wrong-value", "3:10"),
        ("---\ntitle: A\nminutes: cinq\n---\ntexte", "wrong-value", "3:10"),
        ("---\ntitle: 1999\nminutes: 5\n---\ntexte", "wrong-value", "2:8"),
        ("---\ntitle: ''\nminutes: 5\n---\ntexte", "wrong-value", "2:8"),
        ("---\ntitle: A\nminutes: 5\nauthor: B\n---\ntexte", "unknown-key", "4:1"),
        ("---\ntitle: A\ntitle: B\nminutes: 5\n---\ntexte", "duplicate-key", "3:1"),
        ("---\ntitle: A : B\nminutes: 5\n---\ntexte", "yaml", "2:10"),
        ("---\n- title\n---\ntexte", "wrong-value", "2:1"),
    ],
)
def test_a_fault_in_front_matter_is_told_at_its_line_of_the_file(tiny, text, rule, place):
    tiny.write(LESSON, text)
    fault = tiny.fault()
    assert (fault.rule, tiny.where(fault)) == (rule, f"{LESSON}:{place}")


def test_the_faults_of_all_files_are_told_at_once(tiny):
    tiny.replace("course.toml", 'id = "tiny"', 'id = "Tiny"')
    tiny.replace("course.toml", "hours = 1\n\n[[modules]]", "hours = 0\n\n[[modules]]")
    tiny.write(LESSON, "rien")
    tiny.replace(QUESTIONS, "answer: false", "answer: faux")
    places = [tiny.where(fault) for fault in tiny.faults()]
    assert places == ["course.toml:1:6", "course.toml:12:9", f"{LESSON}:1:1", f"{QUESTIONS}:14:13"]


def test_faults_between_tables_do_not_hide_faults_in_lessons(tiny):
    tiny.replace("course.toml", 'modules = ["intro"]', 'modules = ["intro", "outro"]')
    tiny.write(LESSON, "rien")
    assert [fault.rule for fault in tiny.faults()] == ["unknown-slug", "front-matter"]


def test_the_message_says_how_many_faults_there_are(tiny):
    from lms_toolkit.errors import ContentError

    tiny.write(LESSON, "rien")
    tiny.write(QUESTIONS, "quiz: 3\nmore: 4\n")
    with pytest.raises(ContentError, match=r"bonjour\.md:1:1: has no front matter .*; 2 more, see lms-toolkit check$"):
        tiny.load()


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(FILES),
    cut=st.floats(0, 1),
    length=st.integers(0, 60),
    patch=st.binary(max_size=4)
    | st.sampled_from([b"---", b":::", b"\n- ", b": ", b"[", b"{", b'"', b"](", b"&a ", b"*a"]),
)
def test_any_spoilt_file_is_told_in_one_line_and_never_a_crash(tiny, name, cut, length, patch):
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder) / "tiny"
        shutil.copytree(tiny.path, course)
        data = (course / name).read_bytes()
        at = int(cut * len(data))
        (course / name).write_bytes(data[:at] + patch + data[at + length :])
        findings = check(course)
        assert all("\n" not in str(finding) and finding.message and finding.where for finding in findings)
