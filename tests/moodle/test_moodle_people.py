"""Everybody in a list gets an outcome of their own, although Moodle takes or refuses whole batches."""

from __future__ import annotations

import pytest

from lms_moodle import people
from lms_moodle.enrolments import Enrolling
from lms_moodle.withdrawing import withdraw
from lms_toolkit.errors import AuthError, Refused
from lms_toolkit.model import Enrolment, EnrolOptions, User

STUDENT, TEACHER = 5, 4
ROLES = {"student": STUDENT, "teacher": TEACHER}
ORDER = ("idnumber", "email", "username")


class Accounts:
    """Moodle's accounts, enrolments, groups and cohorts: strict like it, all of a batch or none."""

    def __init__(self, stub):
        self.users: list[dict[str, object]] = []
        self.roles: dict[int, list[int]] = {}
        self.suspended: set[int] = set()
        self.unwelcome: set[str] = set()
        self.other_ways_in: set[int] = set()
        self.fields = {"sponsor"}
        self.groups = {31: ("Tables", "group:teams-1"), 32: ("Twins", ""), 33: ("twins", "")}
        self.cohorts = {41: ("Class of 2026", "C26")}
        self.members: dict[int, set[str]] = {}
        self.next_id = 100
        stub.functions |= {
            "core_user_get_users_by_field": self.by_field,
            "core_user_create_users": self.create,
            "core_user_update_users": self.update,
            "core_enrol_get_enrolled_users": self.list_enrolled,
            "enrol_manual_enrol_users": self.enrol,
            "core_group_get_course_groups": lambda params: places(self.groups),
            "core_cohort_get_cohorts": lambda params: places(self.cohorts),
            "core_group_get_group_members": lambda params: self.by_place("groupid", params["groupids"]),
            "core_cohort_get_cohort_members": lambda params: self.by_place("cohortid", params["cohortids"]),
            "core_group_add_group_members": self.join_groups,
            "core_cohort_add_cohort_members": self.join_cohorts,
        }

    def add(self, username, email, idnumber="", **more):
        self.next_id += 1
        account = {"id": self.next_id, "username": username, "email": email, "idnumber": idnumber, **more}
        self.users.append(account)
        return str(self.next_id)

    def take_in(self, username, role=STUDENT):
        ref = int(self.add(username, f"{username}@example.org"))
        self.roles[ref] = [role]
        return str(ref)

    def by_field(self, params):
        return [user for user in self.users if str(user[params["field"]]) in params["values"]]

    def create(self, params):
        taken = {user["username"] for user in self.users} | {user["email"] for user in self.users}
        for user in params["users"]:
            if {user["username"], user["email"]} & taken or user["username"] in self.unwelcome:
                return refusal("invalidparameter", f"Username already exists: {user['username']}")
            assert user["createpassword"] == "1"
        made = [
            self.add(user["username"], user["email"], user.get("idnumber", ""), **self.kept(user))
            for user in params["users"]
        ]
        return [{"id": int(ref), "username": "x"} for ref in made]

    def kept(self, user):
        """Moodle passes over profile fields that it does not have."""
        fields = [field for field in user.get("customfields", []) if field["type"] in self.fields]
        return {"customfields": [{"shortname": field["type"], "value": field["value"]} for field in fields]}

    def update(self, params):
        for change in params["users"]:
            next(user for user in self.users if user["id"] == int(change["id"])).update(self.kept(change))
        return {"warnings": []}

    def list_enrolled(self, params):
        options = {option["name"]: option["value"] for option in params["options"]}
        outside = self.suspended - self.other_ways_in
        wanted = [ref for ref in self.roles if (ref in outside) == ("onlysuspended" in options)]
        start = int(options["limitfrom"])
        page = wanted[start : start + int(options["limitnumber"])]
        return [{"id": ref, "roles": [{"roleid": role} for role in self.roles[ref]]} for ref in page]

    def enrol(self, params):
        names = {user["id"]: user["username"] for user in self.users}
        if any(names[int(entry["userid"])] in self.unwelcome for entry in params["enrolments"]):
            return refusal("invaliduser", "not this one")
        for entry in params["enrolments"]:
            ref, role = int(entry["userid"]), int(entry["roleid"])
            if role not in self.roles.setdefault(ref, []):
                self.roles[ref].append(role)
            (self.suspended.add if entry.get("suspend") == "1" else self.suspended.discard)(ref)
        return None

    def by_place(self, key, wanted):
        return [
            {key: int(place), "userids": [int(ref) for ref in self.members.get(int(place), ())]} for place in wanted
        ]

    def join_groups(self, params):
        if any(int(member["userid"]) not in self.roles for member in params["members"]):
            return refusal("invalidparameter", "Only enrolled users may be members of groups")
        for member in params["members"]:
            self.members.setdefault(int(member["groupid"]), set()).add(member["userid"])
        return None

    def join_cohorts(self, params):
        for member in params["members"]:
            self.members.setdefault(int(member["cohorttype"]["value"]), set()).add(member["usertype"]["value"])
        return {"warnings": []}


