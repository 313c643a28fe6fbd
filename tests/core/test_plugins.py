"""Plugins are found, tried one by one, and a broken one leaves the others working."""

from __future__ import annotations

from lms_toolkit.manager import Plugins
from lms_toolkit.model import Event


def states(ran):
    return {state["name"]: state for state in ran.data}


def test_first_party_plugins_come_in_by_entry_point_like_anybodys(run):
    found = states(run("plugins", "--json"))
    assert {"scorm", "moodle", "sandbox", "certificates", "sure"} <= set(found)
    assert all(state["state"] == "active" for state in found.values()), found


def test_a_plugin_that_cannot_be_imported_is_named_and_the_others_work(run, plugin_distribution):
    folder = plugin_distribution("broken", "import no_such_module_anywhere\n")
    ran = run("plugins", "--json", paths=(folder,))
    assert ran.code == 1
    assert states(ran)["broken"]["state"] == "failed"
    assert "no_such_module_anywhere" in states(ran)["broken"]["detail"]
    assert states(ran)["sure"]["state"] == "active"
    assert run("courses", paths=(folder,)).code == 0


def test_a_misspelt_hook_is_refused_with_the_name_that_was_meant(run, plugin_distribution):
    code = "from lms_toolkit import hookimpl\n@hookimpl\ndef lms_register_format():\n    return {}\n"
    found = states(run("plugins", "--json", paths=(plugin_distribution("typo", code),)))
    assert found["typo"]["state"] == "failed"
    assert "did you mean lms_register_formats?" in found["typo"]["detail"]


def test_a_hook_with_an_argument_that_does_not_exist_is_refused(run, plugin_distribution):
    code = "from lms_toolkit import hookimpl\n@hookimpl\ndef lms_on_event(evnt):\n    pass\n"
    found = states(run("plugins", "--json", paths=(plugin_distribution("wrongargument", code),)))
    assert found["wrongargument"]["state"] == "failed"
    assert "evnt" in found["wrongargument"]["detail"]


def test_a_disabled_plugin_is_never_imported(run, plugin_distribution, tmp_path):
    marker = tmp_path / "was-imported"
    folder = plugin_distribution("loud", f"open({str(marker)!r}, 'w').close()\n")
    found = states(run("plugins", "--json", paths=(folder,), LMS_DISABLED_PLUGINS="loud"))
    assert found["loud"]["state"] == "disabled"
    assert not marker.exists()
    run("plugins", paths=(folder,))
    assert marker.exists()


def test_a_plugin_whose_registration_raises_is_failed_and_the_others_work(run, plugin_distribution):
    code = "from lms_toolkit import hookimpl\n@hookimpl\ndef lms_register_courses():\n    raise ValueError('no disk')\n"
    folder = plugin_distribution("raising", code)
    found = states(run("plugins", "--json", paths=(folder,)))
    assert found["raising"]["detail"] == "lms_register_courses: ValueError: no disk"
    assert {"reintegration", "sure"} <= {course["id"] for course in run("courses", "--json", paths=(folder,)).data}


def test_two_plugins_with_one_format_name_are_told_apart(run, plugin_distribution):
    code = "from lms_toolkit import hookimpl\n@hookimpl\ndef lms_register_formats():\n    return {'scorm12': 'x:Y'}\n"
    found = states(run("plugins", "--json", paths=(plugin_distribution("zz_twin", code),)))
    failed = [state["detail"] for state in found.values() if state["state"] == "failed"]
    assert failed == ["format 'scorm12' is already registered by another plugin"]


def test_version_and_help_need_no_healthy_plugin(run, plugin_distribution):
    folder = plugin_distribution("broken", "raise SystemError('very broken')\n")
    assert run("--version", paths=(folder,)).out.startswith("lms-toolkit ")
    helped = run("--help", paths=(folder,))
    assert helped.code == 0
    assert "certify" in helped.out


def test_strict_raises_what_the_plugin_raised(run, plugin_distribution):
    ran = run("plugins", "--strict", paths=(plugin_distribution("broken", "raise SystemError('very broken')\n"),))
    assert ran.code == 1
    assert "SystemError: very broken" in ran.err


def test_a_listener_that_fails_is_reported_and_the_next_one_still_hears(plugin_distribution, monkeypatch, utc_now):
    listener = "from lms_toolkit import hookimpl\nheard = []\n@hookimpl\ndef lms_on_event(event):\n    "
    bad, good = f"{listener}raise ValueError('no mail server')\n", f"{listener}heard.append(event.name)\n"
    monkeypatch.syspath_prepend(plugin_distribution("aa_bad", bad))
    plugin_distribution("good", good)
    warnings: list[str] = []
    Plugins(warn=warnings.append).tell(Event("package.built", utc_now))
    assert warnings == ["plugin aa_bad failed on package.built: ValueError: no mail server"]
    import good_module

    assert good_module.heard == ["package.built"]


def test_an_unknown_format_names_the_known_ones(run):
    ran = run("build", "sure", "--format", "papyrus")
    assert ran.code == 2
    assert ran.err.startswith("Error: no plugin offers the format 'papyrus' (known: ")
    assert "scorm12" in ran.err
