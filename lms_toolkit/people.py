"""Says who is behind an account: the host's answer to `lms_resolve_learner`, and when two may be one person.

Nothing here merges people. An idnumber is declared, so it decides; an e-mail address may be an office's, so with it
the names have to agree; all else is proposed with its reasons, and a person says yes.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations

from lms_toolkit.model import Learner, MergeProposal, User


def resolve_learner(site: str, user: User) -> Learner:
    """The person with this idnumber, else with this e-mail address, else the account itself.

    Learner ids end up in logs, so an address is in them as a digest: the same person keeps one id on every site.
    """
    return Learner(_learner_id(site, user), _name(user))


def _learner_id(site: str, user: User) -> str:
    return learner_id_of(user.idnumber, user.email) or account_id(site, user.ref)


def account_id(site: str, user_ref: str) -> str:
    """The id of a person of whom nothing is known but this account."""
    return f"site:{site}:{user_ref}"


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


BY_ADDRESS = "person:"
"""How the id of a learner begins who is known by an e-mail address alone."""


def learner_id_of(idnumber: str, email: str) -> str:
    """The id of a person with this idnumber, else with this address; empty if there is neither."""
    if idnumber := _normalised(idnumber):
        return f"idnumber:{idnumber}"
    address = _normalised(email).lower()
    return f"{BY_ADDRESS}{sha256(address.encode()).hexdigest()[:24]}" if address else ""


def names_agree(one: str, other: str) -> bool:
    """Whether two names can be of one person: the words of one are among those of the other, two of them at least.

    Case, accents and the order of words do not matter: “PRUEBA Jorge” is “Jorge Prueba”, and so is “Jorge L. Prueba”.
    """
    first, second = _words(one), _words(other)
    shorter, longer = sorted((first, second), key=len)
    return first == second or (len(shorter) > 1 and shorter <= longer)


def folded(text: str) -> str:
    """A text without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _words(name: str) -> frozenset[str]:
    return frozenset("".join(c if c.isalnum() else " " for c in folded(name)).split())


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing known of a learner: an account, or a past participation. `where` names it."""

    learner_id: str
    name: str
    email: str
    idnumber: str
    username: str
    where: str

    def __repr__(self) -> str:
        return f"Trace(learner_id={self.learner_id!r}, where={self.where!r})"


def propose_merges(traces: Iterable[Trace]) -> list[MergeProposal]:
    """Pairs of learners who share something that one person would, those with most reasons first."""
    found: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    traces = list(traces)
    for what, groups in (
        ("idnumber", _grouped(traces, lambda one: _normalised(one.idnumber).lower())),
        ("e-mail address", _grouped(traces, lambda one: _normalised(one.email).lower())),
        ("user name", _grouped(traces, lambda one: _normalised(one.username).lower())),
        ("name", _grouped(traces, lambda one: " ".join(sorted(_words(one.name))))),
    ):
        for group in groups.values():
            for pair, (first, second) in _pairs(group):
                if what != "user name" or names_agree(first.name, second.name):
                    found[pair][_why(what, first, second)] = None
    proposals = [MergeProposal(*pair, tuple(reasons)) for pair, reasons in found.items()]
    return sorted(proposals, key=lambda one: (-len(one.reasons), one.first_id, one.second_id))


def _grouped(traces: Sequence[Trace], key_of: Callable[[Trace], str]) -> Mapping[str, list[Trace]]:
    groups: defaultdict[str, list[Trace]] = defaultdict(list)
    for one in traces:
        if key := key_of(one):
            groups[key].append(one)
    return groups


_MANY = 20
"""A name, or an office's address, that more learners share says nothing of any two of them."""


def _pairs(group: Sequence[Trace]) -> Iterator[tuple[tuple[str, str], tuple[Trace, Trace]]]:
    by_learner = {one.learner_id: one for one in group}
    if len(by_learner) > _MANY:
        return
    for first, second in combinations(sorted(by_learner), 2):
        yield (first, second), (by_learner[first], by_learner[second])


def _why(what: str, first: Trace, second: Trace) -> str:
    differ = "" if what == "name" or names_agree(first.name, second.name) else ", but the names differ"
    return f"same {what} ({first.where}; {second.where}){differ}"