def places(named):
    return [{"id": ref, "name": name, "idnumber": idnumber} for ref, (name, idnumber) in named.items()]


def refusal(errorcode, message):
    return {"exception": "moodle_exception", "errorcode": errorcode, "message": message}


@pytest.fixture
def accounts(stub):
    return Accounts(stub)


def person(name, **changes):
    values = {"username": name, "email": f"{name}@example.org", "first_name": "Amina", "last_name": "Test", **changes}
    return User(**values)


def enrol(client, entries, **options):
    listed = [entry if isinstance(entry, Enrolment) else Enrolment(entry) for entry in entries]
    return Enrolling(client, "2", ROLES, EnrolOptions(**{"create": True, **options})).enrol(listed)


def outcomes(client, entries, create=True):
    return [outcome.outcome for outcome in enrol(client, entries, create=create)]


def writes(client):
    return [call.function for call in client.calls if call.writes]


def test_accounts_are_found_by_idnumber_then_address_then_user_name(client, accounts):
    by_id, by_mail, by_name = (
        accounts.add("a1", "a1@example.org", "L-1"),
        accounts.add("b1", "b1@example.org"),
        accounts.add("c1", "c1@example.org"),
    )
    listed = [
        person("b1", email="b1@example.org", idnumber="L-1"),
        person("c1", email="B1@Example.org"),
        person("c1", email="new@example.org"),
    ]

    found = people.find(client, [Enrolment(one) for one in listed], ORDER)

    assert [match.ref for match in found] == [by_id, by_mail, by_name]


def test_only_what_was_asked_for_identifies_anybody(client, accounts):
    accounts.add("amina", "old@example.org", "L-1")

    [outcome] = enrol(client, [person("amina", idnumber="L-1")], match=("email",), create=False)

    assert (outcome.outcome, outcome.note) == ("refused", "no account has this email; --create makes one")


def test_an_account_with_another_idnumber_is_somebody_else(client, accounts):
    accounts.add("amina", "amina@example.org", "L-1")

    [outcome] = enrol(client, [person("amina", idnumber="L-2")])

    assert outcome.outcome == "refused"
    assert "another idnumber" in outcome.note
    assert len(accounts.users) == 1
    assert enrol(client, [person("amina", idnumber="L-2")], match=("email",))[0].outcome == "enrolled"


def test_two_people_of_the_list_who_are_one_account_are_both_refused(client, accounts):
    accounts.add("amina", "amina@example.org", "L-1")
    listed = [person("x", email="x@example.org", idnumber="L-1"), person("jorge", email="amina@example.org")]

    results = enrol(client, [*listed, person("chloe")])

    assert [outcome.outcome for outcome in results] == ["refused", "refused", "enrolled"]
    assert "another row of the list is the same account" in results[0].note


def test_an_address_of_two_accounts_is_not_guessed(client, accounts):
    accounts.add("a1", "shared@example.org")
    accounts.add("a2", "shared@example.org")

    [outcome] = enrol(client, [person("x", email="shared@example.org")])

    assert outcome.outcome == "refused"
    assert "2 accounts have this email" in outcome.note
    assert len(accounts.users) == 2


