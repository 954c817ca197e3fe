"""A click that speaks the reader's language: help, usage, errors, all from the `cli` catalogue.

A command finds its help under `cli.help.<command>`, an option under `cli.option.<command>.<name>` or, where several
commands share it, `cli.option.<name>`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any, Final, TypeVar

import click
from click.exceptions import NoArgsIsHelpError

from core.words import knows, say

F = TypeVar("F", bound=Callable[..., Any])
PLACES: Final = ("NOROSHI_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
JAPANESE_WIDTH: Final = 52
"""click counts characters; a Japanese one takes two cells."""


def language() -> str:
    """The language of this terminal: the first of NOROSHI_LANG, LC_ALL, LC_MESSAGES, LANG that is set."""
    named = next((value for place in PLACES if (value := os.environ.get(place))), "")
    return "ja" if named.lower().startswith("ja") else "en"


def tell(key: str, /, **values: Any) -> str:
    """The words of `cli.<key>` in the language of this terminal."""
    return say(language(), f"cli.{key}", **values)


def note(text: str) -> None:
    """A line beside the matter: on standard error, so that standard output stays clean."""
    click.echo(text, err=True)


class Trouble(click.ClickException):
    """It cannot be done: one kind sentence on standard error, `cli.trouble.<key>`, and an exit code."""

    def __init__(self, key: str, /, *, code: int = 1, **values: Any) -> None:
        super().__init__(tell(f"trouble.{key}", **values))
        self.code = code

    def show(self, file: Any = None) -> None:
        click.echo(f"noroshi: {self.message}", file=file or sys.stderr)


class SpokenFormatter(click.HelpFormatter):
    """Headings in the reader's language."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        if language() == "ja":
            self.width = min(self.width, JAPANESE_WIDTH)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix if prefix is not None else f"{tell('usage')} ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(tell(f"heading.{heading.lower()}"))


class SpokenContext(click.Context):
    """A context with our formatter."""

    formatter_class = SpokenFormatter


class SpokenOption(click.Option):
    """An option whose help stands in the catalogue; its `metavar` is the key of a word in `cli.value`."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        own = f"cli.option.{_name(ctx)}.{self.name}"
        self.help = say(language(), own if knows(language(), own) else f"cli.option.{self.name}")
        return super().get_help_record(ctx)

    def make_metavar(self, ctx: click.Context) -> str:
        return super().make_metavar(ctx) if self.metavar is None else tell(f"value.{self.metavar}")


class SpokenCommand(click.Command):
    """A command whose help stands in the catalogue."""

    context_class = SpokenContext

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.help = tell(f"help.{_name(ctx) or 'noroshi'}")
        super().format_help_text(ctx, formatter)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx  # an option without its value forgets where it was
            raise

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = tell("option.help")
        return option


class SpokenGroup(SpokenCommand, click.Group):
    """Commands by name. A command's return value is the exit code: 0 done, 1 refused or found, 2 usage."""

    command_class = SpokenCommand
    group_class = type

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        at = _name(ctx)
        rows = [(name, tell(f"help.{at}.{name}" if at else f"help.{name}").split("\n")[0]) for name in self.commands]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def main(self, *args: Any, **settings: Any) -> Any:
        settings["standalone_mode"] = False
        try:
            code = super().main(*args, **settings)
        except Trouble as trouble:
            trouble.show()
            code = trouble.code
        except click.UsageError as error:
            _show(error)
            code = 2
        except click.ClickException as error:
            error.show()
            code = error.exit_code
        except click.Abort:
            code = 130
        sys.exit(code if isinstance(code, int) else 0)


def option(*names: str, **settings: Any) -> Callable[[F], F]:
    """`click.option` whose help is looked up."""
    return click.option(*names, cls=SpokenOption, **settings)


def _name(ctx: click.Context) -> str:
    """`token.create` for `noroshi token create`; empty for `noroshi` itself."""
    return ".".join(ctx.command_path.split()[1:])


def _show(error: click.UsageError) -> None:
    ctx = error.ctx
    if isinstance(error, NoArgsIsHelpError) and ctx is not None:
        click.echo(ctx.get_help(), err=True)
        return
    if ctx is not None:
        click.echo(ctx.get_usage(), err=True)
        click.echo(tell("try", command=f"{ctx.command_path} --help"), err=True)
    click.echo(f"noroshi: {_usage(error)}", err=True)


def _usage(error: click.UsageError) -> str:
    match error:
        case click.NoSuchCommand():
            return tell("misuse.command", name=error.command_name)
        case click.NoSuchOption():
            return tell("misuse.option", name=error.option_name)
        case click.BadOptionUsage():
            return tell("misuse.argument", name=error.option_name)
        case click.MissingParameter() if error.param is not None:
            return tell("misuse.missing", name=_label(error.param))
        case click.BadParameter() if error.param is not None:
            return _value(error, error.param)
    return error.message


def _value(error: click.BadParameter, param: click.Parameter) -> str:
    match param.type:
        case click.Choice(choices=choices):
            return tell("misuse.choice", name=_label(param), choices=", ".join(choices))
        case click.IntRange(min=low, max=high):
            return tell("misuse.range", name=_label(param), low=low, high="" if high is None else high)
        case click.types.IntParamType():
            return tell("misuse.number", name=_label(param))
    return tell("misuse.value", name=_label(param), why=error.message)


def _label(param: click.Parameter) -> str:
    """As it is typed: `--mode`, or the name of an argument."""
    return max(param.opts, key=len) if isinstance(param, click.Option) else param.human_readable_name
