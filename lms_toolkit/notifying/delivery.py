"""What came of one attempt to deliver one message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Result = Literal["sent", "later", "never", "dropped", "unsure", "lost"]

HandOver = Callable[[], bool]
"""Called once, right before the receiver gets what makes it take the message. False: stop, another run has it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """`note` says why, without addresses. `is_down`: it is not about this message, the channel takes none now.

    `lost`: another run took the message over; what it notes counts.
    """

    result: Result
    note: str = ""
    is_down: bool = False