def test_missing_accounts_are_made_only_when_asked(client, accounts):
    assert outcomes(client, [person("amina")], create=False) == ["refused"]
    assert accounts.users == []
    assert outcomes(client, [person("amina")]) == ["enrolled"]
    assert len(accounts.users) == 1


def test_a_second_run_finds_everybody_enrolled_and_writes_nothing(client, accounts):
    entries = [person("amina"), person("jorge")]
    outcomes(client, entries)
    client.calls.clear()

    assert outcomes(client, entries) == ["already", "already"]
    assert writes(client) == []


def test_a_list_of_thousands_is_looked_up_in_calls_that_php_takes_whole(client, accounts, stub):
    accounts.add("u1999", "u1999@example.org")

    found = people.find(client, [listed(f"u{number}") for number in range(2000)], ORDER)

    assert [match.person.user.username for match in found if match.ref] == ["u1999"]
    assert len(stub.sent) == 2 * 3  # by address, then by user name: nobody has an idnumber


def test_one_account_that_cannot_be_made_does_not_stop_the_others(client, accounts):
    accounts.unwelcome = {"u3"}
    entries = [person(f"u{number}") for number in range(8)]

    result = enrol(client, entries)

    assert [outcome.outcome for outcome in result] == ["enrolled"] * 3 + ["refused"] + ["enrolled"] * 4
    assert len(accounts.users) == 7


def test_a_refusal_does_not_repeat_names_and_addresses(client, accounts):
    accounts.unwelcome = {"amina"}

    [outcome] = enrol(client, [person("amina")])

    assert "already exists" in outcome.note
    assert "amina" not in outcome.note.lower()


def test_one_enrolment_that_is_refused_does_not_stop_the_others(client, accounts):
    for number in range(6):
        accounts.add(f"u{number}", f"u{number}@example.org")
    accounts.unwelcome = {"u0", "u5"}

    result = enrol(client, [person(f"u{number}") for number in range(6)], create=False)

    assert [outcome.outcome for outcome in result] == [
        "refused",
        "enrolled",
        "enrolled",
        "enrolled",
        "enrolled",
        "refused",
    ]
    assert "not this one" in result[0].note
    assert len(accounts.roles) == 4


@pytest.mark.parametrize("errorcode", ["wsnoinstance", "wsusercannotassign"])
def test_a_refusal_that_concerns_everybody_is_raised_at_once(client, accounts, stub, errorcode):
    stub.functions["enrol_manual_enrol_users"] = lambda params: refusal(errorcode, "no")
    entries = [person(f"u{number}") for number in range(8)]

    with pytest.raises(Refused) as caught:
        enrol(client, entries)
    assert caught.value.errorcode == errorcode
    assert stub.called().count("enrol_manual_enrol_users") == 1


def test_missing_rights_are_raised_at_once(client, accounts, stub):
    stub.functions["core_user_create_users"] = lambda params: refusal("nopermissions", "moodle/user:create")

    with pytest.raises(AuthError, match="moodle/user:create"):
        enrol(client, [person("a"), person("b")])


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"username": "Bad Name!"}, "a user name has only letters"),
        ({"email": "nobody"}, "e-mail address is missing or malformed"),
        ({"last_name": " "}, "first and last name are needed"),
    ],
)
def test_what_moodle_would_refuse_without_saying_why_is_said_here(client, accounts, changes, note):
    [outcome] = enrol(client, [person("amina", **changes)])

    assert outcome.outcome == "refused"
    assert note in outcome.note


def test_accounts_whose_answer_was_lost_are_looked_up(client, accounts, stub):
    def create_and_lose(params):
        accounts.create(params)
        return "•cut•"

    stub.functions["core_user_create_users"] = create_and_lose

    assert outcomes(client, [person("amina"), person("jorge")]) == ["enrolled", "enrolled"]
    assert len(accounts.users) == 2


def test_large_lists_are_sent_in_pieces_that_php_takes_whole(client, accounts, stub):
    entries = [person(f"u{number:03}") for number in range(230)]

    assert outcomes(client, entries) == ["enrolled"] * 230
    assert max(len(sent.fields) for sent in stub.sent) < 1000


