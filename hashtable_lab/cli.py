"""The commands. What they find out is found out elsewhere; here it is asked for and written down."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from hashtable_lab import demo as demos
from hashtable_lab import doctor as doctors
from hashtable_lab import glass, pages, refs, svg
from hashtable_lab.child import Program, run
from hashtable_lab.events import LAYERS, Event
from hashtable_lab.page import Page

SESSION = demos.SCRIPTS / "session.py"
as_json = click.option("--json", "wants_json", is_flag=True, help="Write JSON, for programs.")


class Group(click.Group):
    """Says in a sentence that there is nothing to look at, if so."""

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

    NAME is one of `htlab demo list`. With --forget it is a SCRIPT of yours, and any line that counts a
    reference can be forgotten:

    \b
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
    """The demo of that name, or a script with a forgotten line; and what is to be looked at."""
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

    NAME is one of `htlab demo list`. The first difference is marked.
    """
    each, examination = examine(name, arguments, forget)
    life = examination.timeline
    if life is None:
        raise click.ClickException("The two runs are the same: this program does not come by that line.")
    if picture:
        title = f"References to {life.thing}: {each.name if each else f'without {forget}'}"
        picture.write_text(svg.draw(life, title), encoding="utf-8")
    if wants_json:
        click.echo(demos.dump({"demo": each.name if each else None, "forget": forget, **life.as_json()}))
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


@htlab.command(name="refs")
@click.argument("expression", metavar="EXPR")
@click.option(
    "-c", "setup", metavar="SETUP", default="", help="Code that runs before; `hashtable` is imported."
)
@click.option("--depth", default=0, show_default=True, help="Levels of the holders' own holders to show.")
@as_json
def refs_command(expression: str, setup: str, depth: int, wants_json: bool) -> None:
    """How many references an object has, and who holds them.

    htlab refs h -c "h = hashtable.HashTable(); h.set('self', h)"
    """
    import types

    import hashtable

    module = types.ModuleType("__main__")
    module.__dict__["hashtable"] = hashtable
    sys.modules["__main__"] = module
    try:
        exec(compile(setup, "<setup>", "exec"), module.__dict__)
        box = [eval(compile(expression, "<expression>", "eval"), module.__dict__)]
    except Exception as error:
        raise click.ClickException(f"{type(error).__name__}: {error}") from error
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
