"""What the files of a course have in common: strict tables, and the kinds of text that go into them."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from lms_toolkit.courses.sources import UNWRITABLE

SLUG_PATTERN = r"^[a-z][a-z0-9-]*$"
CODE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9-]*$"
COLOUR_PATTERN = r"^(#[0-9a-fA-F]{6})?$"
PICTURE_PATTERN = r"^([A-Za-z0-9_-][A-Za-z0-9_./-]*\.(svg|png|jpg|jpeg|webp))?$"
FILE_NAME_PATTERN = r"^[A-Za-z0-9_-][A-Za-z0-9._-]*$"
ADDRESS_PATTERN = r"^https?://\S+$"
FILLED_PATTERN = r"\S"
LINE_PATTERN = r"^[^\n]*\S[^\n]*$"


def _writable(text: str) -> str:
    """Escapes can put into YAML and TOML what no package can hold."""
    found = UNWRITABLE.search(text)
    if found:
        raise PydanticCustomError(
            "control_character", "has the control character U+{code}", {"code": f"{ord(found[0]):04X}"}
        )
    return text


Slug = Annotated[str, Field(pattern=SLUG_PATTERN, max_length=60, description="a–z, 0–9 and -, beginning with a letter")]
Code = Annotated[str, Field(pattern=CODE_PATTERN, max_length=60, description="letters, digits and -")]
Text = Annotated[str, Field(pattern=FILLED_PATTERN), AfterValidator(_writable)]
OptionalText = Annotated[str, AfterValidator(_writable)]
# SCORM 1.2 and Moodle both keep titles of 255 characters.
Line = Annotated[str, Field(pattern=LINE_PATTERN, max_length=255), AfterValidator(_writable)]
Translated = dict[str, Line]
TranslatedText = dict[str, Text]
Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Hours = Annotated[float, Field(gt=0, le=10_000, allow_inf_nan=False)]


class Table(BaseModel):
    """A table of a course file: unknown keys are refused, and nothing is turned into another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
