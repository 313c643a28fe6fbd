"""Takes the picture of docs/reports.md anew: `python docs/make_report.py`, with playwright, Chromium and Pillow.

The course is one of those that come with the toolkit; its learners and what they did are made up, the same each time.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from lms_toolkit.app import App
from lms_toolkit.config import load_config
from lms_toolkit.model import Completion, Course, Deployment, Grade, Learner, PullSummary, User
from lms_toolkit.reporting import gather, report_html

PICTURE = Path(__file__).with_name("images") / "report.png"
EDITION, LANGUAGE, LEARNERS = "A9719042", "en", 240
NOW = datetime(2026, 10, 19, 9, 0, tzinfo=UTC)
NAMES = ("Amina Test", "Jorge Prueba", "Chloé Essai", "Fatou Exemple", "Lucía Ejemplo", "Youssef Muster")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = App(load_config(env={"LMS_TOOLKIT_DATA_FOLDER": folder}))
        course = app.course_of_edition(EDITION)
        page = fill(app, course)
        report = gather(course, course.edition(EDITION), page, app.store, app.plugins, NOW)
        path = Path(folder) / "report.html"
        path.write_text(report_html(report), encoding="utf-8")
        app.close()
        shoot(path)


def fill(app: App, course: Course) -> Deployment:
    """A course page as it might stand in the middle of an edition."""
    page = Deployment("campus", course.id, EDITION, LANGUAGE, "3", "https://moodle.example.org/course/3", (), NOW)
    app.store.deployments.save(page)
    chance = random.Random(7)
    people, grades, completions = [], [], []
    entries = course.assessments(course.edition(EDITION))
    for number in range(LEARNERS):
        name = f"{NAMES[number % len(NAMES)]}-{number}"
        first, _, last = name.partition(" ")
        people.append((User(f"u{number}", "", first, last, f"S-{number}", str(number)), Learner(f"S-{number}", name)))
        pace, ability = chance.random() ** 0.5, chance.gauss(76, 13)
        for place, entry in enumerate(entries):
            if place / len(entries) > pace * 0.95 or pace < 0.2:
                break
            at = NOW - timedelta(days=28 * (1 - place / len(entries) / 0.95), hours=chance.random() * 40)
            score = round(min(max(ability + chance.gauss(0, 10), 0), 100), 1)
            key = (page.site, page.course_ref, str(number), entry.key)
            grades.append(Grade(*key, score, 100.0, at, NOW, "made up"))
            completions.append(Completion(*key, "passed" if score >= 60 else "failed", at, NOW, "made up"))
    app.store.people.save_accounts(page.site, people)
    app.store.people.save_enrolments(page.site, page.course_ref, [user.ref for user, _ in people], NOW)
    app.store.results.save(grades, completions)
    app.store.results.save_pull(PullSummary(page.site, EDITION, LANGUAGE, LEARNERS, len(grades), 0, 0, NOW))
    return page


def shoot(path: Path) -> None:
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": 1120, "height": 940}, locale="en-GB")
        shown.goto(path.as_uri())
        shown.evaluate("document.getElementById('key_figures').scrollIntoView()")
        shown.screenshot(path=PICTURE)
        browser.close()
    with Image.open(PICTURE) as image:
        image.convert("RGB").quantize(96, dither=Image.Dither.NONE).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
