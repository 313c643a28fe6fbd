"""Everybody in a list gets an outcome of their own, although Moodle takes or refuses whole batches."""

from __future__ import annotations

import pytest

from lms_moodle import people
from lms_toolkit.errors import AuthError, Refused
from lms_toolkit.model import User


class Accounts:
    """Moodle's accounts and enrolments: strict like it, all of a batch or none."""

    def __init__(self, stub):
        self.users: list[dict[str, object]] = []
        self.enrolled: list[int] = []
        self.unwelcome: set[str] = set()
        self.next_id = 100
        stub.functions |= {
            "core_user_get_users_by_field": self.by_field,
            "core_user_create_users": self.create,
            "core_enrol_get_enrolled_users": self.list_enrolled,
            "enrol_manual_enrol_users": self.enrol,
        }

    def add(self, username, email, idnumber=""):
        self.next_id += 1
        self.users.append({"id": self.next_id, "username": username, "email": email, "idnumber": idnumber})
        return str(self.next_id)

    def by_field(self, params):
        return [user for user in self.users if user[params["field"]] in params["values"]]

    def create(self, params):
        taken = {user["username"] for user in self.users} | {user["email"] for user in self.users}
        for user in params["users"]:
            if {user["username"], user["email"]} & taken or user["username"] in self.unwelcome:
                return refusal("invalidparameter", f"Username already exists: {user['username']}")
            assert user["createpassword"] == "1"
        return [{"id": int(self.add(user["username"], user["email"], user.get("idnumber", ""))), "username": "x"}
                for user in params["users"]]  # fmt: skip

    def list_enrolled(self, params):
        options = {option["name"]: option["value"] for option in params["options"]}
        start = int(options["limitfrom"])
        page = self.enrolled[start : start + int(options["limitnumber"])]
        return [user for user in self.users if user["id"] in page]

    def enrol(self, params):
        wanted = [int(entry["userid"]) for entry in params["enrolments"]]
        names = {user["id"]: user["username"] for user in self.users}
        if any(names[ref] in self.unwelcome for ref in wanted):
            return refusal("invaliduser", "not this one")
        self.enrolled += wanted
        return None


def refusal(errorcode, message):
    return {"exception": "moodle_exception", "errorcode": errorcode, "message": message}


@pytest.fixture
def accounts(stub):
    return Accounts(stub)


def person(name, **changes):
    values = {"username": name, "email": f"{name}@example.org", "first_name": "Amina", "last_name": "Test", **changes}
    return User(**values)


def outcomes(client, entries, create=True):
    return [outcome.outcome for outcome in people.enrol(client, "2", entries, 5, create=create)]


def test_accounts_are_found_by_idnumber_then_user_name_then_address(client, accounts):
    by_id, by_name, by_mail = (
        accounts.add("a1", "a1@example.org", "L-1"),
        accounts.add("b1", "b1@example.org"),
        accounts.add("c1", "c1@example.org"),
    )
    found = people.match(
        client,
        [person("other", idnumber="L-1"), person("b1", email="new@example.org"), person("x", email="C1@Example.org")],
    )

    assert [match.ref for match in found] == [by_id, by_name, by_mail]


def test_an_address_of_two_accounts_is_not_guessed(client, accounts):
    accounts.add("a1", "shared@example.org")
    accounts.add("a2", "shared@example.org")

    [outcome] = people.enrol(client, "2", [person("x", email="shared@example.org")], 5, create=True)

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
    assert [call.function for call in client.calls if call.writes] == []


def test_one_account_that_cannot_be_made_does_not_stop_the_others(client, accounts):
    accounts.unwelcome = {"u3"}
    entries = [person(f"u{number}") for number in range(8)]

    result = people.enrol(client, "2", entries, 5, create=True)

    assert [outcome.outcome for outcome in result] == ["enrolled"] * 3 + ["refused"] + ["enrolled"] * 4
    assert len(accounts.users) == 7


def test_a_refusal_does_not_repeat_names_and_addresses(client, accounts):
    accounts.unwelcome = {"amina"}

    [outcome] = people.enrol(client, "2", [person("amina")], 5, create=True)

    assert "already exists" in outcome.note
    assert "amina" not in outcome.note.lower()


def test_one_enrolment_that_is_refused_does_not_stop_the_others(client, accounts):
    for number in range(6):
        accounts.add(f"u{number}", f"u{number}@example.org")
    accounts.unwelcome = {"u0", "u5"}

    result = people.enrol(client, "2", [person(f"u{number}") for number in range(6)], 5, create=False)

    assert [outcome.outcome for outcome in result] == [
        "refused",
        "enrolled",
        "enrolled",
        "enrolled",
        "enrolled",
        "refused",
    ]
    assert "not this one" in result[0].note
    assert len(accounts.enrolled) == 4


@pytest.mark.parametrize("errorcode", ["wsnoinstance", "wsusercannotassign"])
def test_a_refusal_that_concerns_everybody_is_raised_at_once(client, accounts, stub, errorcode):
    stub.functions["enrol_manual_enrol_users"] = lambda params: refusal(errorcode, "no")
    entries = [person(f"u{number}") for number in range(8)]

    with pytest.raises(Refused) as caught:
        people.enrol(client, "2", entries, 5, create=True)
    assert caught.value.errorcode == errorcode
    assert stub.called().count("enrol_manual_enrol_users") == 1


def test_missing_rights_are_raised_at_once(client, accounts, stub):
    stub.functions["core_user_create_users"] = lambda params: refusal("nopermissions", "moodle/user:create")

    with pytest.raises(AuthError, match="moodle/user:create"):
        people.enrol(client, "2", [person("a"), person("b")], 5, create=True)


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"username": "Bad Name!"}, "a user name has only letters"),
        ({"email": "nobody"}, "e-mail address is missing or malformed"),
        ({"last_name": " "}, "first and last name are needed"),
    ],
)
def test_what_moodle_would_refuse_without_saying_why_is_said_here(client, accounts, changes, note):
    [outcome] = people.enrol(client, "2", [person("amina", **changes)], 5, create=True)

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
    accounts.enrolled = [int(accounts.add(f"u{number}", f"u{number}@example.org")) for number in range(1201)]
    last = accounts.users[-1]["username"]

    assert outcomes(client, [person(last)], create=False) == ["already"]


def test_a_roster_that_repeats_its_page_does_not_loop(client, accounts, stub):
    accounts.enrolled = [int(accounts.add("amina", "amina@example.org"))]
    stub.functions["core_enrol_get_enrolled_users"] = lambda params: accounts.users

    assert outcomes(client, [person("amina")], create=False) == ["already"]
    assert stub.called().count("core_enrol_get_enrolled_users") == 2


def test_the_same_person_twice_is_enrolled_once(client, accounts, stub):
    assert outcomes(client, [person("amina"), person("amina")]) == ["enrolled", "enrolled"]
    assert len(accounts.enrolled) == 1
