"""Forty packages of the same content, in one run: here, with simple-scorm-packager (npm), with slxd-coursekit (PyPI).

python benchmarks/packages.py [--modules 40] [--many 1000] [--course FOLDER] [--runs 3]

What is compared, honestly:
- we read Markdown and YAML, check, render and zip; also the checks for the summary's findings are in our time. Measured
  as it comes (as many processes as processors) and with one process, which is what the processor times are compared to;
- simple-scorm-packager zips pages that we rendered before, and renders nothing. It is measured as its README uses it,
  one process a package, and once more in one process for all, which its users do not get;
- slxd-coursekit renders the lessons (its own Markdown; no blocks, pictures or quiz) and zips them. It is compared
  to us with all of it, and to us with that same plain content. When its npm package of the player cannot be had, the
  bundling of the player is left out, which flatters it; the report says so.

Times are of whole processes, the best of some runs, since a busy machine only ever adds; byte code is there for all, as
installers leave it. "Each further package" is what a package adds to a batch: the difference between all and one.
A peer that cannot be had is skipped, with the reason. Peers go into a temporary folder, by public package managers.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lms_toolkit.content import content_path
from lms_toolkit.courses import load
from lms_toolkit.manager import Plugins

SSP = "simple-scorm-packager@0.2.7"
SLXD = "slxd-coursekit==0.7.0"
PYTHONS = ("python3.12", "python3.13", "python3.14")


@dataclass(frozen=True)
class Measured:
    """A whole process: wall clock, processor time, and peak memory of its largest process."""

    seconds: float
    cpu_seconds: float
    peak_mib: float


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="lms-toolkit-benchmark-") as temporary:
        bench = Bench(Path(temporary), arguments.course, arguments.modules, arguments.runs)
        alone = bench.ours("--workers", "1")
        ours = bench.ours()
        against = Against(ours, alone, arguments.modules)
        _line("ours, as it comes", ours, against)
        _line("ours, one process", alone, against)
        for peer in (bench.ssp_each, bench.ssp_together, bench.slxd):
            name, measured, note = peer()
            _line(name, measured, against) if measured else print(f"{name:<52} skipped")
            print(f"    {note}") if note else None
        bench.further(alone)
        plain = bench.ours_plain()
        _line("ours, as it comes, of the plain content that slxd has", plain, against)
        if measured:
            clock, cpu = measured.seconds / plain.seconds, measured.cpu_seconds / plain.cpu_seconds
            print(f"    for the same content slxd takes {clock:.2f}× as long, and {cpu:.2f}× of a processor")
        bench.sizes()
        bench.no_op()
        bench.one_lesson()
        bench.shares()
        if arguments.many:
            bench.many(arguments.many)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--modules", type=int, default=40)
    parser.add_argument("--many", type=int, default=1000, help="modules for the measurement of memory; 0 leaves it out")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--course", type=Path, default=content_path("sure"))
    return parser.parse_args()


@dataclass(frozen=True)
class Against:
    """What others are compared to: the clock with `ours`, the processor time with our one process `alone`."""

    ours: Measured
    alone: Measured
    packages: int


def _line(name: str, measured: Measured, against: Against) -> None:
    each = measured.seconds / against.packages * 1000
    print(
        f"{name:<52} {measured.seconds:6.2f} s wall {measured.cpu_seconds:6.2f} s cpu {each:7.1f} ms a package"
        f" {measured.peak_mib:5.0f} MiB  wall {measured.seconds / against.ours.seconds:5.2f}× ours"
        f"  cpu {measured.cpu_seconds / against.alone.cpu_seconds:5.2f}× ours alone"
    )


class Bench:
    """The course of many modules, and every way to package it."""

    def __init__(self, folder: Path, source: Path, modules: int, runs: int) -> None:
        self.folder = folder
        self.runs = runs
        self.modules = modules
        self.source = source
        self.course = _multiply(source, folder / "course", modules)
        self.out = folder / "dist"
        self.slxd_further = 0.0
        """Milliseconds; 0 while it is not measured."""

    def ours(self, *options: str) -> Measured:
        return self._best(lambda: shutil.rmtree(self.out, ignore_errors=True), *self._build(self.course, *options))

    def ours_plain(self) -> Measured:
        """Lessons alone, without what slxd cannot have: what it is measured with, in packages of ours."""
        course = _multiply(self.source, self.folder / "plain", self.modules, is_plain=True)
        out = self.folder / "plain-dist"
        command = [*self._build(course), "-o", str(out)]
        return self._best(lambda: shutil.rmtree(out, ignore_errors=True), *command)

    def _build(self, course: Path, *options: str) -> list[str]:
        return [sys.executable, "-m", "lms_toolkit", "build", str(course), "-o", str(self.out), *options]

    def _best(self, before: Callable[[], object], *command: str, cwd: Path | None = None) -> Measured:
        measured = []
        for _ in range(self.runs):
            before()
            measured.append(_run(self.folder, *command, cwd=cwd))
        return Measured(
            min(one.seconds for one in measured),
            min(one.cpu_seconds for one in measured),
            min(one.peak_mib for one in measured),
        )

    def ssp_each(self) -> tuple[str, Measured | None, str]:
        name = f"{SSP}, a process a package"
        if not (why := self._install_ssp()):
            script, pages = self.folder / "ssp" / "one.js", self.folder / "pages"
            count = min(self.modules, 8)
            runs = [
                self._best(_nothing, "node", str(script), str(pages), self._ssp_out(), str(n), str(n + 1))
                for n in range(count)
            ]
            scale = self.modules / count
            total = Measured(
                sum(run.seconds for run in runs) * scale,
                sum(run.cpu_seconds for run in runs) * scale,
                max(run.peak_mib for run in runs),
            )
            return name, total, f"measured on {count} packages, for {self.modules}; ready pages, nothing rendered"
        return name, None, why

    def ssp_together(self) -> tuple[str, Measured | None, str]:
        name = f"{SSP}, one process for all"
        if why := self._install_ssp():
            return name, None, why
        script, pages = self.folder / "ssp" / "one.js", self.folder / "pages"
        out = self._ssp_out()
        try:
            measured = self._best(_nothing, "node", str(script), str(pages), out, "0", str(self.modules))
        except SystemExit as failed:  # it removes schemas of one package while it makes another
            return name, None, f"it failed: {_first_line(str(failed.code).partition('throw err;')[2])}"
        return name, measured, "a script of ours around its function; ready pages, nothing rendered"

    def _ssp_out(self) -> str:
        out = self.folder / "ssp-out"
        out.mkdir(exist_ok=True)
        return str(out)

    def _install_ssp(self) -> str:
        """Why it cannot be had; empty when it is there."""
        folder = self.folder / "ssp"
        if (folder / "node_modules" / "simple-scorm-packager").is_dir():
            return ""
        if not shutil.which("node") or not shutil.which("npm"):
            return "node and npm are not installed"
        folder.mkdir(exist_ok=True)
        (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
        command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", SSP]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            return f"npm could not install it: {_first_line(done.stderr)}"
        (folder / "one.js").write_text(_SSP_SCRIPT, encoding="utf-8")
        for number, package in enumerate(sorted(self.out.glob("*.zip"))):
            _extract_pages(package, self.folder / "pages" / str(number))
        return ""

    def slxd(self) -> tuple[str, Measured | None, str]:
        name = f"{SLXD}, html backend"
        python = _venv(self.folder / "slxd", SLXD)
        if isinstance(python, str):
            return name, None, python
        project = self.folder / "slxd-project"
        if why := _slxd_project(python.parent / "coursekit", project, self.source, self.modules):
            return name, None, why
        script = self.folder / "slxd.py"
        script.write_text(_SLXD_SCRIPT, encoding="utf-8")
        has_player = _slxd_has_player(python.parent / "coursekit", project)
        command = [str(python), str(script), *([] if has_player else ["--without-player"])]
        measured = self._best(_nothing, *command, cwd=project)
        self.slxd_further = self._each_further(measured, self._best(_nothing, *command, "--first", cwd=project))
        note = "lessons alone: no quiz, no pictures, no blocks"
        return name, measured, note if has_player else f"{note}; its player is not bundled (npm cannot fetch it here)"

    def further(self, alone: Measured) -> None:
        """What one more package takes of a processor, here and with slxd-coursekit, start-up left out on both sides."""
        one = _multiply(self.source, self.folder / "one", 1)
        out = self.folder / "one-dist"
        command = [*self._build(one, "--workers", "1"), "-o", str(out)]
        first = self._best(lambda: shutil.rmtree(out, ignore_errors=True), *command)
        ours = self._each_further(alone, first)
        theirs = f", slxd {self.slxd_further:.1f} ms ({self.slxd_further / ours:.2f}×)" if self.slxd_further else ""
        print(f"each further package: ours {ours:.1f} ms of a processor{theirs}")
        print(f"    our first one, start-up included: {first.cpu_seconds:.2f} s of a processor")

    def _each_further(self, of_all: Measured, of_one: Measured) -> float:
        """Milliseconds of a processor."""
        return (of_all.cpu_seconds - of_one.cpu_seconds) / max(1, self.modules - 1) * 1000

    def sizes(self) -> None:
        ours = _mean_size(self.out.glob("*.zip"))
        for name, found in (
            ("simple-scorm-packager", self.folder.glob("ssp-out/*.zip")),
            ("slxd-coursekit", self.folder.glob("slxd-project/courses/BENCH/delivery/*.zip")),
        ):
            theirs = _mean_size(found)
            if theirs:
                print(
                    f"size: ours {ours / 1024:.1f} KiB, {name} {theirs / 1024:.1f} KiB, ours/theirs {ours / theirs:.2f}"
                )

    def no_op(self) -> None:
        self.ours()
        time.sleep(0.3)
        _run(self.folder, *self._build(self.course))
        measured = self._best(_nothing, *self._build(self.course))
        print(f"no-op rebuild of {self.modules} packages: {measured.seconds:.2f} s whole process (asked: < 0.5)")

    def one_lesson(self) -> None:
        lesson = next(self.course.glob("*/module-3/*.md"))
        lesson.write_text(lesson.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
        started = time.perf_counter()
        command = [*self._build(self.course), "--json"]
        done = subprocess.run(command, env=_environment(self.folder), capture_output=True, text=True, check=True)
        seconds = time.perf_counter() - started
        rebuilt = [package["module_slug"] for package in json.loads(done.stdout) if package["is_new"]]
        print(f"one changed lesson: {seconds:.2f} s, rebuilt {', '.join(rebuilt)} and no other of {self.modules}")

    def shares(self) -> None:
        """How much of a build is rendering and zipping, and how much is everything else once all is imported."""
        folder = _multiply(self.source, self.folder / "warm", 1)
        _profiled(folder, self.folder / "share", self.folder / "data")
        spent = _profiled(self.course, self.folder / "share", self.folder / "data")
        each = {name: seconds / self.modules * 1000 for name, seconds in spent.items()}
        work = sum(each[name] for name in ("Markdown", "pages and manifest", "zip"))
        rest = sum(each.values()) - work
        print(f"a package takes {work + rest:.1f} ms: " + ", ".join(f"{name} {ms:.1f}" for name, ms in each.items()))
        print(f"    all but Markdown, pages and zip: {rest / work:.0%} on top of these (asked: < 20 %)")

    def many(self, modules: int) -> None:
        few = self.ours("--workers", "1")
        course = _multiply(self.source, self.folder / "many", modules)
        text = sum(path.stat().st_size for path in course.rglob("*") if path.suffix in (".md", ".yaml")) / 2**20
        shutil.rmtree(self.out, ignore_errors=True)
        measured = _run(self.folder, *self._build(course, "--workers", "1", "--json"))
        print(
            f"{modules} modules, one process: {measured.seconds:.1f} s, peak {measured.peak_mib:.0f} MiB"
            f" ({self.modules} modules: {few.peak_mib:.0f} MiB; the texts alone have {text:.1f} MiB)"
        )


def _profiled(course: Path, out: Path, data: Path) -> dict[str, float]:
    """Processor seconds for each part of a whole build in this process."""
    from lms_toolkit import archive, building_many, courses
    from lms_toolkit.courses import checking
    from lms_toolkit.fingerprints import Fingerprints
    from lms_toolkit.preparing import Order, Place, prepare_folder

    plugins = Plugins()
    clocks = {
        "Markdown": _Clock(building_many, "render_unit"),
        "pages and manifest": _Clock(type(plugins.format("scorm12")), "files"),
        "zip": _Clock(archive, "write_members"),
        "reading": _Clock(courses, "load"),
        "checks": _Clock(checking, "check_module"),
        "fingerprints": _Clock(Fingerprints, "of"),
    }
    started = time.process_time()
    for clock in clocks.values():
        clock.start()
    prepare_folder(course, Order(), Place(out, data, plugins, force=True))
    for clock in clocks.values():
        clock.stop()
    spent = {name: clock.seconds for name, clock in clocks.items()}
    return spent | {"the rest": time.process_time() - started - sum(spent.values())}


class _Clock:
    """Counts the processor seconds that a function takes."""

    def __init__(self, holder: object, name: str) -> None:
        self.seconds = 0.0
        self._holder = holder
        self._name = name
        self._function = getattr(holder, name)

    def start(self) -> None:
        def timed(*args: object, **kwargs: object) -> object:
            started = time.process_time()
            try:
                return self._function(*args, **kwargs)
            finally:
                self.seconds += time.process_time() - started

        setattr(self._holder, self._name, timed)

    def stop(self) -> None:
        setattr(self._holder, self._name, self._function)


def _nothing() -> None:
    pass


def _environment(folder: Path) -> dict[str, str]:
    """Everybody's settings but two: control documents are not part of the comparison, and byte code is kept, somewhere
    else than beside the code."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"LMS_TOOLKIT_DATA_FOLDER": str(folder / "data"), "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}


