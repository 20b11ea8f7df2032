"""The child's side of the page: does the operations of a program, one after the other, and tells what came of
each; under glass, and held to the limits.

Nothing of the program is put into code: its operations are data that is walked here, its keys and values are
literals, and its hash function is compiled as it stands.

What is told goes into the stream between the events, as notes, so that a crash cannot upset the order.
Between two operations the table is looked at in silence. In a broken run it is not looked at, since that
would be its next use: what it looks like is known from the healthy one.
"""

from __future__ import annotations

import ast
import contextlib
import faulthandler
import gc
import io
import json
import linecache
import math
import os
import random
import re
import signal
import sys
import types
import weakref
from itertools import islice
from typing import Any

from hashtable_lab import _glass
from hashtable_lab.explore import limits
from hashtable_lab.explore.asked import key_of
from hashtable_lab.explore.notes import MARK
from hashtable_lab.explore.shadow import Shadow
from hashtable_lab.inside import Told
from hashtable_lab.refs import call_cost

# The name under which the user's code stands in tracebacks.
CODE = "<code>"
LAYERS = ("module", "table", "python")
# Of a fill, so many keys are put in before the trace falls silent; and of what a program does at all.
TRACED = 25
# Entries and bins up to which the whole table is looked at after each operation that may have changed it.
SMALL = 300
# The events that change a chain, as they begin in the stream.
MOVES = re.compile(r'\{"n":\d+,"layer":"table","what":"(append|remove)"')
LETTERS, LONGEST = 40, 300
SEED = 2016
# No program has so many references to one object: from here on the number stands for immortality.
FOR_EVER = 1 << 28


def tell(what: str, **facts: Any) -> None:
    _glass.note(MARK + json.dumps({"what": what, **facts}))


class Refused(Exception):  # noqa: N818 -- it is the page's error, not the program's
    """What cannot be run."""

    def __init__(self, words: str, where: str, line: int | None = None) -> None:
        super().__init__(words)
        self.where = where
        self.line = line


class Printed(Told):
    """What a program prints, up to where it becomes too much."""

    left = limits.PRINTED

    def write(self, data: Any) -> int:
        taken = bytes(data)[: max(0, self.left)]
        if taken:
            super().write(taken)
        if 0 <= self.left < len(data):
            super().write(b"(what it prints further is left out)\n")
            self.left = -1
        elif self.left > 0:
            self.left -= len(taken)
        return len(data)


def short(thing: object, longest: int = LETTERS) -> str:
    """An object's repr, cut."""
    try:
        # Only of literals, whose repr is known: a table's would be a use of the table.
        text = f"<{type(thing).__name__}>" if isinstance(thing, _glass.HashTable) else repr(thing)
    except Exception as error:  # an int that is too long to be written in decimal
        text = f"<{type(thing).__name__}: {error}>"
    return text if len(text) <= longest else text[: longest - 1] + "…"


def words_of(error: BaseException) -> str:
    """Type and text of an exception, as at the end of a traceback."""
    try:
        text = str(error)
    except Exception:
        text = ""
    name = type(error).__name__
    told = f"{name}: {text}" if text else name
    return told if len(told) <= LONGEST else told[: LONGEST - 1] + "…"


def line_of(error: BaseException) -> int | None:
    """The last line of the user's code that an exception came by."""
    line, frames = None, error.__traceback__
    while frames is not None:
        if frames.tb_frame.f_code.co_filename == CODE:
            line = frames.tb_lineno
        frames = frames.tb_next
    return line


def module_of(code: str) -> types.ModuleType:
    """Runs the user's code, and returns its module. Raises Refused, and whatever the code raises."""
    try:
        compiled = compile(code, CODE, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise Refused(f"{type(error).__name__}: {error.msg}", "code", error.lineno) from None
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        raise Refused(words_of(error), "code") from None
    linecache.cache[CODE] = (len(code), None, code.splitlines(keepends=True), CODE)
    main = types.ModuleType("__main__")
    main.__dict__.update(hashtable=_glass, table=lambda: None)
    sys.modules["__main__"] = main
    limits.forbid_processes()
    exec(compiled, main.__dict__)
    return main


class Literals:
    """The keys and values of a program: of each text one object, so that its references can be followed."""

    def __init__(self) -> None:
        self.boxes: dict[str, list[Any]] = {}
        # Of each key another object that is equal: for what is not to show in its references.
        self.twins: dict[str, Any] = {}

    def read(self, text: str, number: int) -> None:
        if text in self.boxes:
            return
        try:
            self.boxes[text] = [ast.literal_eval(text)]
            twin = ast.literal_eval(text)
            # A string that looks like a name is one and the same object each time.
            self.twins[text] = twin[:1] + twin[1:] if isinstance(twin, str) else twin
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError, OverflowError):
            shown = text if len(text) <= LETTERS else text[: LETTERS - 1] + "…"
            raise Refused(
                f"Operation {number}: {shown!r} is no literal, as 'spam' or 42 is", "operations"
            ) from None


