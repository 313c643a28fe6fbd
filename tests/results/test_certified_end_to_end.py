"""From stored results to a PDF that verifies, by command: each kind of certificate, in each language of its course."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lms_toolkit.cli import main
from lms_toolkit.courses import load
from lms_toolkit.manager import Plugins
from lms_toolkit.model import Completion, Course, Deployment, Edition, Grade, Learner, PullSummary, User
from lms_toolkit.store import Store

NOON = datetime(2021, 7, 1, 12, tzinfo=UTC)
SETTINGS = """
[store]
url = "sqlite:///{folder}/store.db"

[courses]
folders = ["workshop"]

[certificates]
folder = "certificates"
issuer = "Institute of Examples"
"""
WORKSHOP = """
id = "workshop"
version = "1"
languages = ["en", "es", "fr"]
title = {{ en = "Field workshop", es = "Taller de campo", fr = "Atelier de terrain" }}
summary = {{ en = "Two days.", es = "Dos días.", fr = "Deux jours." }}

[[activities]]
slug = "days"
kind = "attendance"
graded = true
title = {{ en = "Both days", es = "Los dos días", fr = "Les deux jours" }}

[certification]
title = {{ en = "Certificate of Achievement", es = "Certificado de aprovechamiento", fr = "Attestation de réussite" }}

[certification.participation]
title = {{ en = "Participation", es = "Participación", fr = "Attestation de participation" }}

[[certification.participation.requirements]]
slug = "there"
kind = "attended"
of = ["days"]
percent = 50

[[editions]]
code = "WORKSHOP-1"
languages = ["en", "es", "fr"]
mode = "online"
learning_hours = 12
ends_on = 2021-07-02
timezone = "Europe/Rome"