def _run(folder: Path, *command: str, cwd: Path | None = None) -> Measured:
    """Run to the end, and ask the system what it took; children are counted too."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=cwd, env=_environment(folder), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    said = process.stderr.read().decode(errors="replace")
    process.stderr.close()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{said}")
    return Measured(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _multiply(source: Path, target: Path, modules: int, *, is_plain: bool = False) -> Path:
    """A course with many modules, each the written module of `source` in slightly other words."""
    course = load(source)
    module = next(module for module in course.modules if module.content)
    language, content = next(iter(module.content.items()))
    tables = [_HEAD.format(language=language)]
    for number in range(modules):
        slug = f"module-{number}"
        shutil.copytree(content.folder, target / language / slug)
        for path in (target / language / slug).glob("*.md"):
            text = path.read_text(encoding="utf-8")
            text = _plain_markdown(text) if is_plain else text
            path.write_text(text + f"\n\n({number})\n", encoding="utf-8")
        questions = target / language / slug / "questions.yaml"
        if is_plain:
            shutil.rmtree(target / language / slug / "media", ignore_errors=True)
            questions.unlink(missing_ok=True)
        if questions.is_file():
            text = re.sub(
                r'^(\s*(?:- )?(?:text|feedback): ".*)"$', rf'\1 ({number})"', questions.read_text("utf-8"), flags=re.M
            )
            questions.write_text(text, encoding="utf-8")
        tables.append(_MODULE.format(language=language, slug=slug, number=number, lessons=json.dumps(module.lessons)))
    tables.append(f'\n[certification]\ntitle.{language} = "Bench"\n')
    (target / "course.toml").write_text("".join(tables), encoding="utf-8")
    return target


_HEAD = """\
id = "bench"
version = "1"
languages = ["{language}"]
title.{language} = "Bench"
summary.{language} = "Bench"
"""
_MODULE = """
[[modules]]
slug = "{slug}"
title.{language} = "Module {number}"
objectives.{language} = ["Objective {number}"]
lessons = {lessons}
hours = 2
"""


def _extract_pages(package: Path, folder: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        for name in archive.namelist():
            if name != "imsmanifest.xml" and not name.endswith(".xsd"):
                archive.extract(name, folder)


def _mean_size(paths: object) -> float:
    sizes = [path.stat().st_size for path in paths]  # type: ignore[attr-defined]
    return sum(sizes) / len(sizes) if sizes else 0.0


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "no reason given")


def _venv(folder: Path, requirement: str) -> Path | str:
    """The Python of a new environment with the requirement, or why there is none."""
    interpreter = next((name for name in PYTHONS if _works(name)), None)
    if interpreter is None:
        return f"it needs Python 3.12, and none of {', '.join(PYTHONS)} runs here"
    subprocess.run([interpreter, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return f"pip could not install it: {_first_line(done.stderr)}" if done.returncode else python


def _works(interpreter: str) -> bool:
    return (
        bool(shutil.which(interpreter))
        and not subprocess.run([interpreter, "--version"], capture_output=True, check=False).returncode
    )


def _slxd_project(coursekit: Path, project: Path, source: Path, modules: int) -> str:
    """Make a project with our lessons in its form; why not, or nothing."""
    for command, where in (
        (
            ["init", str(project), "--name", "b", "--client", "c", "--language", "en", "--backend", "html"],
            project.parent,
        ),
        (["new", "Bench", str(modules), "--code", "BENCH", "--design-tool", "local"], project),
    ):
        flags = ["--yes", "--no-git"] if command[0] == "init" else []
        done = subprocess.run(
            [str(coursekit), *command, *flags], cwd=where, capture_output=True, text=True, check=False
        )
        if done.returncode:
            return f"coursekit {command[0]} failed: {_first_line(done.stderr)}"
    _slxd_content(project / "courses" / "BENCH", source, modules)
    return ""


def _slxd_content(course_folder: Path, source: Path, modules: int) -> None:
    course = load(source)
    module = next(module for module in course.modules if module.content)
    lessons = next(iter(module.content.values())).lessons
    units = ["units:\n"]
    for number in range(1, modules + 1):
        units.append(
            f'  - n: {number}\n    title: "Module {number}"\n    hours: 1\n    status: approved\n    sections:\n'
        )
        parts = [f"# Unit {number} — Module {number}\n\n---\n"]
        for section, lesson in enumerate(lessons, start=1):
            units.append(f'      - {{n: {section}, title: "L{section}", kind: content, hours: 0.1}}\n')
            parts.append(f"## Section {section} — L{section} *(100 words)*\n{_one_level_down(lesson.markdown)}")
        folder = course_folder / "content" / f"unit-{number:02d}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "content.md").write_text("\n".join(parts), encoding="utf-8")
    path = course_folder / "course.yaml"
    text = path.read_text(encoding="utf-8").replace("units: []\n", "".join(units))
    path.write_text(text.replace("status: design\n", "status: media\n", 1), encoding="utf-8")


def _plain_markdown(text: str) -> str:
    """What both understand: no blocks of ours, no pictures, no footnotes, no glossary."""
    text = re.sub(r"^:{3,}.*$|!\[[^\]]*\]\([^)]*\)|\[\^[^\]]+\]:?", "", text, flags=re.MULTILINE)
    return re.sub(r"\[([^\]]*)\]\{[^}]*\}", r"\1", text)


def _one_level_down(text: str) -> str:
    return re.sub(r"^## ", "### ", _plain_markdown(text), flags=re.MULTILINE)


def _slxd_has_player(coursekit: Path, project: Path) -> bool:
    command = [str(coursekit), "assemble", "build", "BENCH", "--unit", "1"]
    return not subprocess.run(command, cwd=project, capture_output=True, check=False).returncode


_SSP_SCRIPT = """
const pack = require("simple-scorm-packager");
const [, , source, out, first, end] = process.argv;
const one = number => new Promise(done => pack({
  version: "1.2", organization: "Bench", title: "Module " + number, language: "fr", masteryScore: 70,
  startingPage: "quiz.html", source: source + "/" + number,
  package: { version: "1.0.0", zip: true, outputFolder: out },
}, done));
(async () => { for (let number = Number(first); number < Number(end); number++) await one(number); })();
"""

_SLXD_SCRIPT = """
import sys
from pathlib import Path
from coursekit import course as courses
from coursekit.commands import _project
from coursekit.htmlkit import build

if "--without-player" in sys.argv:
    build.bundle_player = lambda project, out_file, say: Path(out_file).write_text("")
course = courses.load(_project(), "BENCH")
units = list(courses.package_units(course))
for unit in units[:1] if "--first" in sys.argv else units:
    build.build(course, unit, "1.0")
"""


if __name__ == "__main__":
    main()
