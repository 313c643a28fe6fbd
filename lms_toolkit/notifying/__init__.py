"""Tells people and programs outside what happened: by e-mail and by webhook, each message once."""

from lms_toolkit.notifying.sending import Delivered, send_due

__all__ = ["Delivered", "send_due"]
