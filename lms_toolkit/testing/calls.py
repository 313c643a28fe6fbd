"""Calls a SCORM API in a page of a real browser; every answer comes with the error code that follows it."""

from __future__ import annotations

from typing import Any, ClassVar


class ScormCalls:
    """`api` is where the page keeps it, `prefix` begins the names of its functions."""

    api: ClassVar[str]
    prefix: ClassVar[str] = ""

    def __init__(self, tab: Any) -> None:
        self._tab = tab

    def __call__(self, name: str, *arguments: object) -> tuple[str, str]:
        """The answer of a function, by its whole name, and the error code after it."""
        script = "([api, last, name, args]) => [window[api][name](...args), window[api][last]()]"
        given = [self.api, f"{self.prefix}GetLastError", name, list(arguments)]
        result, error = self._tab.evaluate(script, given)
        return result, error

    def set(self, element: str, value: object) -> str:
        """The error code of setting a value."""
        result, error = self(f"{self.prefix}SetValue", element, value)
        assert result == ("true" if error == "0" else "false")
        return error

    def get(self, element: str) -> str:
        result, error = self(f"{self.prefix}GetValue", element)
        assert error == "0", (element, error)
        return result

    def get_error(self, element: str) -> str:
        """The error code of asking for a value that is refused."""
        result, error = self(f"{self.prefix}GetValue", element)
        assert result == ""
        return error


class Scorm12Calls(ScormCalls):
    api = "API"
    prefix = "LMS"


class Scorm2004Calls(ScormCalls):
    api = "API_1484_11"
