"""Empties the outbox: one run at a time takes what is due, hands it over and notes what came of it.

A run that is killed leaves at most one message half-way. If nothing was handed over yet, the next run takes it up. If
it was handed to a webhook, it is posted again with the same id. If it was handed to a mail server, nobody can know:
it becomes `unsure`, and a person decides. So no letter is ever sent twice unless somebody says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from lms_toolkit.errors import ConfigError, ContentError, InUse, ToolkitError
from lms_toolkit.notification_config import TO_LEARNER, TO_OFFICE, TO_WEBHOOK
from lms_toolkit.notifying import webhooks
from lms_toolkit.notifying.delivery import Delivery, Result
from lms_toolkit.notifying.letters import letter_of
from lms_toolkit.notifying.mail import MailServer

if TYPE_CHECKING:
    from lms_toolkit.app import App
    from lms_toolkit.store.outbox import Notification, OutboxState

LOCK = "notifications"
WAITS_SECONDS = (60, 300, 1_800, 7_200, 21_600, 43_200, 86_400)
"""After each attempt that came to nothing; after one more a message is dead."""
_ENDS: dict[Result, OutboxState] = {"sent": "sent", "never": "dead", "dropped": "dropped", "unsure": "unsure"}

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many messages were sent, put off, given up, or left to a person, and how many had nobody to tell any more."""

    sent: int = 0
    later: int = 0
    dead: int = 0
    unsure: int = 0
    dropped: int = 0


def _now() -> datetime:
    return datetime.now(UTC)


def send_due(app: App, clock: Clock = _now) -> Delivered:
    """Send what is due; nothing if another run is at it, which then sends this too."""
    done: Counter[str] = Counter()
    down: set[str] = set()
    outbox = app.store.outbox
    looked = False
    while not looked or outbox.is_due(clock(), down):
        looked = True
        if not (outbox.is_due(clock(), down) or outbox.abandoned()):
            break
        try:
            with app.store.lock(LOCK):
                _take_up(app, clock(), done)
                _send_all(app, clock, done, down)
        except InUse:
            break
        # What was posted after our last look, and found the lock taken, is seen by the next turn of this loop.
    return Delivered(done["sent"], done["later"], done["dead"], done["unsure"], done["dropped"])


def _take_up(app: App, now: datetime, done: Counter[str]) -> None:
    """What a run that died had taken: to be tried again, or to be decided by a person."""
    for left in app.store.outbox.abandoned():
        if left.state == "handed" and not left.channel.startswith(TO_WEBHOOK):
            app.store.outbox.settle(left, "unsure", "a run ended before the mail server had said that it took it")
            done["unsure"] += 1
        else:
            app.store.outbox.postpone(left, now, "a run ended before it was delivered")


def _send_all(app: App, clock: Clock, done: Counter[str], down: set[str]) -> None:
    mail = app.config.notifications.mail
    with MailServer(mail) if mail else nullcontext() as server:
        while message := app.store.outbox.claim(clock(), down):
            try:
                delivery = _attempt(app, message, server, clock())
            except ToolkitError:
                raise
            except Exception as error:
                _put_aside(app, message, error, done)
                raise
            if delivery.is_down:
                down |= {TO_LEARNER, TO_OFFICE} if _is_mail(message) else {message.channel}
            _note(app, message, delivery, clock(), done)


def _is_mail(message: Notification) -> bool:
    return message.channel in (TO_LEARNER, TO_OFFICE)


def _attempt(app: App, message: Notification, server: MailServer | None, now: datetime) -> Delivery:
    config = app.config.notifications

    def hand_over() -> bool:
        return app.store.outbox.hand_over(message)

    try:
        if _is_mail(message):
            if not (config.mail and server):
                return Delivery("dropped", "no mail server is configured any more")
            letter = letter_of(message, config.mail, app)
            return letter if isinstance(letter, Delivery) else server.deliver(letter, hand_over)
        hook = config.webhooks.get(message.channel.removeprefix(TO_WEBHOOK))
        if hook is None:
            return Delivery("dropped", "this webhook is not configured any more")
        return webhooks.deliver(hook, message, now, hand_over)
    except ContentError as error:
        return Delivery("never", str(error))
    except ConfigError as error:  # may be put right before long
        return Delivery("later", str(error))


def _put_aside(app: App, message: Notification, error: Exception, done: Counter[str]) -> None:
    """A message that shows a bug of ours is left to a person; taken up again, it would keep all others from going."""
    note = f"stopped by a fault of the toolkit ({type(error).__name__}); report it"
    state: OutboxState = "dead" if app.store.outbox.get(message.id).state == "claimed" else "unsure"
    app.store.outbox.settle(message, state, note)
    done[state] += 1


def _note(app: App, message: Notification, delivery: Delivery, now: datetime, done: Counter[str]) -> None:
    if delivery.result == "lost":
        return
    if delivery.result == "later" and message.attempts <= len(WAITS_SECONDS):
        wait = timedelta(seconds=WAITS_SECONDS[message.attempts - 1])
        app.store.outbox.postpone(message, now + wait, delivery.note)
        done["later"] += 1
        return
    state = _ENDS.get(delivery.result, "dead")
    app.store.outbox.settle(message, state, delivery.note)
    done[state] += 1
