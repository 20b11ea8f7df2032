"""What the exercises of the bug hunt have in common."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from hashtable_lab.lesson import LESSONS
from hashtable_lab.lessons.grading import Done, GradingEnded, Work
from hashtable_lab.lessons.hunting import THE_TEST, Library, in_words

HUNTS = sorted(LESSONS.glob("hunt_*"))


def test_they_are_built_by_the_same_few_lines() -> None:
    scripts = {path.read_text(encoding="utf-8") for path in LESSONS.glob("hunt_*/start/build.py")}
    assert len(scripts) == 1


@pytest.mark.parametrize("folder", HUNTS, ids=lambda folder: folder.name)
def test_each_has_one_c_file_to_mend_and_says_how_to_run_its_test(folder: Path) -> None:
    start = folder / "start"
    names = {path.name for path in start.iterdir()}
    (source,) = [name for name in names if name.endswith(".c") and name != "test.c"]
    readme = (start / "README.md").read_text(encoding="utf-8")
    if "build.py" in names:
        assert names == {source, "README.md", "build.py", "test.py"}
        assert "\n    python build.py && python test.py\n" in readme
    else:
        assert names == {source, "README.md", "test.c"}
        assert f" {source} test.c -o test && ./test\n" in readme
    number = int(folder.name[5:])
    assert readme.endswith(f"\n    htlab lesson check hunt-{number}\n")
    lines = (start / source).read_text(encoding="utf-8").splitlines()
    assert 25 <= len(lines) <= 140


SHELF = LESSONS / "hunt_01" / "start"


@pytest.mark.parametrize(
    ("instead", "promise", "why"),
    [
        ('puts("all is well"); exit(0);', THE_TEST, "all is well"),
        ("for (;;);", "your code comes to its end", "it was still running after 5 s"),
        ("abort();", THE_TEST, "it died of SIGABRT, abort"),
        ("no C;", "it compiles", "shelf.c"),
    ],
)
def test_what_cheats_or_hangs_or_dies_does_not_pass(
    instead: str, promise: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(Work.command.__kwdefaults__, "limit", 5)
    text = (SHELF / "shelf.c").read_text(encoding="utf-8").replace("return shelf;", instead)
    (tmp_path / "shelf.c").write_text("#include <stdio.h>\n" + text, encoding="utf-8")
    work = Work(tmp_path)
    with pytest.raises(GradingEnded):
        Library(work, "shelf.c", SHELF).test()
    (finding,) = work.findings
    if finding.promise == "there is a C compiler":
        pytest.skip(f"{finding.promise}: {finding.why}")
    assert (finding.good, finding.promise) == (False, promise)
    assert why in finding.why


@pytest.mark.parametrize(
    ("status", "stderr", "words"),
    [
        (1, "Traceback ...\nAssertionError: 3 are missing\n", "3 are missing"),
        (1, "Traceback ...\nSystemError: no exception\n", "SystemError: no exception"),
        (
            -signal.SIGSEGV,
            "AssertionError: 3 are missing\n",
            "3 are missing; it died of SIGSEGV, segmentation fault",
        ),
        (
            1,
            "SUMMARY: AddressSanitizer: heap-buffer-overflow /a/b/c.c:3 in f\n",
            "AddressSanitizer: heap-buffer-overflow c.c:3 in f",
        ),
        (1, "/a/b/c.c:3:4: runtime error: division by zero\n", "c.c:3:4: runtime error: division by zero"),
        (
            -signal.SIGABRT,
            "Fatal Python error: it is over\n",
            "it is over; it died of SIGABRT, abort",
        ),
        (0, "", "it ended with status 0, without a word"),
        (3, "nothing that we know\n", "nothing that we know"),
    ],
)
def test_how_a_program_ended_is_told_in_words(status: int, stderr: str, words: str) -> None:
    assert in_words(Done(status, "", stderr)) == words
