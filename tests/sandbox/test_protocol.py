"""The web service is as strict as Moodle's, so that what works here works there."""

from __future__ import annotations

import pytest
import requests


def test_it_says_who_we_are_and_which_functions_there_are(wire):
    info = wire.call("core_webservice_get_site_info")

    assert info["username"] == "lmstoolkit"
    assert info["siteurl"] == wire.sandbox.url
    assert "sandbox" in info["release"]
    assert {"core_course_create_courses", "local_lmstoolkit_apply_module"} <= {
        entry["name"] for entry in info["functions"]
    }


@pytest.mark.parametrize("token", ["f" * 32, "0", "' OR 1=1 --"])
def test_a_wrong_token_is_refused_with_http_200(wire, token):
    answer = wire.call("core_webservice_get_site_info", token=token)

    assert answer["errorcode"] == "invalidtoken"
    assert answer["exception"].endswith("moodle_exception")


def test_an_expired_token_is_refused_as_an_access_exception(wire):
    with wire.sandbox.site.database.writing() as db:
        db.execute("UPDATE tokens SET valid_until = 1")

    assert wire.call("core_webservice_get_site_info")["errorcode"] == "accessexception"


def test_a_token_in_the_address_is_refused_though_moodle_would_take_it(wire):
    query = {"wstoken": wire.sandbox.token, "wsfunction": "core_webservice_get_site_info"}
    response = wire.post({"moodlewsrestformat": "json"}, params=query)

    assert response.json()["errorcode"] == "tokeninurl"


def test_an_unknown_function_is_refused(wire):
    assert wire.call("core_course_delete_everything")["errorcode"] == "invalidrecord"
    assert "Missing function name" in wire.call("")["message"]


def test_a_json_body_is_not_read(wire):
    form = {"wstoken": wire.sandbox.token, "wsfunction": "core_webservice_get_site_info", "moodlewsrestformat": "json"}
    response = requests.post(f"{wire.sandbox.url}/webservice/rest/server.php", json=form, timeout=10)

    assert b"<EXCEPTION>" in response.content  # as nothing was read, not even the format: Moodle's default is XML


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"fieldd": "id"}, "Unexpected keys (fieldd)"),
        ({"field[0]": "id"}, "Scalar type expected"),
        ({"field": "id!"}, 'the server was expecting "alpha" type'),
        ({"field": "color"}, "Invalid field name"),
    ],
)
def test_parameters_nobody_declared_are_refused(wire, fields, complaint):
    answer = wire.call("core_course_get_courses_by_field", fields)

    assert answer["errorcode"] == "invalidparameter"
    assert complaint in answer["message"]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"fullname": None}, "courses => Missing required key in single structure: fullname"),
        ({"shortnam": "x"}, "Unexpected keys (shortnam)"),
        ({"visible": "true"}, "visible => "),
        ({"startdate": "1.5"}, "startdate => "),
        ({"startdate": "007"}, "startdate => "),
        ({"fullname": "Un <b>gras</b>"}, "fullname => "),
        ({"format": "Topics!"}, "format => "),
    ],
)
def test_a_course_is_checked_field_by_field(wire, change, complaint):
    wire.new_course("first")
    course = {"fullname": "Deux", "shortname": "two", "categoryid": "1", **change}
    form = {f"courses[0][{name}]": value for name, value in course.items() if value is not None}

    answer = wire.call("core_course_create_courses", form)

    assert answer["errorcode"] == "invalidparameter"
    assert complaint in answer["message"]


@pytest.mark.parametrize("value", ["true", "false", "yes", "2", ""])
def test_a_boolean_is_0_or_1_and_nothing_else(wire, value):
    assert wire.call("core_course_get_categories", {"addsubcategories": value})["errorcode"] == "invalidparameter"
    assert wire.call("core_course_get_categories", {"addsubcategories": "1"}) == []


def test_a_text_may_have_accents_emoji_and_a_lonely_less_than(wire):
    course = wire.new_course("accents", fullname="L’été 🌍 : 1 < 2 & « œuvre »")

    (found,) = wire.call("core_course_get_courses_by_field", {"field": "id", "value": str(course)})["courses"]
    assert found["fullname"] == "L’été 🌍 : 1 < 2 & « œuvre »"


def test_too_many_variables_cut_off_the_token_that_is_sent_last(start):
    wire = start(max_input_vars=20)
    users = {f"users[{number}][username]": f"u{number}" for number in range(30)}

    assert wire.call("core_user_create_users", users)["errorcode"] == "invalidtoken"