def test_pages_of_the_roster_are_read_to_the_end(client, accounts):
    for number in range(1201):
        accounts.take_in(f"u{number}")

    assert outcomes(client, [person("u1200")], create=False) == ["already"]


def test_a_roster_that_repeats_its_page_does_not_loop(client, accounts, stub):
    ref = int(accounts.take_in("amina"))
    member = {"id": ref, "roles": [{"roleid": STUDENT}]}
    stub.functions["core_enrol_get_enrolled_users"] = lambda params: [member]

    assert outcomes(client, [person("amina")], create=False) == ["already"]
    assert stub.called().count("core_enrol_get_enrolled_users") == 4  # two rosters, each asked for once more


def test_the_same_person_twice_is_enrolled_once(client, accounts, stub):
    assert outcomes(client, [person("amina"), person("amina")]) == ["enrolled", "enrolled"]
    assert len(accounts.roles) == 1


def listed(name, **places):
    return Enrolment(person(name), **places)


def test_people_get_into_groups_by_key_or_name_and_into_cohorts_once(client, accounts):
    entry = listed("amina", groups=("teams-1", "TABLES"), cohort="C26")

    [first] = enrol(client, [entry])
    client.calls.clear()
    [second] = enrol(client, [entry])

    assert first.outcome == "enrolled"
    assert {"new account", "group Tables", "cohort Class of 2026"} <= set(first.note.split("; "))
    assert accounts.members == {31: {first.user.ref}, 41: {first.user.ref}}
    assert (second.outcome, second.note) == ("already", "")
    assert writes(client) == []


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ({"groups": ("Chairs",)}, "there is no group “Chairs”"),
        ({"groups": ("twins",)}, "2 groups are called “twins”"),
        ({"cohort": "C27"}, "there is no cohort “C27”"),
        ({"role": "manager"}, "may give nobody the role manager"),
    ],
)
def test_nobody_is_taken_in_halfway_when_a_place_is_not_there(client, accounts, places, said):
    results = enrol(client, [listed("amina", **places), person("jorge")])

    assert [outcome.outcome for outcome in results] == ["refused", "enrolled"]
    assert said in results[0].note
    assert [user["username"] for user in accounts.users] == ["jorge"]


def test_a_group_that_is_joined_later_is_an_update(client, accounts):
    accounts.take_in("amina")

    [outcome] = enrol(client, [listed("amina", groups=("teams-1",))])

    assert (outcome.outcome, outcome.note) == ("updated", "group Tables")


def test_a_tutor_gets_the_role_with_fewer_rights_that_may_be_given(client, accounts):
    accounts.take_in("amina")

    [outcome] = enrol(client, [listed("amina", role="tutor")])

    assert (outcome.outcome, outcome.note) == ("updated", "role tutor")
    assert accounts.roles[int(outcome.user.ref)] == [STUDENT, TEACHER]


def test_a_tutor_on_a_list_of_learners_stays_a_tutor(client, accounts):
    ref = int(accounts.take_in("amina", TEACHER))

    assert outcomes(client, [person("amina")]) == ["already"]
    assert accounts.roles[ref] == [TEACHER]


def test_a_member_that_the_site_quietly_leaves_out_is_noticed(client, accounts, stub):
    stub.functions["core_cohort_add_cohort_members"] = lambda params: {"warnings": [{"warningcode": "1"}]}

    [outcome] = enrol(client, [listed("amina", cohort="C26")])

    assert outcome.outcome == "refused"
    assert outcome.note == "is enrolled, but not in Class of 2026: the site left them out without saying why"


def test_sponsors_are_written_once_for_new_and_known_accounts(client, accounts):
    accounts.take_in("jorge")
    entries = [listed("amina", sponsor="UNDP"), listed("jorge", sponsor="ILO")]

    first = enrol(client, entries)
    client.calls.clear()
    second = enrol(client, entries)

    assert [(outcome.outcome, outcome.note) for outcome in first] == [
        ("enrolled", "new account"),
        ("updated", "sponsor"),
    ]
    assert [user["customfields"][0]["value"] for user in accounts.users] == ["ILO", "UNDP"]
    assert [outcome.outcome for outcome in second] == ["already", "already"]
    assert writes(client) == []


