"""The explorer in a cell of a notebook:

    from hashtable_lab.explore.widget import Explorer
    Explorer(my_hash, size=16)

It is the page of `htlab explore`, the same file of it, with the kernel in the server's place. It needs
anywidget: `pip install 'hashtable[lab,notebook]'`.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import textwrap
import zlib
from collections.abc import Sequence
from typing import Any, Callable, Union

import hashtable

try:
    import anywidget
    import traitlets
except ModuleNotFoundError as error:
    needed = f"The explorer in a notebook needs {error.name}: pip install 'hashtable[lab,notebook]'"
    raise ModuleNotFoundError(needed, name=error.name) from error

from hashtable_lab.explore import limits, service
from hashtable_lab.explore.asked import BadError
from hashtable_lab.explore.presets import FIRST
from hashtable_lab.explore.runner import Children

HashFunction = Union[str, Callable[[Any], int]]


class Explorer(anywidget.AnyWidget):
    """A table that is watched while it works.

    hash_func: a function that was defined in the notebook, `hash`, one of the module's own, or the text of
        code that defines a `hash_func`. It is run in a child process, where nothing else of the notebook is.
    size, max_load: as of `HashTable`; without a maximum load (None) the table is never resized.
    operations: what is done to the table, as `["set", "'spam'", "1"]`, `["get", "'spam'"]`,
        `["pop", "'spam'"]`, `["fill", "random", 100]`, `["new"]`, `["clear"]`, `["list"]`. Keys and values
        are literals of Python.
    specimen: a line that is broken on purpose; `htlab demo list` names them.
    watch: the key whose references are counted in each step; None: each operation's own.

    `program` is what has run last, as a dict of these; it can be set. Each run takes a process, up to 5
    seconds of computing, and up to 512 MB. Raises ValueError for what is no program.
    """

    _esm = service.STATIC / "app.js"
    _about = traitlets.Dict().tag(sync=True)
    program = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        hash_func: HashFunction = FIRST["code"],
        size: int = FIRST["size"],
        max_load: float | None = FIRST["max_load"],
        operations: Sequence[Sequence[Any]] = FIRST["operations"],
        *,
        specimen: str | None = None,
        watch: str | None = None,
    ) -> None:
        super().__init__(
            _about=service.about(),
            program={
                "code": source(hash_func),
                "size": size,
                "max_load": max_load,
                "specimen": specimen,
                "operations": [list(each) for each in operations],
                "watch": watch,
            },
        )
        # Of each question that is being answered, by its name.
        self._children: dict[str, Children] = {}
        self.on_msg(self._asked)

    @traitlets.validate("program")
    def _valid(self, proposal: Any) -> Any:
        service.parse(as_json(proposal["value"]))
        return proposal["value"]

    def _asked(self, _: object, told: Any, __: object) -> None:
        """A message of the page's: a program to be run, or that nobody waits for one any more."""
        name = str(told["id"])
        if told.get("stop"):
            if name in self._children:
                self._children[name].close()
            return
        children = self._children[name] = Children()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._answer(name, work(told["program"], children))
            return
        # The kernel can do something else meanwhile; what is sent is sent from its own thread.
        working = loop.run_in_executor(None, work, told["program"], children)
        working.add_done_callback(lambda done: self._answer(name, done.result()))

    def _answer(self, name: str, answer: tuple[int, bytes]) -> None:
        del self._children[name]
        status, reply = answer
        self.send({"id": name, "status": status}, [reply])


def work(program: Any, children: Children) -> tuple[int, bytes]:
    """Runs what the page asks for: a status of HTTP's, and the answer. It is deflated, since a large picture
    is more than the server of a notebook lets through in a second."""
    body = as_json(program)
    try:
        if len(body) > limits.BODY:
            raise BadError(f"A program can have {limits.BODY // 1024} KiB.", None)
        status, reply = service.work(service.parse(body), children)
    except BadError as error:
        status, reply = 400, error.as_json()
    return status, zlib.compress(as_json(reply), 1)


def as_json(thing: object) -> bytes:
    return json.dumps(thing).encode("ascii")


def source(hash_func: HashFunction) -> str:
    """Code that defines `hash_func`. Raises ValueError if there is none to be had."""
    if isinstance(hash_func, str):
        return hash_func
    if hash_func is hash:
        return "hash_func = hash\n"
    name = getattr(hash_func, "__name__", "")
    if name and getattr(hashtable, name, None) is hash_func:
        return f"from hashtable import {name} as hash_func\n"
    try:
        code = textwrap.dedent(inspect.getsource(hash_func))
    except (TypeError, OSError):
        code = ""
    if not code.startswith("def "):
        raise ValueError(
            f"There is no source to be had of {hash_func!r}: pass a function that was made by def, or the"
            " text of code that defines hash_func"
        )
    return code if name == "hash_func" else f"{code}\n\nhash_func = {name}\n"
