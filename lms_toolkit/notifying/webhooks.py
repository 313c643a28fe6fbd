"""Posts messages to a program elsewhere, signed as in Standard Webhooks (https://www.standardwebhooks.com).

The signature covers the message's id, the time and the body: nobody else can make one, and an old one cannot be played
again unnoticed. A message whose answer was lost is posted again with the same id, by which a receiver knows it.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

import lms_toolkit
from lms_toolkit.errors import ConfigError
from lms_toolkit.notification_config import Webhook
from lms_toolkit.notifying.delivery import Delivery, HandOver
from lms_toolkit.store.outbox import Notification

if TYPE_CHECKING:
    from urllib.request import Request

_BASE64_SECRET = "whsec_"
_TRY_AGAIN = frozenset({408, 425, 429})


def deliver(hook: Webhook, message: Notification, now: datetime, hand_over: HandOver) -> Delivery:
    """Post one message; any 2xx says that it was taken, and what else the answer holds is not read."""
    from urllib.error import HTTPError
    from urllib.request import ProxyHandler, build_opener

    request = _request(hook, message, now)
    if not hand_over():
        return Delivery("lost")
    try:
        # What is for this machine only goes unencrypted, so it goes through no proxy that the environment names.
        direct = [ProxyHandler({})] if request.type == "http" else []
        build_opener(_no_redirects(), *direct).open(request, timeout=hook.timeout).close()
        return Delivery("sent")
    except HTTPError as refusal:
        refusal.close()
        return _judged(hook, refusal.code)
    except (OSError, HTTPException) as error:  # the request, and so the address, is not chained
        return Delivery("later", f"{hook.host} gave no answer ({type(error).__name__})", is_down=True)


def signature(secret: str, id: str, at: datetime, body: bytes) -> str:
    """What stands in the header `webhook-signature`."""
    signed = f"{id}.{int(at.timestamp())}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(_key(secret), signed, "sha256")).decode()


def body_of(message: Notification) -> bytes:
    """The JSON that is posted, the same each time."""
    told = {
        "id": message.id,
        "type": message.event,
        "timestamp": message.created_at.isoformat(),
        "data": dict(message.data),
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _key(secret: str) -> bytes:
    """A secret is a text, or `whsec_` and its bytes in base64."""
    if not secret.startswith(_BASE64_SECRET):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_BASE64_SECRET), validate=True)
    except ValueError as error:  # binascii.Error is one; letters beyond ASCII raise another
        raise ConfigError("the secret of a webhook begins with whsec_, and what follows is no base64") from error


def _request(hook: Webhook, message: Notification, now: datetime) -> Request:
    from urllib.request import Request

    body = body_of(message)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"lms-toolkit/{lms_toolkit.__version__}",
        "webhook-id": message.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature(hook.secret.reveal(), message.id, now, body),
    }
    return Request(hook.url, data=body, headers=headers, method="POST")


def _judged(hook: Webhook, code: int) -> Delivery:
    if 300 <= code < 400:
        return Delivery("never", f"{hook.host} points elsewhere ({code}); set the address it points to")
    note = f"{hook.host} refused with {code}"
    return Delivery("later", note) if code >= 500 or code in _TRY_AGAIN else Delivery("never", note)


def _no_redirects() -> Callable[..., Any]:
    from urllib.request import HTTPRedirectHandler

    class NoRedirects(HTTPRedirectHandler):
        """What is signed goes where the configuration says, and nowhere else."""

        def redirect_request(self, *_arguments: Any, **_options: Any) -> None:
            return None

    return NoRedirects
