"""Finds plugins and keeps a broken one from taking the others with it.

Plugins come from the entry-point group `lms_toolkit`, the first-party ones included. They are imported one by one when
something is first asked of them; a disabled one is never imported; a broken or misspelt one is listed as failed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property, partial
from importlib import import_module
from importlib.metadata import Distribution, EntryPoint, entry_points
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import pluggy

from lms_toolkit import hookspecs
from lms_toolkit.errors import PluginError, ToolkitError

if TYPE_CHECKING:
    import click

    from lms_toolkit.config import CertificateConfig, Site
    from lms_toolkit.interfaces import Certifier, CourseSource, PackageFormat, Platform
    from lms_toolkit.model import Course, Event, Finding, OpenedPackage

GROUP = "lms_toolkit"
HOST = "host"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PluginState:
    """How one plugin is doing; `detail` says why it failed."""

    name: str
    state: Literal["active", "failed", "disabled"]
    distribution: str
    version: str
    hooks: tuple[str, ...] = ()
    detail: str = ""


class Plugins:
    """The plugins of one run. `strict` raises at the first broken plugin instead of leaving it out.

    `also` are plugin objects by name that join the installed ones, for programs that embed the toolkit and for tests.
    `warn` is told, in one line, of whatever went wrong in a plugin without stopping the work.
    """

    def __init__(
        self,
        disabled: frozenset[str] = frozenset(),
        *,
        also: Mapping[str, object] = MappingProxyType({}),
        strict: bool = False,
        warn: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._disabled = disabled
        self._also = also
        self._strict = strict
        self._warn = warn
        self._states: dict[str, PluginState] = {}

    @cached_property
    def _manager(self) -> pluggy.PluginManager:
        manager = pluggy.PluginManager(GROUP)
        manager.add_hookspecs(hookspecs)
        from lms_toolkit import defaults

        manager.register(defaults, HOST)
        for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
            self._states[entry.name] = self._load(manager, entry)
        for name, plugin in self._also.items():
            self._states[name] = PluginState(name, "active", "", "", _hooks_of(plugin))
            manager.register(plugin, name)
        return manager

    def _load(self, manager: pluggy.PluginManager, entry: EntryPoint) -> PluginState:
        distribution, version = _name_and_version(entry.dist) if entry.dist else ("?", "?")
        if entry.name in self._disabled:
            return PluginState(entry.name, "disabled", distribution, version)
        if entry.name in self._states or manager.has_plugin(entry.name):
            detail = f"another plugin is already named {entry.name!r}"
            return PluginState(entry.name, "failed", distribution, version, detail=detail)
        try:
            plugin = entry.load()
            hooks = _hooks_of(plugin)
            manager.register(plugin, entry.name)
        except (Exception, SystemExit) as error:
            if self._strict:
                raise
            return PluginState(entry.name, "failed", distribution, version, detail=_one_line(error))
        return PluginState(entry.name, "active", distribution, version, hooks)

    def ask(self, hook: str, **arguments: Any) -> Any:
        """The first answer to a "first answer wins" hook; None if nobody answers.

        An error that a plugin did not mean for the reader becomes a PluginError that names the plugin.
        """
        for implementation in reversed(getattr(self._manager.hook, hook).get_hookimpls()):
            try:
                answer = implementation.function(*(arguments[name] for name in implementation.argnames))
            except ToolkitError:
                raise
            except Exception as error:
                if self._strict:
                    raise
                raise PluginError(f"plugin {implementation.plugin_name}: {hook}: {_one_line(error)}") from error
            if answer is not None:
                return answer
        return None

    def modules_with(self, hook: str) -> tuple[str, ...]:
        """The names of the modules that implement a hook, ours among them."""
        found = getattr(self._manager.hook, hook).get_hookimpls()
        return tuple(implementation.function.__module__ for implementation in found)

    def __reduce__(self) -> tuple[Callable[[], Plugins], tuple[()]]:
        """A worker process finds the same plugins anew; nobody is there to hear its warnings."""
        return partial(Plugins, self._disabled, also=dict(self._also), strict=self._strict), ()

    def states(self) -> tuple[PluginState, ...]:
        """Every plugin that is installed, in order of name."""
        self._collect_everything()
        return tuple(self._states[name] for name in sorted(self._states))

    def _collect_everything(self) -> None:
        for name in ("_courses", "_formats", "_platforms", "_certifiers", "_commands"):
            getattr(self, name)

    @cached_property
    def _courses(self) -> dict[str, CourseSource]:
        found: dict[str, CourseSource] = {}
        for plugin, sources in self._each("lms_register_courses"):
            for source in sources:
                self._add(found, source.course_id, source, plugin, "course")
        return found

    @cached_property
    def _formats(self) -> dict[str, Any]:
        return self._registry("lms_register_formats", "format")

    @cached_property
    def _platforms(self) -> dict[str, Any]:
        return self._registry("lms_register_platforms", "platform")

    @cached_property
    def _certifiers(self) -> dict[str, Any]:
        return self._registry("lms_register_certifiers", "certifier")

    @cached_property
    def _commands(self) -> dict[str, Any]:
        return self._registry("lms_register_commands", "command")

    def _registry(self, hook: str, kind: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for plugin, entries in self._each(hook):
            for name, value in entries.items():
                self._add(found, name, value, plugin, kind)
        return found

    def _add(self, found: dict[str, T], name: str, value: T, plugin: str, kind: str) -> None:
        if name in found:
            self._fail(plugin, f"{kind} {name!r} is already registered by another plugin")
        else:
            found[name] = value

    def _each(self, hook: str) -> list[tuple[str, Any]]:
        """The answer of each plugin to a registration hook; a plugin that raises is marked failed."""
        answers = []
        for implementation in getattr(self._manager.hook, hook).get_hookimpls():
            try:
                answers.append((implementation.plugin_name, implementation.function()))
            except Exception as error:
                if self._strict:
                    raise
                self._fail(implementation.plugin_name, f"{hook}: {_one_line(error)}")
        return answers

    def _fail(self, plugin: str, detail: str) -> None:
        state = self._states[plugin]
        if self._strict:
            raise PluginError(f"plugin {plugin}: {detail}")
        self._states[plugin] = PluginState(plugin, "failed", state.distribution, state.version, state.hooks, detail)

    def course_sources(self) -> Mapping[str, CourseSource]:
        return self._courses

    def format_names(self) -> tuple[str, ...]:
        return tuple(sorted(self._formats))

    def format(self, name: str) -> PackageFormat:
        made: PackageFormat = self._class(self._formats, name, "format")()
        return made

    def platform_names(self) -> tuple[str, ...]:
        return tuple(sorted(self._platforms))

    def platform(self, site: Site) -> Platform:
        """The platform object that speaks for a site."""
        made: Platform = self._class(self._platforms, site.platform, "platform")(site)
        return made

    def certifier(self, config: CertificateConfig, name: str = "pdf") -> Certifier:
        made: Certifier = self._class(self._certifiers, name, "certifier")(config)
        return made

    def commands(self) -> Mapping[str, str | click.Command]:
        return self._commands

    def command(self, name: str) -> click.Command:
        value = self._commands[name]
        made: click.Command = self._import(value.split(" ", 1)[0], name) if isinstance(value, str) else value
        return made

    def _class(self, registry: Mapping[str, Any], name: str, kind: str) -> Any:
        value = registry.get(name)
        if value is None:
            raise PluginError(self._unknown(registry, name, kind))
        if isinstance(value, str) and value.startswith("="):
            return self._class(registry, value[1:], kind)
        return self._import(value, name) if isinstance(value, str) else value

    def _unknown(self, registry: Mapping[str, Any], name: str, kind: str) -> str:
        known = ", ".join(sorted(registry)) or "none"
        failed = [state.name for state in self._states.values() if state.state == "failed"]
        hint = f"; failed plugins: {', '.join(failed)} (see lms-toolkit plugins)" if failed else ""
        return f"no plugin offers the {kind} {name!r} (known: {known}){hint}"

    def _import(self, path: str, name: str) -> Any:
        module, _, attribute = path.partition(":")
        try:
            return getattr(import_module(module), attribute)
        except Exception as error:
            if self._strict:
                raise
            raise PluginError(f"{name}: {path} cannot be loaded: {_one_line(error)}") from error

    def check_course(self, course: Course, languages: Sequence[str]) -> list[Finding]:
        return self._findings("lms_check_course", course=course, languages=languages)

    def check_package(self, package: OpenedPackage) -> list[Finding]:
        return self._findings("lms_check_package", package=package)

    def _findings(self, hook: str, **arguments: Any) -> list[Finding]:
        from lms_toolkit.model import Finding

        found: list[Finding] = []
        for implementation in getattr(self._manager.hook, hook).get_hookimpls():
            try:
                needed = {name: arguments[name] for name in implementation.argnames}
                found.extend(implementation.function(**needed) or ())
            except Exception as error:
                if self._strict:
                    raise
                message = f"the check of plugin {implementation.plugin_name} failed: {_one_line(error)}"
                found.append(Finding("error", "check-failed", message, hint="report it to the plugin's author"))
        return found

    def tell(self, event: Event) -> None:
        """Pass an event that is already saved to every plugin; a failing listener is reported and undoes nothing."""
        for implementation in self._manager.hook.lms_on_event.get_hookimpls():
            try:
                implementation.function(event)
            except Exception as error:
                if self._strict:
                    raise
                self._warn(f"plugin {implementation.plugin_name} failed on {event.name}: {_one_line(error)}")


@cache
def _name_and_version(distribution: Distribution) -> tuple[str, str]:
    """Asked once for all plugins of a distribution, as each answer is read from the whole of its metadata."""
    return distribution.name, distribution.version


def _hooks_of(plugin: ModuleType | object) -> tuple[str, ...]:
    """The hooks a plugin implements; a name that is no hook is refused, because pluggy would silently skip it."""
    known = {name for name in vars(hookspecs) if name.startswith("lms_")}
    marked = [name for name in dir(plugin) if getattr(getattr(plugin, name), f"{GROUP}_impl", None)]
    for name in marked:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            meant = f"; did you mean {close[0]}?" if close else ""
            raise PluginError(f"there is no hook {name}{meant}")
    return tuple(marked)


def _one_line(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return text if isinstance(error, ToolkitError) else f"{type(error).__name__}: {text}".rstrip(": ")
