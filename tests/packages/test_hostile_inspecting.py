"""Packages made to wear `inspect` out or to hide something from it; each is looked at in the time its size takes."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms_toolkit.inspecting import inspect_package
from lms_toolkit.inspecting.capping import MAX_ALIKE, capped
from lms_toolkit.inspecting.uses import css_uses, page_uses
from lms_toolkit.model import Finding, PackageReport

Inspect = Callable[[dict[str, str | bytes]], PackageReport]


@pytest.fixture
def inspect(tmp_path: Path, local_plugins: Any) -> Inspect:
    def inspect(files: dict[str, str | bytes]) -> PackageReport:
        path = tmp_path / "package.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return inspect_package(path, local_plugins)

    return inspect


@pytest.mark.parametrize("css", ["url(", "url( ", "/* ", "@import ", 'url("', "url('\"", "\\", "url(" + " " * 500])
def test_a_style_sheet_of_nothing_but_beginnings_is_read_in_one_go(css: str) -> None:
    # Read by going back at each sign, as before, this length takes hours and not a moment.
    assert len(list(css_uses(css * (2_000_000 // len(css))))) <= 2_000_000


@pytest.mark.parametrize(
    "html", ["<a ", "<!--", "<!", "</", "<?", "<a '\"", "<a b='", "<a", "<style>", "<script>", "a="]
)
def test_a_page_of_nothing_but_beginnings_is_read_in_one_go(html: str) -> None:
    assert list(page_uses(html * (2_000_000 // len(html)))) == []


@pytest.mark.parametrize("attributes", ["a" * 2_000_000, "a " * 1_000_000, "a=" * 1_000_000, "'" * 2_000_000])
def test_a_tag_of_millions_of_attributes_is_read_in_one_go(attributes: str) -> None:
    assert list(page_uses(f"<img {attributes}>")) == []


def test_what_a_page_loads_is_found_with_its_line() -> None:
    html = (
        "<!-- <img src=no> -->\n<SCRIPT src='a.js'>\"<img src=no>\"</script>\n<img\nalt='>' SRC = b&amp;c.png>"
        '\n<a href=d.html style="background:url(e.png)">\n<style>\n.x{background:url(f.png)}</style>'
        '<img srcset="g.png 1x, h.png 2x"><link href="i.css"><video poster=j.png><a download>'
    )
    found = [(use.target, use.line, use.loads) for use in page_uses(html)]
    assert found == [
        ("a.js", 2, True),
        ("b&c.png", 3, True),
        ("d.html", 5, False),
        ("e.png", 5, True),
        ("f.png", 7, True),
        ("g.png", 7, True),
        ("h.png", 7, True),
        ("i.css", 7, True),
        ("j.png", 7, True),
    ]


@pytest.mark.parametrize(
    ("css", "target"),
    [
        (r"@import '\68ttp://example.org/x.css';", "http://example.org/x.css"),
        (r"a{background:u\72l(http://example.org/x)}", "http://example.org/x"),
        (r"a{background:url(\00002e\2e/x.png)}", "../x.png"),
        (r"a{background:url('a\'b.png')}", None),
        ("@IMPORT 'x.css'", "x.css"),
        ("/* url(no) */ a{b:url( 'yes' )}", "yes"),
        ("a{b:url(\\110000 x)}", "\ufffdx"),
    ],
)
def test_escapes_hide_nothing_in_a_style_sheet(css: str, target: str | None) -> None:
    assert [use.target for use in css_uses(css)] == ([target] if target else [])


def test_lines_of_a_style_sheet_stay_right_behind_comments_and_escapes() -> None:
    assert [use.line for use in css_uses("/*\n\n*/\n\\72\n url(a)\nurl(b)")] == [5, 6]


def test_a_hundred_thousand_faults_of_a_kind_are_told_in_a_hundred_lines(inspect: Inspect) -> None:
    report = inspect({"a.html": "".join(f"<img src=x{n}.png>" for n in range(5000)), "b.html": "<img src=y.png>"})
    broken = [finding for finding in report.findings if finding.rule == "broken-reference"]
    assert len(broken) == MAX_ALIKE + 2
    assert [finding.message for finding in broken if "more" in finding.message] == ["and 4900 more of this kind"]


def test_as_many_faults_as_are_told_are_not_cut() -> None:
    findings = [Finding("error", "x", str(number), "a") for number in range(MAX_ALIKE)]
    assert capped(findings) == findings


def test_a_link_to_a_folder_of_the_package_leads_somewhere(inspect: Inspect) -> None:
    report = inspect(
        {"a.html": "<a href='b/'>b</a><a href='b/c'>c</a><a href='b/d'>d</a>", "b/c/x.txt": "", "b/d-e": ""}
    )
    assert [finding.message for finding in report.findings if finding.rule == "broken-reference"] == [
        "points at b/d, which is not in the package"
    ]


def test_a_hundred_thousand_files_are_refused_before_they_are_looked_at(inspect: Inspect) -> None:
    report = inspect({f"{number}.txt": "" for number in range(100_000)})
    assert [finding.rule for finding in report.findings] == ["too-many-entries"]
    assert report.files == 0


def test_zips_in_a_zip_and_devices_are_not_opened(inspect: Inspect, tmp_path: Path, local_plugins: Any) -> None:
    path = tmp_path / "outer.zip"
    link = zipfile.ZipInfo("link.html")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("inner.zip", b"PK\x05\x06" + b"\0" * 18)
    assert "symlink" in [finding.rule for finding in inspect_package(path, local_plugins).findings]


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30)
TEXTS = st.one_of(st.binary(max_size=200), st.text(st.sampled_from("<>/='\"!-&;:()ab \\\nurl#%[]."), max_size=200))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    st.dictionaries(
        NAMES.flatmap(
            lambda name: st.sampled_from([name, f"{name}.html", f"{name}.css", f"{name}.xml", "imsmanifest.xml"])
        ),
        TEXTS,
        max_size=5,
    )
)
def test_no_names_and_no_contents_bring_an_inspection_down(inspect: Inspect, files: dict[str, str | bytes]) -> None:
    report = inspect(files)
    assert not [finding for finding in report.findings if finding.rule == "check-failed"]
