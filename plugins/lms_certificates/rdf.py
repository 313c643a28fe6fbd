"""What a JSON-LD document says, as the canonical N-Quads that a signature covers (RDF Dataset Canonicalization).

Nothing is fetched: the contexts are files of this package, each with the digest it must have. A member that no context
defines would be left out of what is signed, so it is refused; and a document made to keep the algorithm busy is given
up after a bounded number of steps.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from lms_certificates.faults import Fault, forged, unknown

if TYPE_CHECKING:
    from pyld.canon import URDNA2015

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"

MAX_STEPS = 2_000
"""Comparisons of look-alike nodes; a credential takes a handful, and a hostile one could ask for millions."""
MAX_ALIKE = 6
MAX_DEPTH = 40

_FOLDER = Path(__file__).parent / "contexts"
_CONTEXTS = {
    CREDENTIALS_V2: ("credentials-v2.json", "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"),
    CREDENTIALS_V1: ("credentials-v1.json", "00d7dd6d3ad8b920e3e550dd3a3d9090bffcac84cdbf943da6924b3e0a5c8bb8"),
    OPEN_BADGES: ("ob-v3p0-3.0.3.json", "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84"),
    "https://purl.imsglobal.org/spec/ob/v3p0/context.json": (
        "ob-v3p0-3.0.3.json",
        "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
    ),
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": (
        "ob-v3p0-3.0.2.json",
        "00666ad080ba407687ed1846b7f5e7495f5019042b202a727de47c48a1755c53",
    ),
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": (
        "ob-v3p0-3.0.1.json",
        "5f3d9dd6288ef437ff8286cf95ffbff609c748a66f24a1e9450c45ca64be1571",
    ),
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": (
        "ob-v3p0-extensions.json",
        "87c06c81bc2317663bf288d740d94fddd2818c4342b186270ff6371dfaa63f93",
    ),
    "https://w3id.org/security/data-integrity/v2": (
        "data-integrity-v2.json",
        "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
    ),
    "https://w3id.org/security/multikey/v1": (
        "multikey-v1.json",
        "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597",
    ),
}


def canonical_nquads(document: Mapping[str, Any]) -> bytes:
    """The canonical N-Quads of a document. Raises Fault: an unknown context, an undefined member, a hostile shape."""
    from pyld import jsonld

    _require_tree(document, 0)
    try:
        expanded = jsonld.expand(document, {"documentLoader": _load}, on_property_dropped=_refuse_dropped)
        dataset = jsonld.to_rdf(expanded, {"documentLoader": _load})
        canonical: str = _bounded().main(dataset, {"format": "application/n-quads"})
    except Fault:
        raise
    except jsonld.JsonLdError as error:
        raise _first_fault(error) or forged(f"it is not usable JSON-LD ({_reason(error)})") from error
    except (RecursionError, TypeError, ValueError, KeyError, AttributeError) as error:
        raise forged(f"it is not usable JSON-LD ({type(error).__name__})") from error
    return canonical.encode("utf-8")


def known_contexts() -> tuple[str, ...]:
    """The addresses of the contexts that are bundled."""
    return tuple(_CONTEXTS)


def context_document(url: str) -> dict[str, Any]:
    """A bundled context. Raises Fault for one that is not, PluginError for a file that was changed."""
    if url not in _CONTEXTS:
        raise unknown(f"it uses the context {url[:200]}, which is not among those bundled, and none is fetched")
    return _read(*_CONTEXTS[url])


@cache
def _read(name: str, sha256: str) -> dict[str, Any]:
    from lms_toolkit.errors import PluginError

    data = (_FOLDER / name).read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise PluginError(f"{name}: is not the context that was published; install lms-toolkit again")
    document: dict[str, Any] = json.loads(data)
    return document


def _load(url: str, options: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": context_document(url),
    }


def _refuse_dropped(name: object) -> NoReturn:
    raise forged(f"it has the member {str(name)[:80]!r}, which no context defines, so no signature can cover it")


def _require_tree(value: Any, depth: int) -> None:
    """Refuse what makes a graph of a tree: names for blank nodes, by which parts could refer to one another."""
    if depth > MAX_DEPTH:
        raise forged("it is nested too deeply")
    if isinstance(value, Mapping):
        for member in value.values():
            _require_tree(member, depth + 1)
    elif isinstance(value, list):
        for member in value:
            _require_tree(member, depth + 1)
    elif isinstance(value, str) and value.startswith("_:"):
        raise forged("it names a blank node, which no credential needs")


def _bounded() -> URDNA2015:
    from pyld.canon import URDNA2015

    class Bounded(URDNA2015):  # type: ignore[misc]  # pyld has no types
        steps = 0

        def hash_n_degree_quads(self, id_: str, issuer: Any) -> Any:
            self._count()
            return super().hash_n_degree_quads(id_, issuer)

        def hash_related_blank_node(self, related: Any, quad: Any, issuer: Any, position: Any) -> Any:
            self._count()
            return super().hash_related_blank_node(related, quad, issuer, position)

        def create_hash_to_related(self, id_: str, issuer: Any) -> Any:
            related = super().create_hash_to_related(id_, issuer)
            if any(len(alike) > MAX_ALIKE for alike in related.values()):  # all orders of them would be tried
                raise forged("it is made of too many parts that look alike")
            return related

        def _count(self) -> None:
            self.steps += 1
            if self.steps > MAX_STEPS:
                raise forged("it is made of too many parts that look alike")

    return Bounded()


def _first_fault(error: BaseException) -> Fault | None:
    """The Fault behind a JsonLdError: pyld wraps what a loader raises."""
    cause: Any = error
    while cause is not None:
        if isinstance(cause, Fault):
            return cause
        cause = getattr(cause, "cause", None) or cause.__cause__
    return None


def _reason(error: Any) -> str:
    cause = error
    while getattr(cause, "cause", None) is not None:
        cause = cause.cause
    return " ".join(str(getattr(cause, "code", "") or cause.args[0]).split())[:120]
