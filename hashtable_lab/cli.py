"""The commands. What they find out is found out elsewhere; here it is asked for and written down."""

from __future__ import annotations

import dataclasses
import importlib
import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from hashtable_lab import bins, glass, pages, refs, svg
from hashtable_lab import demo as demos
from hashtable_lab import doctor as doctors
from hashtable_lab.child import Program, run
from hashtable_lab.events import LAYERS, Event
from hashtable_lab.lesson import Lesson, lessons
from hashtable_lab.page import Page

SESSION = demos.SCRIPTS / "session.py"
as_json = click.option("--json", "wants_json", is_flag=True, help="Write JSON, for programs.")


# Commands in modules of their own, which need `hashtable` itself.
ELSEWHERE = {
    "sweep": "hashtable_lab.sweep.command",
    "quality": "hashtable_lab.quality.command",
    "plot": "hashtable_lab.plots.command",
    "explore": "hashtable_lab.explore.command",
}


class Group(click.Group):
    """Says in a sentence that there is nothing to look at, if so."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted([*super().list_commands(context), *ELSEWHERE])

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in ELSEWHERE:
            return super().get_command(context, name)
        try:
            found: click.Command = getattr(importlib.import_module(ELSEWHERE[name]), name)
        except ImportError as error:
            raise click.ClickException(f"{glass.NOT_BUILT} ({error})") from error
        return found

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except glass.NotBuiltError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
def htlab() -> None:
    """The hash table under glass: see its layers talk, crash it and leak it in safety.

    Begin with `htlab trace`, then `htlab demo segfault`.
    """


@htlab.command()
@click.argument("name", required=False)
@click.argument("arguments", nargs=-1)
@click.option(
    "--forget", metavar="FILE:LINE", help="Forget the reference that this line of our source counts."
)
@click.option("--fixed", is_flag=True, help="Show the healthy run beside it.")
@click.option("--native/--no-native", default=True, help="Show native frames, if gdb or valgrind is there.")
@as_json
def demo(
    name: str | None,
    arguments: tuple[str, ...],
    forget: str | None,
    fixed: bool,
    native: bool,
    wants_json: bool,
) -> None:
    """Break one line, run a program, and name the line.

    NAME is one of `htlab demo list`; a SCRIPT of yours after it is run in place of the demo's own program.
    With --forget there is only your script, and any line that counts a reference can be forgotten:

    \b
        htlab demo segfault my_script.py
        htlab demo --forget src/python/operations.rs:56 my_script.py

    Exit status: 0 if it crashes (leaks, or keeps silent) as it is said to; 1 if not; 2 if asked wrongly.
    """
    page = Page()
    if name == "list" and not forget:
        listed = demos.demos().values()
        if wants_json:
            click.echo(demos.dump([pages.demo_as_json(each) for each in listed]))
        else:
            pages.demo_list(page, list(listed))
        return
    each, examination = examine(name, arguments, forget)
    if wants_json:
        click.echo(demos.dump(demos.as_json(examination, each, fixed, native)))
    else:
        pages.demo(page, examination, each, fixed, native)
    sys.exit(0 if demos.as_stated(examination, each) else 1)


def examine(
    name: str | None, arguments: tuple[str, ...], forget: str | None
) -> tuple[demos.Demo | None, demos.Examination]:
    """The demo of that name, or None for a script of the user's; and what is to be looked at."""
    if name is None:
        raise click.UsageError("Which demo? `htlab demo list` names them.")
    if forget:
        try:
            demos.parse_forget(forget)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--forget") from error
        return None, demos.Examination(script(name, arguments), forget=forget)
    try:
        each = demos.demo(name)
    except KeyError:
        known = ", ".join(demos.demos())
        raise click.UsageError(f"There is no demo {name!r}. There are: {known}.") from None
    if arguments:
        return None, demos.Examination(script(arguments[0], arguments[1:]), specimen=name)
    return each, demos.Examination(each.program, specimen=name)


def script(path: str, arguments: tuple[str, ...] = ()) -> Program:
    """A program of the user's."""
    try:
        return Program.read(Path(path), arguments)
    except (OSError, UnicodeDecodeError) as error:
        raise click.BadParameter(f"{path}: {error}", param_hint="SCRIPT") from error


