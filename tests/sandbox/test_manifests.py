"""Manifests of every standard are read for what a SCO is told at launch."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from lms_sandbox.errors import Refusal
from lms_sandbox.manifest import read_manifest
from lms_sandbox.outcomes import outcome
from lms_sandbox.server import Sandbox
from lms_toolkit.testing import tiny_ims_cp

MANIFEST = """<manifest identifier="m" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
 xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
 <metadata><schema>{schema}</schema><schemaversion>{version}</schemaversion></metadata>
 <organizations default="o"><organization identifier="o"><title>O</title>
  <item identifier="a" identifierref="r"><title>A</title>{more}</item></organization></organizations>
 <resources><resource identifier="r" type="webcontent" adlcp:scormType="sco" href="a.html"/></resources>
 {end}</manifest>"""


def manifest(more="", *, schema="ADL SCORM", version="2004 4th Edition", end=""):
    return read_manifest(MANIFEST.format(more=more, schema=schema, version=version, end=end).encode())


def rules(more="", **options):
    return manifest(more, **options).launches[0].rules


def objectives(inside: str, satisfied: str = "true") -> str:
    return (
        f'<imsss:objectives><imsss:primaryObjective objectiveID="p" satisfiedByMeasure="{satisfied}">{inside}'
        '</imsss:primaryObjective><imsss:objective objectiveID="second"/></imsss:objectives>'
    )


MEASURE = "<imsss:minNormalizedMeasure>0.6</imsss:minNormalizedMeasure>"


@pytest.mark.parametrize(
    ("version", "standard"),
    [
        ("1.2", "scorm12"),
        ("", "scorm12"),
        ("CAM 1.3", "scorm2004"),
        ("1.3", "scorm2004"),
        ("2004 3rd Edition", "scorm2004"),
        ("2004 4th Edition", "scorm2004"),
    ],
)
def test_the_version_says_the_standard(version, standard):
    found = manifest(version=version)

    assert found.standard == standard
    assert found.launches[0].is_sco


@pytest.mark.parametrize(
    ("schema", "version"),
    [("IMS Content", "1.1.4"), ("IMS Common Cartridge", "1.1.0"), ("IMS Common Cartridge", "1.3.0")],
)
def test_packages_without_a_run_time_have_pages_and_no_scos(schema, version):
    found = manifest(schema=schema, version=version)

    assert found.standard == "pages"
    assert not found.launches[0].is_sco


def test_the_passing_score_and_the_objectives_are_in_the_sequencing():
    found = rules(f"<imsss:sequencing>{objectives(MEASURE)}</imsss:sequencing>")

    assert (found.scaled_passing_score, found.objectives) == (0.6, ("p", "second"))


def test_a_measure_that_does_not_satisfy_is_no_passing_score():
    assert rules(f"<imsss:sequencing>{objectives(MEASURE, 'false')}</imsss:sequencing>").scaled_passing_score is None


def test_a_passing_score_that_is_left_out_is_1():
    assert rules(f"<imsss:sequencing>{objectives('')}</imsss:sequencing>").scaled_passing_score == 1


def test_a_sequencing_may_be_shared():
    end = f'<imsss:sequencingCollection><imsss:sequencing ID="s">{objectives(MEASURE)}</imsss:sequencing>'
    end += "</imsss:sequencingCollection>"

    assert rules('<imsss:sequencing IDRef="s"/>', end=end).scaled_passing_score == 0.6


@pytest.mark.parametrize(
    ("more", "threshold"),
    [
        ('<adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.75"/>', 0.75),
        ('<adlcp:completionThreshold completedByMeasure="true"/>', 1),
        ('<adlcp:completionThreshold minProgressMeasure="0.75"/>', None),
        ("<adlcp:completionThreshold>0.5</adlcp:completionThreshold>", 0.5),
        ("", None),
    ],
)
def test_the_completion_threshold_of_either_edition_is_read(more, threshold):
    assert rules(more).completion_threshold == threshold


def test_limits_and_data_are_passed_on():
    limit = '<imsss:limitConditions attemptAbsoluteDurationLimit="PT30M"/>'
    more = "<adlcp:timeLimitAction>exit,message</adlcp:timeLimitAction><adlcp:dataFromLMS>x=1</adlcp:dataFromLMS>"
    found = rules(f"{more}<imsss:sequencing>{limit}</imsss:sequencing>")

    assert (found.launch_data, found.time_limit_action, found.max_time_allowed) == ("x=1", "exit,message", "PT30M")


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        (
            '<adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="2"/>',
            "minProgressMeasure of a is '2'",
        ),
        (
            f"<imsss:sequencing>{objectives(MEASURE.replace('0.6', 'nan'))}</imsss:sequencing>",
            "minNormalizedMeasure of a is 'nan'",
        ),
        ("<a>" * 300 + "</a>" * 300, "nested more than"),
    ],
)
def test_what_cannot_be_meant_is_refused(more, complaint):
    with pytest.raises(Refusal, match=complaint):
        manifest(more)


def test_pages_have_nothing_to_save(deployed, learner, tmp_path):
    deployed.wire.apply_module(deployed.course, tiny_ims_cp(tmp_path / "cp.zip"))

    with pytest.raises(Exception, match="no run-time"):
        learner.commit(deployed.module, "quiz", {"cmi.core.lesson_status": "passed"})


def test_a_package_of_another_standard_takes_nothing_away():
    found = outcome(
        {"cmi.core.lesson_status": "passed", "cmi.core.score.raw": "80", "cmi.completion_status": "unknown"}
    )

    assert (found.status, found.is_passed, found.is_completed, found.score_percent) == ("incomplete", True, True, 80)


def test_a_sandbox_of_an_earlier_version_goes_on(tmp_path, deployed):
    """Its database has no columns for SCORM 2004 yet."""
    sandbox = deployed.wire.sandbox
    sandbox.stop()
    (path,) = tmp_path.rglob("sandbox.db")
    with closing(sqlite3.connect(path)) as old:
        for column in ("scaled_passing_score", "completion_threshold", "objectives"):
            old.execute(f"ALTER TABLE scos DROP COLUMN {column}")
        old.execute("DROP TABLE sittings")
        old.commit()

    with Sandbox(path.parent) as again, again.site.database.reading() as db:
        assert [row["objectives"] for row in db.execute("SELECT objectives FROM scos")] == ["[]", "[]"]
        assert db.execute("SELECT count(*) FROM sittings").fetchone()[0] == 0