def test_creating_courses_is_all_or_nothing(wire):
    wire.new_course("taken")
    form = {}
    for number, shortname in enumerate(("fresh", "taken")):
        course = {"fullname": shortname, "shortname": shortname, "categoryid": "1"}
        form |= {f"courses[{number}][{name}]": value for name, value in course.items()}

    assert wire.call("core_course_create_courses", form)["errorcode"] == "shortnametaken"
    assert wire.call("core_course_get_courses_by_field", {"field": "shortname", "value": "fresh"})["courses"] == []


def test_updating_a_course_reports_what_went_wrong_as_a_warning(wire):
    wire.new_course("one")
    course = wire.new_course("two")

    answer = wire.call("core_course_update_courses", {"courses[0][id]": str(course), "courses[0][idnumber]": "one"})

    assert [(warning["itemid"], warning["warningcode"]) for warning in answer["warnings"]] == [
        (course, "courseidnumbertaken")
    ]


def test_a_language_that_is_not_installed_is_refused(wire):
    course = wire.new_course()
    answer = wire.call("core_course_update_courses", {"courses[0][id]": str(course), "courses[0][lang]": "tlh"})

    assert answer["warnings"][0]["warningcode"] == "errorinvalidparam"


def test_categories_are_found_by_their_idnumber(wire):
    wire.new_course()
    form = {"criteria[0][key]": "idnumber", "criteria[0][value]": "essais"}

    assert [found["name"] for found in wire.call("core_course_get_categories", form)] == ["Essais"]
    assert wire.call("core_course_get_categories", form | {"criteria[0][value]": "none"}) == []
    assert wire.call("core_course_get_categories", form | {"criteria[0][key]": "color"})["errorcode"] == "criteriaerror"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"username": "Amina"}, "username => "),  # Moodle takes lower case only
        ({"email": "amina", "username": "other"}, "Email address is invalid"),
        ({"email": "AMINA.TEST@example.org", "username": "other"}, "Email address already exists"),
        ({}, "Username already exists"),
        ({"username": "other", "email": "o@example.org", "createpassword": "0"}, "provide a password"),
        ({"username": "other", "email": "o@example.org", "firstname": " "}, "firstname cannot be blank"),
    ],
)
def test_accounts_are_checked_as_moodle_checks_them(wire, change, complaint):
    wire.enrol(wire.new_course())
    user = {
        "username": "amina.test",
        "firstname": "Amina",
        "lastname": "Test",
        "email": "new@example.org",
        "createpassword": "1",
    }
    form = {f"users[0][{name}]": value for name, value in (user | change).items()}

    assert complaint in wire.call("core_user_create_users", form)["message"]


def test_a_user_without_idnumber_is_shown_without_one(wire):
    wire.enrol(wire.new_course())
    form = {"field": "email", "values[0]": "AMINA.TEST@example.org", "values[1]": "nobody@example.org"}

    (user,) = wire.call("core_user_get_users_by_field", form)
    assert user["username"] == "amina.test"
    assert "idnumber" not in user


def test_enrolling_is_all_or_nothing_and_only_as_student(wire):
    course = wire.new_course()
    user = wire.enrol(course)
    form = {"enrolments[0][roleid]": "5", "enrolments[0][userid]": str(user), "enrolments[0][courseid]": str(course)}

    assert wire.call("enrol_manual_enrol_users", form) is None
    assert (
        wire.call("enrol_manual_enrol_users", form | {"enrolments[0][roleid]": "3"})["errorcode"]
        == "wsusercannotassign"
    )
    assert wire.call("enrol_manual_enrol_users", form | {"enrolments[0][userid]": "999"})["errorcode"] == "invaliduser"
    assert [found["id"] for found in wire.call("core_enrol_get_enrolled_users", {"courseid": str(course)})] == [user]


def test_enrolled_users_come_in_pages_with_the_fields_asked_for(wire):
    course = wire.new_course()
    users = [wire.enrol(course, f"user{number}") for number in range(5)]
    options = {"limitfrom": "2", "limitnumber": "2", "userfields": "username"}
    form = {"courseid": str(course)}
    for number, (name, value) in enumerate(options.items()):
        form |= {f"options[{number}][name]": name, f"options[{number}][value]": value}

    found = wire.call("core_enrol_get_enrolled_users", form)

    assert [user["id"] for user in found] == users[2:4]
    assert set(found[0]) == {"id", "username", "fullname"}


def test_results_survive_a_restart_at_the_same_address(deployed, learner):
    learner.commit(deployed.module, "quiz", {"cmi.core.score.raw": "55"})
    before = deployed.results()
    sandbox = deployed.wire.sandbox
    url = sandbox.url
    sandbox.stop()
    sandbox.start()

    assert sandbox.url == url
    assert deployed.results()["grades"] == before["grades"]