@htlab.command()
@click.argument("name")
@click.argument("arguments", nargs=-1)
@click.option("--forget", metavar="FILE:LINE", help="Forget this line, and NAME is a script of yours.")
@click.option("--svg", "picture", type=click.Path(dir_okay=False, path_type=Path), help="Draw it to a file.")
@as_json
def diff(
    name: str, arguments: tuple[str, ...], forget: str | None, picture: Path | None, wants_json: bool
) -> None:
    """The count of the object in question, healthy and broken, side by side.

    NAME is one of `htlab demo list`; a SCRIPT of yours after it is run in place of the demo's own program.
    The first difference is marked.
    """
    each, examination = examine(name, arguments, forget)
    life = examination.timeline
    if life is None:
        raise click.ClickException("The two runs are the same: this program does not come by that line.")
    if picture:
        title = f"References to {life.thing}: {each.name if each else examination.fault}"
        picture.write_text(svg.draw(life, title), encoding="utf-8")
    if wants_json:
        which = {"demo": examination.specimen, "forget": forget}
        click.echo(demos.dump({**which, **life.as_json()}))
    elif picture:
        click.echo(f"{picture}: {len(life.rows)} steps of {life.thing}")
    else:
        pages.timeline(Page(), life)


@htlab.command(context_settings={"ignore_unknown_options": True})
@click.argument("script_path", metavar="[SCRIPT]", required=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.option("-c", "code", metavar="CODE", help="Run this; `hashtable` is imported already.")
@click.option(
    "--layer", "layers", multiple=True, type=click.Choice(LAYERS), help="Only this layer; repeatable."
)
@click.option("--refs", "with_refs", is_flag=True, help="Each reference that is taken and given back, too.")
@as_json
def trace(
    script_path: str | None,
    arguments: tuple[str, ...],
    code: str | None,
    layers: tuple[str, ...],
    with_refs: bool,
    wants_json: bool,
) -> None:
    """What the program, the module and the table say, in one order.

    Of any program that uses `hashtable`; without one, of the talk's closing session. Ends with the program's
    own exit status. JSON comes as one event a line.
    """
    if code is not None and script_path is not None:
        arguments = (script_path, *arguments)
    if code is not None:
        program = Program("<code>", code, arguments, echo=True)
    elif script_path is not None:
        program = script(script_path, arguments)
    else:
        program = Program(SESSION.name, SESSION.read_text(encoding="utf-8"), echo=True)
    shown = set(layers) or {layer for layer in LAYERS if layer != "reference" or with_refs}
    page = Page()

    def tell(event: Event) -> None:
        if wants_json:
            if event.layer in shown:
                click.echo(json.dumps(event.as_json(), ensure_ascii=False))
        else:
            pages.trace(page, event, shown)

    ended = run(program, malloc="pymalloc", limit=24 * 3600, tell=tell)
    if ended.stderr:
        click.echo(ended.stderr, nl=False, err=True)
    leave(ended.status)


def leave(status: int) -> NoReturn:
    """Ends with the exit status of a child; one that died of a signal has the shell's number for it."""
    sys.exit(status if status >= 0 else 128 - status)


def evaluated(setup: str, expression: str) -> Any:
    """What an expression of the user's comes to, in a `__main__` of its own."""
    import types

    import hashtable

    module = types.ModuleType("__main__")
    module.__dict__["hashtable"] = hashtable
    sys.modules["__main__"] = module
    try:
        exec(compile(setup, "<setup>", "exec"), module.__dict__)
        return eval(compile(expression, "<expression>", "eval"), module.__dict__)
    except Exception as error:
        raise click.ClickException(f"{type(error).__name__}: {error}") from error


set_up = click.option(
    "-c", "setup", metavar="SETUP", default="", help="Code that runs before; `hashtable` is imported."
)


@htlab.command(name="bins")
@click.argument("expression", metavar="EXPR")
@set_up
@click.option("--svg", "picture", type=click.Path(dir_okay=False, path_type=Path), help="Draw it to a file.")
@click.option("--title", default="", help="What stands above the picture.")
@as_json
def bins_command(expression: str, setup: str, picture: Path | None, title: str, wants_json: bool) -> None:
    """A table's bins, each with its chain.

    htlab bins "hashtable.HashTable(hash_func=len, items={'spam': 1, 'eggs': 2})"
    """
    import hashtable

    table = evaluated(setup, expression)
    if not isinstance(table, hashtable.HashTable):
        raise click.ClickException(f"{expression} is no HashTable: it is {type(table).__name__!r}.")
    if picture:
        picture.write_text(bins.draw(table, title), encoding="utf-8")
    if wants_json:
        click.echo(demos.dump([[repr(key) for key in chain] for chain in table.bins()]))
    elif picture:
        click.echo(f"{picture}: {table.size} bins, {table.load} entries")
    else:
        for line in bins.lines(table.bins()):
            click.echo(line)


@htlab.command(name="refs")
@click.argument("expression", metavar="EXPR")
@set_up
@click.option("--depth", default=0, show_default=True, help="Levels of the holders' own holders to show.")
@as_json
def refs_command(expression: str, setup: str, depth: int, wants_json: bool) -> None:
    """How many references an object has, and who holds them.

    htlab refs h -c "h = hashtable.HashTable(); h.set('self', h)"
    """
    box = [evaluated(setup, expression)]
    if wants_json:
        told = refs.counts(box)
        click.echo(demos.dump(pages.refs_as_json(told)))
        return
    page = Page()
    for line in refs.report(box, depth):
        page.line(line)


@htlab.command()
@as_json
def doctor(wants_json: bool) -> None:
    """What this interpreter does with references, and what each demo will look like on it."""
    facts = doctors.examination()
    if wants_json:
        click.echo(demos.dump(facts))
    else:
        pages.doctor(Page(), facts)


@htlab.group(name="lesson")
def lesson_group() -> None:
    """The exercises of the walkthrough.

    A copy of each is yours to change, in the folder `lessons`.
    """


desk = click.option(
    "--folder",
    "desk",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("lessons"),
    show_default=True,
    help="Where your copies are.",
)


def lesson(number: str) -> Lesson:
    """The lesson of that number."""
    known = lessons()
    if number not in known:
        raise click.UsageError(f"There is no lesson {number!r}. `htlab lesson list` has them all.")
    return known[number]


@lesson_group.command(name="list")
@desk
@as_json
def lesson_list(desk: Path, wants_json: bool) -> None:
    """Which there are, and how far you are."""
    each = [{"number": it.number, "title": it.title, "state": it.state(desk)} for it in lessons().values()]
    if wants_json:
        click.echo(demos.dump(each))
    else:
        pages.lesson_list(Page(), each)


@lesson_group.command(name="start")
@click.argument("number")
@desk
def lesson_start(number: str, desk: Path) -> None:
    """Puts a copy of an exercise into a folder of yours."""
    chosen = lesson(number)
    try:
        folder = chosen.start(desk)
    except FileExistsError as error:
        raise click.ClickException(
            f"{chosen.copy(desk)} is there, and it is your work: to begin again, move it away."
        ) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from error
    pages.lesson_start(Page(), chosen, folder)


@lesson_group.command(name="hint")
@click.argument("number")
@desk
def lesson_hint(number: str, desk: Path) -> None:
    """One hint, and another the next time."""
    chosen = lesson(number)
    at, hint = chosen.next_hint(desk)
    Page().prose(f"Hint {at} of {len(chosen.hints)}: {hint}")


@lesson_group.command(name="check")
@click.argument("number")
@desk
@as_json
def lesson_check(number: str, desk: Path, wants_json: bool) -> None:
    """Looks at what you made of it.

    Exit status: 0 if it is right; 1 if not; 2 if asked wrongly.
    """
    chosen = lesson(number)
    try:
        findings = chosen.check(desk)
    except FileNotFoundError as error:
        raise click.UsageError(f"You have not begun: htlab lesson start {number}") from error
    passed = all(finding.good for finding in findings)
    if wants_json:
        told = [dataclasses.asdict(finding) for finding in findings]
        click.echo(demos.dump({"lesson": chosen.number, "passed": passed, "findings": told}))
    else:
        pages.lesson_check(Page(), chosen, findings)
    sys.exit(0 if passed else 1)
