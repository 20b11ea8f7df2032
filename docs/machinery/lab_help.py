"""The commands of htlab, in the words of their own help."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any, Callable

from machinery import markdown
from machinery.markdown import code, escaped, fenced, flowing, table
from machinery.sources import imported

PROGRAM = "htlab"
# `code`, and what is an option or the name of an argument.
CODE = re.compile(r"`([^`]+)`|(?<![\w-])(--?[a-z][\w-]*)|\b((?!JSON\b)[A-Z]{4,}(?::[A-Z]+)?)\b")


def commands(command: Any, name: str, parent: Any = None) -> Iterator[tuple[str, Any, Any]]:
    """A command and all below it, each with its whole name and its context."""
    import click

    context = click.Context(command, parent, name, **command.context_settings)
    yield context.command_path, command, context
    for below_name, below in children(command, context):
        yield from commands(below, below_name, context)


def children(command: Any, context: Any) -> list[tuple[str, Any]]:
    """What a group has below it, as it says itself: some of it may be in modules that it imports late."""
    names = command.list_commands(context) if hasattr(command, "list_commands") else []
    return [(name, command.get_command(context, name)) for name in names]


def described(text: str) -> str:
    """A help text, as click reads it: paragraphs, and after a `\\b` lines that stay as they are. A paragraph
    that is a command looks like one."""
    parts = []
    for block in markdown.blocks(inspect.cleandoc(text)):
        if block[0].strip() == "\b":
            parts.append(fenced(markdown.dedented(block[1:]), "sh"))
        elif block[0].startswith(f"{PROGRAM} "):
            parts.append(fenced("\n".join(block), "sh"))
        else:
            parts.append(line(flowing(block)))
    return "\n\n".join(parts)


def line(text: str) -> str:
    done, at = [], 0
    for found in CODE.finditer(text):
        done += [escaped(text[at : found.start()]), code(found[1] or found[2] or found[3])]
        at = found.end()
    return "".join([*done, escaped(text[at:])])


def options(command: Any, context: Any) -> list[tuple[str, str]]:
    named = (each for each in command.get_params(context) if each.param_type_name == "option")
    records = (each.get_help_record(context) for each in named)
    return [(code(names), line(words)) for names, words in filter(None, records)]


def undocumented(root: Any) -> list[str]:
    """What says nothing of itself."""
    missing = []
    for path, command, context in commands(root, PROGRAM):
        if not command.help:
            missing.append(path)
        missing += [f"{path} {names}" for names, words in options(command, context) if not words]
    return missing


def lab() -> str:
    root = imported("hashtable_lab.cli").htlab
    missing = undocumented(root)
    if missing:
        raise ValueError(f"these commands and options have no help: {', '.join(missing)}")
    parts: list[str] = []
    for path, command, context in commands(root, PROGRAM):
        usage = " ".join([path, *command.collect_usage_pieces(context)])
        if path != PROGRAM:
            parts.append(f"{'#' * (1 + path.count(' '))} {path}")
        parts += [fenced(usage, "text"), described(command.help)]
        links = [
            (f"[{path} {name}](#{path.replace(' ', '-')}-{name})", line(summary(below)))
            for name, below in children(command, context)
        ]
        if links:
            parts.append(table(("command", ""), links))
        # `--help` is the same everywhere.
        own = options(command, context)[: None if command is root else -1]
        if own:
            parts.append(table(("option", ""), own, "options"))
    return "\n\n".join(parts)


def summary(command: Any) -> str:
    """The first sentence, whole."""
    return flowing(next(markdown.blocks(inspect.cleandoc(command.help))))


PARTS: dict[str, Callable[[], str]] = {"htlab": lab}