def keys_of(name: str, n: int, number: int) -> list[Any]:
    """The keys of a fill: those of the sweeps."""
    from hashtable_lab.sweep import keysets

    try:
        if keysets.parse(name)[0] == "words":
            raise keysets.BadKeysError("words of a file are not for the page")
        found = list(islice(keysets.stream(name, random.Random(f"{name} {SEED}")), n))
    except (ValueError, OverflowError) as error:
        raise Refused(f"Operation {number}: {words_of(error).partition(': ')[2]}", "operations") from None
    if len(found) < n:
        raise Refused(f"Operation {number}: {name} has only {len(found)} different keys", "operations")
    return found


def ideal_hit_probes(load: int, size: int) -> float:
    """Of a hit, if chance spreads the keys: of those that came after, each is in the same bin one time in
    `size`."""
    return 1 + (load - 1) / (2 * size) if load else 0.0


def ideal_longest(load: int, size: int) -> int:
    """The longest chain that chance makes: the last length of which at least half a bin can be expected to
    be, or longer."""
    if not load:
        return 0
    mean = load / size
    length, exact, beyond = 0, math.exp(-mean), 1.0
    # `beyond` is the part of the bins with chains of this length or longer.
    while length < load:
        further = beyond - exact
        if further * size < 0.5:
            break
        length, beyond, exact = length + 1, further, exact * mean / (length + 1)
    return max(1, length)


