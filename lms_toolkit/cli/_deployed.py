"""Finds the deployment that `enrol`, `grades` and `certify` work on."""

from __future__ import annotations

from lms_toolkit.app import App
from lms_toolkit.errors import ConfigError
from lms_toolkit.model import Deployment


def deployed(app: App, edition: str, site: str, language: str | None) -> Deployment:
    """The deployment of an edition on a site, in the language asked for or the only one there is."""
    found = [
        deployment
        for deployment in app.store.deployments.all()
        if (deployment.edition, deployment.site) == (edition, site) and language in (None, *deployment.languages)
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise ConfigError(f"{edition} is not deployed on {site}; first: lms-toolkit deploy {edition} --site {site}")
    languages = ", ".join(deployment.language for deployment in found)
    raise ConfigError(f"{edition} is deployed on {site} in {languages}; choose one with --lang")
