"""Write a detective that finds a None given away, on any Python."""

from __future__ import annotations

from hashtable_lab.lessons.grading import Work

HINTS = (
    """From Python 3.12 on the count says nothing. `hashtable.accounts()` does: look for the account whose
    object has the text None, and for what was taken and given back. There may be none: that is 0.""",
    """In the broken module that account is never even: calls before yours have left their marks in it. Look
    before and after, and judge by the difference.""",
    """An operation is guilty if a hundred calls of it make `given_back` less `taken` higher by a hundred.
    Call it in a function of yours and print nothing in between: what prints under glass is a function of the
    module too, and returns None.""",
)

# What is asked, and whether the broken module gives a None away with it. What empties the table comes last.
QUESTIONS = {
    "lambda: h.set('spam', 1)": True,
    "lambda: h.get('spam')": False,
    "lambda: h.get('eggs')": True,
    "lambda: len(h)": False,
    "lambda: None": False,
    "h.clear": True,
}
ASK = f"""
import hashtable
from detective import gives_none_away
h = hashtable.HashTable()
operations = [{", ".join(QUESTIONS)}]
answer = [bool(gives_none_away(operation)) for operation in operations]
"""


def grade(work: Work) -> None:
    asked(work, None, "the healthy module", [False] * len(QUESTIONS))
    asked(work, "none", "the broken module", list(QUESTIONS.values()))


def asked(work: Work, specimen: str | None, where: str, right: list[bool]) -> None:
    what = f"it answers what is asked about {where}"
    answers = work.evaluate_under_glass("detective.py", ASK, specimen, what)
    for question, answer, truth in zip(QUESTIONS, answers, right):
        verdict = "is guilty" if truth else "is innocent"
        work.expect(answer == truth, f"`{question}` {verdict} on {where}", f"it says {answer}")