class Session:
    """A program at work."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self.asked = asked
        self.look: bool = asked["look"]
        self.layers = (*LAYERS, "reference") if asked["references"] else LAYERS
        self.literals = Literals()
        self.fills: dict[int, list[Any]] = {}
        # By the text of its key, what was put in last.
        self.values: dict[str, list[Any]] = {}
        self.shadow = Shadow()
        # Of each bin that is not empty, the texts of its keys: as they were told last.
        self.chains: dict[int, list[str]] = {}
        self.size = self.load = 0
        self.shown = 0
        self.heard = False
        self.table: Any = None
        self.box: list[Any] = []
        # The code's own.
        self.names: dict[str, Any] = {}
        self.cost = call_cost()
        self.stream = open(os.environ["HTLAB_STREAM"], encoding="utf-8")  # noqa: PTH123, SIM115

    def prepare(self) -> None:
        """Finds out what cannot be run. Raises Refused."""
        for number, operation in enumerate(self.asked["operations"], 1):
            if operation[0] == "fill":
                self.fills[number] = keys_of(operation[1], operation[2], number)
                continue
            for text in operation[1:]:
                self.literals.read(text, number)

    def run(self) -> None:
        operations = [["new"], *self.asked["operations"]]
        for number, operation in enumerate(operations):
            tell("begin", step=number)
            said = self.statement(number, operation)
            self.hear(number, True)
            _glass.note(f"line:{number + 1}:{said}")
            done = self.do(number, operation)
            self.hear(number, False)
            tell("done", step=number, references=self.references(operation), **done)
            if self.look:
                self.shown += self.show(number, operation)
                if self.shown > limits.PICTURE_BYTES and number + 1 < len(operations):
                    tell("truncated", step=number)
                    return

    def hear(self, number: int, on: bool) -> None:
        """Lets the layers speak, unless they have said too much already; or makes them silent."""
        if on and os.fstat(self.stream.fileno()).st_size - self.shown > limits.EVENTS_BYTES:
            tell("muted", step=number)
            on = False
        _glass.layers(self.layers if on else ("python",))
        self.heard = on

    def statement(self, number: int, operation: list[Any]) -> str:
        """An operation as it would be written."""
        name, texts = operation[0], operation[1:]
        if name == "new":
            return f"h = HashTable({self.asked['size']}, {self.asked['max_load']}, hash_func)"
        if name == "fill":
            return f"for number, key in enumerate({texts[0]} keys, {texts[1]} of them): h.set(key, number)"
        if name == "list":
            return "list(h)"
        return f"h.{name}({', '.join(short(self.literals.boxes[text][0]) for text in texts)})"

    def do(self, number: int, operation: list[Any]) -> dict[str, Any]:
        """Does an operation: its result or its exception, in words."""
        try:
            return {"result": self.call(number, operation), "error": None, "line": None}
        except MemoryError as error:
            self.hear(number, False)
            # Whatever it was is gone with its frames; without it there is memory to tell this.
            tell("over", how="memory", step=number, words=words_of(error), line=line_of(error))
            raise SystemExit from None
        except Exception as error:
            return {"result": None, "error": words_of(error), "line": line_of(error)}
        except BaseException as error:
            self.hear(number, False)
            tell("over", how="exception", step=number, words=words_of(error), line=line_of(error))
            raise SystemExit from None

    def call(self, number: int, operation: list[Any]) -> str | None:
        name, texts = operation[0], operation[1:]
        if name == "new":
            self.table = _glass.HashTable(self.asked["size"], self.asked["max_load"], self.box[0])
            # By which the code can know its table, and no count changes.
            self.names["table"] = weakref.ref(self.table)
            self.shadow.clear()
            return None
        if name == "fill":
            self.fill(number)
            return None
        if name == "clear":
            result = self.table.clear()
            self.shadow.clear()
        elif name == "list":
            result = list(self.table)
        elif name == "set":
            result = self.table.set(self.literals.boxes[texts[0]][0], self.literals.boxes[texts[1]][0])
            self.values[texts[0]] = self.literals.boxes[texts[1]]
            self.shadow.put(self.literals.twins[texts[0]])
        elif name == "get":
            result = self.table.get(self.literals.boxes[texts[0]][0])
        else:
            result = self.table.pop(self.literals.boxes[texts[0]][0])
            self.shadow.take(self.literals.twins[texts[0]])
        return short(result, LONGEST)

    def fill(self, number: int) -> None:
        table, put = self.table, self.shadow.put
        for at, key in enumerate(self.fills[number]):
            if at == TRACED:
                self.hear(number, False)
                tell("untraced", step=number, keys=len(self.fills[number]) - at)
            table.set(key, at)
            put(key)
            if self.look and self.heard and self.load + self.size <= SMALL:
                self.hear(number, False)
                self.shown += self.show(number, self.asked["operations"][number - 1], "frame")
                self.hear(number, True)

    def references(self, operation: list[Any]) -> dict[str, int | None]:
        """What refers to the hash function, and to a key and its value, beyond this module: to those that are
        watched, or else to the operation's."""
        text = self.asked["watch"] or key_of(operation)
        key, value = (None, None) if text is None else (self.literals.boxes[text], self.values.get(text))
        return {"hash_func": self.count(self.box), "key": self.count(key), "value": self.count(value)}

    def count(self, box: list[Any] | None) -> int | None:
        """References to what is in a box, but for the box's own; None if it is immortal, or gone."""
        if box is None:
            return None
        # No more than a look: in a broken run the object may have been freed, and overwritten.
        count = sys.getrefcount(box[0]) - self.cost - 1
        return count if 0 <= count < FOR_EVER else None

    def show(self, number: int, operation: list[Any], what: str = "picture") -> int:
        """Tells what the table looks like after an operation, or in a fill after one of its keys; returns how
        many bytes that took."""
        # What is made here for a moment only is not worth the collector's looking through all of it.
        gc.disable()
        try:
            stats = self.table.stats()
            whole = what == "picture" and operation[0] in ("new", "fill", "clear")
            changed = None if whole or stats.size != self.size else self.changed(stats, operation)
            if changed is None:
                self.chains = self.all_chains()
                # What its events say of this is known by now.
                self.stream.seek(0, os.SEEK_END)
            self.size, self.load = stats.size, stats.load
            picture = self.picture(stats, changed, operation)
        finally:
            gc.enable()
        text = MARK + json.dumps({"what": what, "step": number, **picture})
        _glass.note(text)
        return len(text)

    def all_chains(self) -> dict[int, list[str]]:
        """The bins as they are, but for those that are empty."""
        return {
            number: [short(key) for key in chain] for number, chain in enumerate(self.table.bins()) if chain
        }

    def changed(self, stats: Any, operation: list[Any]) -> dict[int, list[str]]:
        """The bins that are otherwise than before an operation that did not change their number."""
        moves = [json.loads(line) for line in self.stream if MOVES.match(line)]
        # Others come from tables of the hash function's own; none, if the trace has been silenced.
        known = len(moves) == abs(stats.load - self.load)
        if known and not moves:
            return {}
        if stats.load + stats.size <= SMALL or not known or not self.fits(moves, operation):
            now = self.all_chains()
            bins = {*now, *self.chains}
            found = {at: now.get(at, []) for at in bins if now.get(at) != self.chains.get(at)}
            self.chains = now
            return found
        # To look at all of a large table takes long. Its own events say in which bin something has changed.
        found = {}
        for each in moves:
            chain = list(self.chains.get(each["bin"], []))
            key = short(self.literals.boxes[operation[1]][0])
            if each["what"] == "append":
                chain.append(key)
            else:
                chain.remove(key)
            found[each["bin"]] = self.chains[each["bin"]] = chain
            if not chain:
                del self.chains[each["bin"]]
        return found

    def fits(self, moves: list[dict[str, Any]], operation: list[Any]) -> bool:
        """Whether a key that has gone is known by the text that it was popped by: 1.0 removes 1."""
        return all(
            each["what"] == "append"
            or short(self.literals.boxes[operation[1]][0]) in self.chains.get(each["bin"], ())
            for each in moves
        )

    def picture(
        self, stats: Any, changed: dict[int, list[str]] | None, operation: list[Any]
    ) -> dict[str, Any]:
        bins = lengths = None
        if changed is None:
            if stats.load <= limits.ENTRIES_SHOWN:
                bins = [self.chains.get(number, []) for number in range(stats.size)]
            else:
                lengths = [len(self.chains.get(number, ())) for number in range(stats.size)]
        key = key_of(operation)
        probes = None if key is None else self.shadow.probes(self.literals.twins[key])
        return {
            "size": stats.size,
            "load": stats.load,
            "changed": None if changed is None else sorted(changed.items()),
            "bins": bins,
            "lengths": lengths,
            "stats": {
                "longest_chain": stats.longest_chain,
                "occupied_bins": stats.occupied_bins,
                "hit_probes": stats.hit_probes,
                "miss_probes": stats.miss_probes,
                "load_proportion": stats.load_proportion,
                "resizes": stats.resizes,
                "ideal_hit_probes": ideal_hit_probes(stats.load, stats.size),
                "ideal_longest": ideal_longest(stats.load, stats.size),
            },
            "dict": {"size": self.shadow.size, "probes": probes},
        }


