"""Says who is behind an account: the host's answer to `lms_resolve_learner`, and when an earlier answer stands."""

from __future__ import annotations

import unicodedata
from hashlib import sha256

from lms_toolkit.model import Learner, User


def resolve_learner(site: str, user: User) -> Learner:
    """The person with this idnumber, else with this e-mail address, else the account itself.

    Learner ids end up in logs, so an address is in them as a digest: the same person keeps one id on every site.
    """
    return Learner(_learner_id(site, user), _name(user))


def _learner_id(site: str, user: User) -> str:
    if idnumber := _normalised(user.idnumber):
        return f"idnumber:{idnumber}"
    if email := _normalised(user.email).lower():
        return f"person:{sha256(email.encode()).hexdigest()[:24]}"
    return f"site:{site}:{user.ref}"


def _name(user: User) -> str:
    name = " ".join(f"{user.first_name} {user.last_name}".split())
    return name or user.username


def _normalised(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip())


def same_account(known: User, seen: User) -> bool:
    """Whether an account is still the person's it was when it was last seen.

    A site that was rebuilt gives old numbers to new people; somebody who marries or moves keeps at least one of these.
    """
    pairs = ((known.username, seen.username), (known.email, seen.email), (known.idnumber, seen.idnumber))
    return any(_normalised(old).lower() == _normalised(new).lower() != "" for old, new in pairs)
