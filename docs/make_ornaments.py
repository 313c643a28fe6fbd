"""Draws the woven rings of the certificates' faces anew: `python docs/make_ornaments.py`, from a checkout.

They are pictures and not typst code because a page has thousands of points of them: drawn by typst, they took four
fifths of the time of a certificate.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "templates" / "certificates" / "ornaments"
POINTS_PER_WAVE = 14
MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True)
class Ring:
    """A ring of `strands` equal waves, each a little turned against the last, as on banknotes; lengths in mm."""

    waves: int
    strands: int
    reach: float
    swing: float

    def path(self, size: float) -> str:
        return "".join(self._strand(size, 2 * math.pi * strand / self.strands) for strand in range(self.strands))

    def _strand(self, size: float, turn: float) -> str:
        steps = self.waves * POINTS_PER_WAVE
        points = []
        for step in range(steps):
            angle = 2 * math.pi * step / steps
            radius = self.reach + self.swing * math.cos(angle * self.waves + turn)
            points.append(f"{size / 2 + radius * math.cos(angle):.2f} {size / 2 + radius * math.sin(angle):.2f}")
        return f"M{'L'.join(points)}Z"


def picture(size: float, colour: str, thickness_pt: float, *rings: Ring) -> str:
    paths = "".join(f'<path d="{ring.path(size)}"/>' for ring in rings)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}mm" height="{size}mm" viewBox="0 0 {size} {size}">'
        f'<g fill="none" stroke="{colour}" stroke-width="{thickness_pt * MM_PER_POINT:.3f}">{paths}</g></svg>\n'
    )


ORNAMENTS = {
    "achievement": picture(160, "#efe8d9", 0.3, Ring(40, 6, 69, 7.5), Ring(24, 4, 53, 5.5)),
    "diploma": picture(176, "#f1e9dc", 0.3, Ring(44, 6, 74, 9), Ring(26, 4, 55, 6)),
    "participation": picture(150, "#e3efee", 0.35, Ring(36, 5, 64, 8)),
    "participation-band": picture(80, "#3d8a8f", 0.4, Ring(22, 4, 32, 5)),
    "medal": picture(26, "#b4893a", 0.45, Ring(20, 4, 10.4, 2.4)),
}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, svg in ORNAMENTS.items():
        (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