def work(asked: dict[str, Any]) -> None:
    """Runs a program to its end."""
    session = Session(asked)
    try:
        session.prepare()
        main = module_of(asked["code"])
        if not callable(main.__dict__.get("hash_func")):
            raise Refused("The code defines no function hash_func", "code")
        session.names = main.__dict__
        session.box = [session.names["hash_func"]]
    except Refused as error:
        tell("refused", words=str(error), where=error.where, line=error.line)
        return
    except MemoryError as error:
        tell("over", how="memory", step=None, words=words_of(error), line=line_of(error))
        return
    except BaseException as error:
        tell("over", how="exception", step=None, words=words_of(error), line=line_of(error))
        return
    session.run()
    sys.stdout.flush()
    tell("over", how="well", step=None, words="", line=None)
    if session.look and not asked["references"]:
        return
    # What the ledger knows is complete only when all names are gone.
    _glass.layers(session.layers)
    _glass.note("line:0:the program has ended, and its names go")
    session.table = None
    session.__dict__.clear()
    main.__dict__.clear()
    sys.modules.pop("__main__", None)
    del main, session
    gc.collect()
    _glass.note("accounts:" + _glass.accounts())


def main() -> None:
    faulthandler.enable()
    limits.bind()
    with open(sys.argv[1], encoding="utf-8") as file:  # noqa: PTH123
        asked = json.load(file)
    sys.modules["hashtable"] = _glass
    sys.path[:2] = []
    sys.argv = [CODE]
    sys.stdout = io.TextIOWrapper(Printed(), encoding="utf-8", errors="backslashreplace", line_buffering=True)
    _glass.layers(("python",))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        with contextlib.suppress(SystemExit):
            work(asked)
    except MemoryError:
        # It was the look at the table that was too much. What was made for it is gone with its frames.
        tell("over", how="memory", step=None, words="The picture needs more memory than there is", line=None)
    if not asked["specimen"]:
        # What the user's code has left to be done at the end is nobody's business.
        os._exit(0)
    sys.stdout = sys.__stdout__