def test_a_site_without_the_profile_field_is_told_and_the_person_is_in(client, accounts):
    accounts.fields = set()

    [outcome] = enrol(client, [listed("amina", sponsor="UNDP")])

    assert outcome.outcome == "refused"
    assert "is enrolled, but without the sponsor: the site has no profile field “sponsor”" in outcome.note
    assert len(accounts.roles) == 1


def test_an_account_that_may_not_change_others_says_which_right_it_lacks(client, accounts, stub):
    accounts.take_in("jorge")
    stub.functions["core_user_update_users"] = lambda params: refusal("nopermissions", "moodle/user:update")

    [outcome] = enrol(client, [listed("jorge", sponsor="ILO")])

    assert outcome.outcome == "refused"
    assert "moodle/user:update" in outcome.note


def test_a_dry_run_says_what_would_come_of_it_and_writes_nothing(client, accounts):
    accounts.take_in("jorge")
    entries = [
        listed("amina", groups=("teams-1",), sponsor="UNDP"),
        listed("jorge", groups=("teams-1",), sponsor="ILO"),
        listed("chloe", groups=("nowhere",)),
        person("Bad Name!"),
    ]

    results = enrol(client, entries, dry_run=True)

    assert [(outcome.outcome, outcome.note) for outcome in results[:2]] == [
        ("enrolled", "new account; group Tables"),
        ("updated", "group Tables; sponsor"),
    ]
    assert [outcome.outcome for outcome in results[2:]] == ["refused", "refused"]
    assert writes(client) == []


def test_withdrawn_people_are_suspended_and_come_back_when_enrolled_again(client, accounts):
    entries = [listed("amina"), listed("jorge", role="tutor")]
    refs = [int(outcome.user.ref) for outcome in enrol(client, entries)]

    assert [one.outcome for one in withdraw(client, "2", entries, ROLES, EnrolOptions())] == ["withdrawn", "withdrawn"]
    assert accounts.suspended == set(refs)
    assert accounts.roles == {refs[0]: [STUDENT], refs[1]: [TEACHER]}
    assert [one.outcome for one in withdraw(client, "2", entries, ROLES, EnrolOptions())] == ["already", "already"]
    again = enrol(client, entries)
    assert [(one.outcome, one.note) for one in again] == [("enrolled", "was withdrawn before")] * 2
    assert accounts.suspended == set()


def test_withdrawing_makes_no_account_and_names_who_is_unknown(client, accounts):
    [outcome] = withdraw(client, "2", [listed("amina")], ROLES, EnrolOptions())

    assert (outcome.outcome, outcome.note) == ("refused", "no account has this idnumber or email or username")
    assert writes(client) == []


def test_somebody_who_is_in_by_another_way_is_not_called_withdrawn(client, accounts):
    accounts.other_ways_in = {int(accounts.take_in("amina"))}

    [outcome] = withdraw(client, "2", [listed("amina")], ROLES, EnrolOptions())

    assert outcome.outcome == "refused"
    assert "by another method" in outcome.note


def test_a_dry_withdrawal_writes_nothing(client, accounts):
    accounts.take_in("amina")

    [outcome] = withdraw(client, "2", [listed("amina")], ROLES, EnrolOptions(dry_run=True))

    assert outcome.outcome == "withdrawn"
    assert writes(client) == []


def test_every_batch_stays_within_what_php_takes_by_default(client, accounts, stub):
    entries = [
        listed(f"u{number:03}", groups=("teams-1",), cohort="C26", sponsor="UNDP", language="fr")
        for number in range(230)
    ]

    assert {outcome.outcome for outcome in enrol(client, entries)} == {"enrolled"}
    assert max(len(sent.fields) for sent in stub.sent) <= 805
    assert {sent.fields[-1][0] for sent in stub.sent} == {"wstoken"}
