"""The talk's closing session: a hash function of your own, written in Python, called back from the table.

Every line after a >>> is run as it stands, and what follows it is what it printed.
"""

import code
import textwrap
import traceback

import hashtable

STORY = [
    (
        "A hash function of your own. It speaks, so that you see when it is called. A string becomes the "
        "numbers of its characters, written one after the other; a number is multiplied and cut.",
        """
        def my_hash(key):
            print("Python: ---------> now hashing", repr(key))
            if isinstance(key, str):
                return int("".join("%03d" % ord(char) for char in key))
            return int(key * 2654435761) % 2**32
        """,
    ),
    (
        "Four bins, at most three entries in them (0.75). The picture has a line for each bin.",
        """
        h = hashtable.HashTable(size=4, max_load=0.75, hash_func=my_hash)
        h
        """,
    ),
    (
        "Three entries. Each set calls my_hash once, and the entry goes to bin hash % 4.",
        """
        h.set("hello", "world")
        h.set("spam", 42)
        h.set("talk", 3.14159)
        h
        """,
    ),
    (
        "The fourth would be too many, so the bins are doubled first. Nothing is hashed again: "
        "every entry remembers its hash, and only its bin is chosen anew.",
        """
        h.set(2016, "Bilbao")
        h.size, h.load, h.max_load
        h
        """,
    ),
    (
        "What goes in comes out. Once it is popped it is gone, and get says None.",
        """
        h.get("hello")
        h.pop("hello")
        h.get("hello")
        h
        """,
    ),
    (
        "1, 1.0 and '1' are three keys; any object can be a value, and comes out as the very object.",
        """
        h.set(1, "int"); h.set(1.0, "float"); h.set("1", "string")
        h.get(1), h.get(1.0), h.get("1")
        h.size, h.load
        """,
    ),
]


class Session(code.InteractiveInterpreter):
    """An interpreter that does not go on after an exception: here, none belongs to the story."""

    def showtraceback(self) -> None:
        traceback.print_exc()
        raise SystemExit(1)


def main() -> None:
    print("\nTHE TALK: one table, and a hash function written in Python")
    session = Session({"hashtable": hashtable})
    for words, lines in STORY:
        print("\n" + textwrap.fill(words, 78, initial_indent="# ", subsequent_indent="# "))
        block = textwrap.dedent(lines).strip()
        # A definition is one statement of many lines; else each line is one.
        statements = [block + "\n"] if block.startswith("def ") else block.splitlines()
        for statement in statements:
            print(">>> " + statement.rstrip("\n").replace("\n", "\n... "))
            session.runsource(statement, "<the talk>")


if __name__ == "__main__":
    main()
