"""The page of a report: alone in one file, in three languages, for everybody, and without names where it must be."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from lms_toolkit.content import templates_path
from lms_toolkit.model import Answer, Award, Certificate, CertificateRecord, Learner, User
from lms_toolkit.reporting import report_html

At = Callable[..., datetime]
NAMES = ("Amina <b>Test</b>", "Jorge Prueba", "Chloé Essai")


@pytest.fixture
def filled(desk: Any, at: At) -> Any:
    """Somebody with a certificate, somebody late and low, somebody who has not begun, and answers."""
    desk.pulled(*NAMES)
    for item in ("module:cycles", "module:acteurs", "activity:essai"):
        desk.done("1", item, 80.0, at(5))
    desk.done("2", "module:cycles", 40.0, at(5), "failed")
    desk.answered("1", [Answer("return", "", "correct", "a")])
    desk.answered("2", [Answer("return", "", "incorrect", "b")])
    award = desk.store.awards.save(Award("idnumber:S-1", "tiny", "TINY-1", "fr", True, 80.0, (), at(6)))
    record = CertificateRecord(
        "7K3M-Q2XF-9ABC", award.id, NAMES[0], "tiny", "Un petit cours", "Attestation", "TINY-1", "fr", date(2026, 5, 6),
        "Institut d’essai", 2.0, "https://verify.example.org/c/",
    )  # fmt: skip
    desk.store.certificates.save(Certificate(record, "{}", "x.pdf", "ab" * 32, at(6)))
    return desk


def test_the_page_needs_no_other_file_and_no_network_and_runs_nothing(filled: Any, at: At) -> None:
    html = report_html(filled.report(at(12)))
    assert not re.search(r"""(?:src|href|action)=["'](?!#)|<script|<link|url\(|@import|https?://""", html)
    assert "default-src 'none'" in html


def test_the_same_store_and_moment_give_the_same_page(filled: Any, at: At) -> None:
    assert report_html(filled.report(at(12))) == report_html(filled.report(at(12)))


def test_a_name_cannot_become_markup(filled: Any, at: At) -> None:
    html = report_html(filled.report(at(12)))
    assert "Amina &lt;b&gt;Test&lt;/b&gt;" in html
    assert "<b>Test" not in html
    assert "<départs>" not in html


def test_an_anonymous_report_names_nobody_and_no_certificate(filled: Any, at: At) -> None:
    report = filled.report(at(12), is_anonymous=True)
    for text in (report_html(report), repr(report)):
        for known in ("Amina", "Jorge", "Chloé", "7K3M", "idnumber:", "S-1"):
            assert known not in text
    assert "Personne 1" in report_html(report)
    assert "1 valable" in report_html(report)


def test_every_chart_has_its_numbers_in_a_table_and_in_words(filled: Any, at: At) -> None:
    html = report_html(filled.report(at(12)))
    assert 'role="img" aria-label="Répartition des notes. Moyenne 46,6 %, médiane 46,6 %' in html.replace("\u00a0", " ")
    assert html.count("<svg") == html.count('aria-hidden="true" focusable') + html.count('role="img"')
    assert ">80–90</th>" in html


def test_it_says_so_when_there_is_nothing_to_say(desk: Any, at: At) -> None:
    desk.pulled()
    html = report_html(desk.report(at(12)))
    for said in (
        "Personne n’est inscrit",
        "Personne n’a encore de note",
        "Aucune réponse à des questions",
        "Aucun pour",
    ):
        assert said in html


def test_a_score_just_below_the_mark_is_not_shown_as_the_mark(filled: Any, at: At) -> None:
    report = filled.report(at(12))
    shown = report_html(replace(report, scores=replace(report.scores, mean_percent=59.999, median_percent=59.999)))
    assert "Moyenne 59,9" in shown


def test_the_words_of_all_languages_have_the_same_keys_and_places() -> None:
    texts = tomllib.loads((templates_path() / "report" / "strings.toml").read_text(encoding="utf-8"))
    assert set(texts) == {"en", "fr", "es"}
    for language in ("fr", "es"):
        assert list(texts[language]) == list(texts["en"])
        for key, text in texts["en"].items():
            assert set(re.findall(r"{\w+}", texts[language][key])) == set(re.findall(r"{\w+}", text)), key


@pytest.mark.parametrize("language", ["en", "es", "de"])
def test_other_languages_have_their_own_words_and_numbers(filled: Any, at: At, language: str) -> None:
    html = report_html(replace(filled.report(at(12)), language=language))
    if language == "es":
        assert "Quién está en riesgo" in html and "12 de mayo de 2026" in html and "46,6\u00a0%" in html
    else:
        assert "Who is at risk" in html and "12 May 2026" in html and "46.6%" in html
    assert ('lang="de">Un petit cours' in html) == (language == "de")


@pytest.mark.browser
def test_nothing_in_a_report_stands_in_the_way_of_anybody(
    filled: Any, at: At, chromium: Any, barriers: Any, html_faults: Any, tmp_path: Path
) -> None:
    pages = {"running": filled.report(at(12)), "over": filled.report(at(20), is_anonymous=True)}
    context = chromium.new_context(bypass_csp=True, reduced_motion="reduce")
    shown = context.new_page()
    for name, report in pages.items():
        path = tmp_path / f"{name}.html"
        path.write_text(report_html(report), encoding="utf-8")
        shown.goto(path.as_uri())
        assert barriers(shown) == [], name
    context.close()
    assert html_faults({name: report_html(report) for name, report in pages.items()}) == []


@pytest.mark.browser
@pytest.mark.parametrize("from_disk", [True, False], ids=["disk", "server"])
def test_a_report_opens_from_the_disk_and_from_a_server_and_asks_for_nothing_else(
    filled: Any, at: At, chromium: Any, serve: Any, tmp_path: Path, from_disk: bool
) -> None:
    path = tmp_path / "site" / "report.html"
    path.parent.mkdir()
    path.write_text(report_html(filled.report(at(12))), encoding="utf-8")
    address = path.as_uri() if from_disk else f"{serve(path.parent).url}/report.html"
    context = chromium.new_context(java_script_enabled=False)
    asked: list[str] = []
    shown = context.new_page()
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(address)
    assert shown.get_by_role("heading", name="Qui est à risque, et pourquoi").is_visible()
    assert shown.get_by_role("row", name=re.compile("Jorge Prueba.*en retard")).is_visible()
    assert [url for url in asked if not url.endswith("favicon.ico")] == [address]
    context.close()


def test_certificates_of_those_who_learned_on_another_site_are_not_of_this_page(filled: Any, at: At) -> None:
    store = filled.store
    store.deployments.save(replace(filled.deployment, site="other", course_ref="9"))
    store.people.save_accounts("other", [(User("u9", "", "Inés", "Ejemplo", "S-9", "9"), Learner("idnumber:S-9", ""))])
    store.people.save_enrolments("other", "9", ["9"], at(4))
    (here,) = store.certificates.all()
    award = store.awards.save(Award("idnumber:S-9", "tiny", "TINY-1", "fr", True, 80.0, (), at(6)))
    record = replace(here.record, code="7K3M-Q2XF-9ABD", award_id=award.id, learner_name="Inés Ejemplo")
    store.certificates.save(replace(here, record=record))
    assert [one.code for one in filled.report(at(12)).certificates] == ["7K3M-Q2XF-9ABC"]
