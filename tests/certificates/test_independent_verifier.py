"""A verifier that we did not write says the same: Digital Bazaar's libraries, from npm, offline."""

from __future__ import annotations

import copy
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lms_certificates.rdf import context_document, known_contexts
from lms_toolkit.model import Achievement

PACKAGES = (
    "@digitalbazaar/vc@7",
    "@digitalbazaar/data-integrity@2",
    "@digitalbazaar/eddsa-rdfc-2022-cryptosuite@1",
    "@digitalbazaar/vc-bitstring-status-list@2",
)
SCRIPT = Path(__file__).with_name("independent_verifier.mjs")


@pytest.fixture(scope="session")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[Any]]:
    """`ask(documents, cases)`: what the other verifier answers to each case."""
    npm = shutil.which("npm")
    if npm is None or os.environ.get("LMS_TOOLKIT_TEST_NPM") != "1":
        pytest.skip("set LMS_TOOLKIT_TEST_NPM=1 to get the independent verifier with npm")
    folder = tmp_path_factory.mktemp("verifier")
    command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    shutil.copy(SCRIPT, folder)

    def answers(documents: dict[str, Any], cases: list[dict[str, Any]]) -> list[Any]:
        question = json.dumps({"documents": documents, "cases": cases})
        done = subprocess.run(
            ["node", SCRIPT.name], cwd=folder, input=question, capture_output=True, text=True, check=True
        )
        found: list[Any] = json.loads(done.stdout)
        return found

    return answers


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if not isinstance(value, dict | list):
        return [path]
    members = value.items() if isinstance(value, dict) else enumerate(value)
    return [leaf for key, member in members for leaf in leaves(member, (*path, key))]


def changed(document: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    copied = copy.deepcopy(document)
    place = copied
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = True if place[path[-1]] is False else f"{place[path[-1]]}1"
    return copied


def test_our_credential_verifies_there_and_changed_in_any_value_it_does_not(ask, certifier, record):
    about = Achievement({"fr": "La réinsertion", "en": "Reintegration"}, {"en": "Four modules."}, 60.0)
    credential = json.loads(certifier.credential(record, about, 7))
    issuer = json.loads(certifier.issuer_document())
    now = datetime.now(UTC)
    lists = [json.loads(certifier.status_list(1, revoked, now)) for revoked in (set(), {7}, {6, 8})]
    contexts = {url: context_document(url) for url in known_contexts()}
    documents = {**contexts, issuer["id"]: issuer}
    answers = [
        ask({**documents, status["id"]: status}, [{"credential": credential, "withStatus": True}])[0]
        for status in lists
    ]
    assert answers == [True, "revoked", True]

    paths = [path for path in leaves(credential) if path[0] != "@context"]
    assert len(paths) > 40
    cases = [{"credential": changed(credential, path), "withStatus": False} for path in paths]
    untouched, *tampered = ask(documents, [{"credential": credential, "withStatus": False}, *cases])
    assert untouched is True
    assert [path for path, answer in zip(paths, tampered, strict=True) if answer is True] == []
