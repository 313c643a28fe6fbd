"""Answers the questions of our pages in a real browser: with a mouse, or with the keyboard alone.

Both are given a playwright page and the frame that holds the questions, and find things by what learners read.
"""

from __future__ import annotations

from typing import Any

_MAX_TABS = 80
_HAS_FOCUS = "node => node === node.getRootNode().activeElement"
_RADIO_WITH_FOCUS = "node => node.getRootNode().activeElement.name === node.name"
_CHOSEN = "node => node.selectedOptions[0].textContent.trim()"


class Mouse:
    """Clicks. A list of choices is the browser's own, which no script can point into: it is set as a whole."""

    def __init__(self, page: Any, frame: Any) -> None:
        self.page, self.frame = page, frame

    def tick(self, label: str) -> None:
        """Check a radio button or a box."""
        self.frame.get_by_label(label, exact=True).check()

    def pick(self, part: str, choice: str) -> None:
        """Choose from the list of a part."""
        self.frame.get_by_label(part, exact=True).select_option(label=choice)

    def write(self, question: str, text: str) -> None:
        """Write into the field of the question with these words."""
        _field(self.frame, question).fill(text)

    def press(self, name: str) -> None:
        """Press the button with this name."""
        self.frame.get_by_role("button", name=name).click()


class Keyboard:
    """Tab, arrows, Space, Enter and letters: nothing is pointed at, and nothing gets the focus in any other way."""

    def __init__(self, page: Any, frame: Any) -> None:
        self.page, self.frame = page, frame

    def tick(self, label: str) -> None:
        control = self.frame.get_by_label(label, exact=True).element_handle()
        is_radio = control.get_attribute("type") == "radio"
        self._tab_to(control, _RADIO_WITH_FOCUS if is_radio else _HAS_FOCUS)
        if not control.evaluate("node => node.checked"):
            self.page.keyboard.press("Space")
        if is_radio:
            self._press_until("ArrowDown", control, "node => node.checked")
        assert control.evaluate("node => node.checked"), f"{label} cannot be ticked with the keyboard"

    def pick(self, part: str, choice: str) -> None:
        control = self.frame.get_by_label(part, exact=True).element_handle()
        self._tab_to(control, _HAS_FOCUS)
        self.page.keyboard.press("Home")
        self._press_until("ArrowDown", control, f"node => ({_CHOSEN})(node) === {choice!r}")

    def write(self, question: str, text: str) -> None:
        self._tab_to(_field(self.frame, question).element_handle(), _HAS_FOCUS)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def press(self, name: str) -> None:
        self._tab_to(self.frame.get_by_role("button", name=name).element_handle(), _HAS_FOCUS)
        self.page.keyboard.press("Enter")

    def _tab_to(self, control: Any, is_there: str) -> None:
        self._press_until("Tab", control, is_there)

    def _press_until(self, key: str, control: Any, holds: str) -> None:
        for _ in range(_MAX_TABS):
            if control.evaluate(holds):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"{control} is not reached by pressing {key}")


def _field(frame: Any, question: str) -> Any:
    return frame.locator(f"fieldset:has-text('{question}')").locator("input[type=text], textarea")
