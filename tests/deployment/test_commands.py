"""What administrators do with plans: save, apply and resume them; see what was changed by hand, undo it or keep it."""

from __future__ import annotations

import json
from contextlib import closing
from typing import Any

from lms_toolkit.store import open_store


def change_by_hand(sandbox, desk, name: str) -> None:
    """Rename the page as a teacher would, on the site itself."""
    with sandbox.site.database.writing() as db:
        db.execute(
            "UPDATE modules SET name = ? WHERE key = 'activity:programme' AND course_id ="
            " (SELECT id FROM courses WHERE idnumber = ?)",
            (name, desk.edition),
        )


def actions(plan: Any) -> set[str]:
    return {step["action"] for step in plan["steps"]}


def test_a_saved_plan_is_applied_while_nothing_moved(desk):
    desk.ask("plan", "-o", "plan.json")
    deployed = desk.ask("deploy", "--plan", "plan.json")
    assert {result["outcome"] for result in deployed["results"]} == {"created"}


def test_a_saved_plan_is_refused_when_the_course_changed(desk):
    desk.ask("plan", "-o", "plan.json")
    desk.edit('title.en = "Programme"', 'title.en = "Programme, revised"')
    said = desk.refused("deploy", "--plan", "plan.json", code=1)
    assert "the course has changed since this plan was saved" in said
    assert actions(desk.ask("plan")) == {"create"}


def test_a_saved_plan_is_refused_when_the_site_moved(desk, sandbox):
    desk.ask("deploy")
    desk.edit('title.en = "Programme"', 'title.en = "Programme, revised"')
    desk.ask("plan", "-o", "plan.json")
    change_by_hand(sandbox, desk, "By hand")
    assert "the site lab has changed" in desk.refused("deploy", "--plan", "plan.json", code=1)


def test_a_file_that_is_no_plan_is_named(desk):
    (desk.folder / "odd.json").write_text("[]")
    assert "odd.json is no saved plan" in desk.refused("deploy", "--plan", "odd.json", code=2)


def test_resuming_needs_something_that_was_interrupted(desk):
    desk.ask("deploy")
    assert "no deployment" in desk.refused("deploy", "--resume", code=2)


def test_a_deployment_whose_process_was_killed_is_resumed(desk):
    """Killed after a step was sent and before its answer was written down: the journal has a line without an end."""
    desk.ask("deploy")
    with closing(open_store(f"sqlite:///{desk.folder / 'data' / 'store.db'}")) as store:
        (deployment,) = store.deployments.all()
        from lms_toolkit.model import Step

        store.journal.start("lab", desk.edition, "en", Step("update", "activity", "activity:essay", "Final essay"))
        assert deployment.edition == desk.edition
    done = desk.run("deploy", desk.edition, "--site", "lab", "--resume", "--json")
    assert done.returncode == 0, done.stderr
    assert "Final essay got no answer" in done.stderr
    assert {result["outcome"] for result in json.loads(done.stdout)["results"]} == {"unchanged"}


def test_a_deployment_whose_process_was_killed_after_an_answer_is_resumed(desk):
    """Killed between two steps, or after the last one and before the deployment was saved: every line has its end."""
    desk.ask("deploy")
    with closing(open_store(f"sqlite:///{desk.folder / 'data' / 'store.db'}")) as store:
        from lms_toolkit.model import Step

        step = Step("update", "activity", "activity:essay", "Final essay")
        store.journal.finish(store.journal.start("lab", desk.edition, "en", step), "updated")
    done = desk.run("deploy", desk.edition, "--site", "lab", "--resume", "--json")
    assert done.returncode == 0, done.stderr
    assert "Final essay was the last step" in done.stderr
    assert "no deployment" in desk.refused("deploy", "--resume", code=2)


def test_changes_by_hand_are_shown_field_by_field_and_put_right(desk, sandbox):
    desk.ask("deploy")
    assert desk.ask("status") == []
    change_by_hand(sandbox, desk, "By hand")
    (drift,) = desk.ask("status", code=1)
    assert (drift["key"], drift["field"]) == ("activity:programme", "name")
    assert (drift["deployed"], drift["found"]) == ("Programme", "By hand")
    desk.ask("deploy")
    assert desk.ask("status") == []


def test_changes_by_hand_are_kept_where_that_is_wished(desk, sandbox):
    desk.ask("deploy")
    change_by_hand(sandbox, desk, "By hand")
    adopted = desk.ask("deploy", "--adopt")
    assert {result["outcome"] for result in adopted["results"]} == {"unchanged"}
    assert desk.ask("status") == []
    assert actions(desk.ask("plan")) == {"unchanged"}
    desk.edit('title.en = "Programme"', 'title.en = "Programme, second edition"')
    changed = [step for step in desk.ask("plan")["steps"] if step["action"] == "update"]
    assert [change["declared"] for change in changed[0]["changes"]] == ["Programme, second edition"]


def test_adopting_before_a_deployment_is_refused(desk):
    assert "nothing to adopt" in desk.refused("deploy", "--adopt", code=2)


def test_deleting_asks_first(desk):
    desk.ask("deploy")
    desk.edit('"normlex", "checklist"]', '"normlex"]')
    assert "--yes" in desk.refused("deploy", "--delete", code=2)
    results = desk.ask("deploy", "--delete", "--yes")["results"]
    assert next(r["note"] for r in results if r["key"] == "activity:checklist") == "deleted"