[[editions.phases]]
slug = "all"
title = {{ en = "Both days", es = "Los dos días", fr = "Les deux jours" }}
activities = ["days"]
"""


@pytest.fixture
def toolkit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Callable[..., Any]:
    """`toolkit(…)`: what a command prints as JSON."""
    (tmp_path / "lms-toolkit.toml").write_text(SETTINGS.format(folder=tmp_path), encoding="utf-8")
    (tmp_path / "workshop").mkdir()
    (tmp_path / "workshop" / "course.toml").write_text(WORKSHOP.format(), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Any:
        capsys.readouterr()
        code = main([*arguments, "--json"])
        out, err = capsys.readouterr()
        assert code == 0, err + out
        return json.loads(out)

    return call


def pulled(store: Store, course: Course, edition: Edition, language: str, score: float) -> None:
    """Amina Test has this score in everything, and has completed it."""
    page = f"page-{language}"
    store.deployments.save(Deployment("lab", course.id, edition.code, language, page, "http://127.0.0.1", (), NOON))
    store.people.save_accounts("lab", [(User("amina", "", "Amina", "Test", "S-1", "7"), Learner("l1", "Amina Test"))])
    store.people.save_enrolments("lab", page, ["7"], NOON)
    slugs = {one.slug: one.key for one in course.assessments(edition) if one.is_given_in(language)}
    slugs |= {slug: course.entry(slug).key for slug in course.rule_of(edition).required}
    graded = {one.key for one in course.assessments(edition)}
    grades = [Grade("lab", page, "7", key, score, 100.0, NOON, NOON, "x") for key in slugs.values() if key in graded]
    done = [Completion("lab", page, "7", key, "complete", NOON, NOON, "x") for key in slugs.values()]
    store.results.save(grades, done)
    store.results.save_pull(PullSummary("lab", edition.code, language, 1, len(grades), len(done), 0, NOON))


def verified(toolkit: Callable[..., Any], row: dict[str, Any], kind: str, language: str) -> dict[str, Any]:
    """What the PDF of a row of `certify` says of itself, once it has been found valid with the public keys alone."""
    pdf = f"certificates/{row['certificate']}.pdf"
    verdict = toolkit("certificates", "verify", pdf, "--keys", "certificates/public-keys.json")
    record: dict[str, Any] = verdict["record"]
    assert (verdict["verdict"], row["kind"], row["decision"]) == ("valid", kind, "earned")
    assert (record["kind"], record["language"], record["learner_name"]) == (kind, language, "Amina Test")
    return record


@pytest.mark.parametrize(
    ("course_id", "code", "language", "title"),
    [
        ("migration-academy", "A9718837", "en", "Certificate of Achievement"),
        ("migration-academy", "A9718837", "fr", "Attestation de réussite"),
        ("reintegration", "A9713751", "es", "Certificado de aprovechamiento"),
    ],
)
def test_a_certificate_of_achievement_is_earned_issued_once_and_verifies(
    toolkit: Callable[..., Any], store: Store, course_id: str, code: str, language: str, title: str
) -> None:
    course = load(Plugins().course_sources()[course_id].path)
    pulled(store, course, course.edition(code), language, 100.0)
    command = ("certify", code, "--site", "lab", "--lang", language, "--yes")
    (row,) = toolkit(*command)
    record = verified(toolkit, row, "achievement", language)
    assert (record["certificate_title"], record["edition"]) == (title, code)
    assert [one["certificate"] for one in toolkit(*command)] == [row["certificate"]]
    assert len(list(Path("certificates").glob("*.pdf"))) == 1


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_who_was_there_and_did_not_pass_gets_a_certificate_of_participation(
    toolkit: Callable[..., Any], store: Store, language: str
) -> None:
    course = load(Path("workshop"))
    pulled(store, course, course.editions[0], language, 50.0)
    missed, row = toolkit("certify", "WORKSHOP-1", "--site", "lab", "--lang", language, "--yes")
    assert (missed["kind"], missed["decision"], missed["certificate"]) == ("achievement", "not yet", None)
    participation = course.certification.participation
    assert participation is not None
    record = verified(toolkit, row, "participation", language)
    assert record["certificate_title"] == participation.title[language]


@pytest.mark.parametrize(("language", "title"), [("en", "Diploma"), ("es", "Diploma"), ("fr", "Diplôme")])
def test_a_diploma_is_earned_by_past_courses_and_verifies(
    toolkit: Callable[..., Any], language: str, title: str
) -> None:
    ids = ("migration-academy", "reintegration", "fair-recruitment", "migration-statistics")
    rows = [f"Amina Test,S-1,{id},X-1,2024-01-0{day},archive\n" for day, id in enumerate(ids, start=1)]
    rows.append("Amina Test,S-1,labour-migration-capstone,X-1,2024-02-01,archive\n")
    header = "name,idnumber,course,edition,completed_on,evidence\n"
    Path("past.csv").write_text(header + "".join(rows), encoding="utf-8")
    toolkit("certify", "import", "past.csv", "--by", "Registrar")
    (row,) = toolkit("certify", "programme", "labour-migration-diploma", "--lang", language, "--yes")
    record = verified(toolkit, row, "diploma", language)
    assert record["certificate_title"].startswith(title) and record["learning_hours"] == 300


def test_many_certificates_are_issued_by_one_command_and_a_bad_name_keeps_nobody_waiting(
    toolkit: Callable[..., Any], store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    course = load(Path("workshop"))
    edition = course.editions[0]
    names = [*(f"Amina Test {n}" for n in range(13)), "Jorge \u202ePrueba"]
    pulled(store, course, edition, "fr", 100.0)
    people = [(User(f"u{n}", "", "", "", f"X-{n}", f"1{n}"), Learner(f"x{n:02}", name)) for n, name in enumerate(names)]
    store.people.save_accounts("lab", people)
    store.people.save_enrolments("lab", "page-fr", [user.ref for user, _ in people], NOON)
    days = course.entry("days").key
    store.results.save([Grade("lab", "page-fr", u.ref, days, 90.0, 100.0, NOON, NOON, "x") for u, _ in people], [])
    assert main(["certify", "WORKSHOP-1", "--site", "lab", "--lang", "fr", "--yes", "--json"]) == 1
    out, err = capsys.readouterr()
    assert err.count("U+202E") == 1
    codes = {row["learner_id"]: row["certificate"] for row in json.loads(out)}
    assert codes.pop("x13") is None and None not in codes.values()
    assert len({*codes.values()}) == len(list(Path("certificates").glob("*.pdf"))) == 14
