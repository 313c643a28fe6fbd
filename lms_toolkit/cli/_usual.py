"""Groups of commands with a usual one, whose name may be left out: it is what people do day after day."""

from __future__ import annotations

import rich_click as click


class _WithUsual(click.RichGroup):
    usual: str
    is_usual_alone: bool

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        names_one = bool(args) and args[0] in (*self.commands, *ctx.help_option_names)
        if not names_one and (args or self.is_usual_alone):
            args = [self.usual, *args]
        return super().parse_args(ctx, args)


def with_usual(command: str, *, alone: bool = False) -> type[click.RichGroup]:
    """The class of a group in which `GROUP X` is short for `GROUP command X`; and `GROUP` alone too, with `alone`."""
    return type("WithUsual", (_WithUsual,), {"usual": command, "is_usual_alone": alone})
