"""What the data models of SCORM 1.2 and 2004 have in common: how elements are named, listed and written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

Access = Literal["r", "w", "rw"]

Elements = Mapping[str, tuple[Access, str]]
"""Name in the table → access (`r`, `w` or `rw`) and type."""


def generic(element: str) -> str:
    """The name in the table: `cmi.interactions.3.id` → `cmi.interactions.n.id`."""
    return re.sub(r"\.(0|[1-9]\d*)(?=\.)", ".n", element)


def tables(elements: Elements, children: Mapping[str, str], arrays: Sequence[str]) -> dict[str, Any]:
    """The part of a data model that both adapters read in the browser."""
    listed = {name: {"access": access, "type": kind} for name, (access, kind) in elements.items()}
    return {"elements": listed, "children": children, "arrays": arrays}


def type_to_write(element: str, elements: Elements, added_up: Mapping[str, str]) -> str | None:
    """The type of an element that a SCO may write; None for any other. `added_up` names the elements that the adapter
    adds up for the LMS, and those whose type they have."""
    name = generic(element)
    name = added_up.get(name, name)
    if ".n." in element or name not in elements or elements[name][0] == "r":
        return None
    return elements[name][1]
