"""Looking inside: bins(), bin_of(), stats(), picture(). What is expected is worked out by hand."""

from __future__ import annotations

import copy
import functools
import gc
import itertools
import pickle
import random
import sys
from typing import Any, Callable

import hashtable
import pytest
from hashtable import HashTable, Stats
from support import Watch, in_child


def identity(key: Any) -> Any:
    return key


def table(size: int, max_load: float | None, hash_func: Callable[[Any], int], *keys: object) -> HashTable:
    return HashTable(size, max_load, hash_func, items=[(key, None) for key in keys])


# Bins


@pytest.mark.parametrize(
    ("h", "bins"),
    [
        (HashTable(3), [[], [], []]),
        (table(1, None, identity, 7, -7, 0), [[7, -7, 0]]),
        # Floor modulo: -1 is 3 more than -4, and -4 a multiple of 4.
        (table(4, None, identity, 0, 5, -1, -4, 8), [[0, -4, 8], [5], [], [-1]]),
        # -7 = -3 * 3 + 2 and 10 = 3 * 3 + 1.
        (table(3, None, identity, -7, 10, 2, -3), [[-3], [10], [-7, 2]]),
        (
            table(5, None, len, "bb", "a", "cc", "dddddd", "b"),
            [[], ["a", "dddddd", "b"], ["bb", "cc"], [], []],
        ),
        (table(4, None, hash, -1, -2, 1), [[], [1], [-1, -2], []]),
        (table(6, None, identity, 2**63 - 1, -(2**63)), [[], [2**63 - 1], [], [], [-(2**63)], []]),
        # Three of two bins are too much for half: 8 bins.
        (table(2, 0.5, identity, 4, 2, 12), [[], [], [2], [], [4, 12], [], [], []]),
    ],
    ids=str,
)
def test_bins_are_lists_of_keys_in_chain_order(h: HashTable, bins: list[list[object]]) -> None:
    assert h.bins() == bins
    assert all(type(chain) is list for chain in h.bins())
    for number, chain in enumerate(bins):
        for key in chain:
            assert h.bin_of(key) == number


def test_a_chain_is_in_the_order_in_which_keys_came() -> None:
    h = table(2, None, lambda key: 1, *"abcde")
    del h["b"]
    h["d"] = "replaced"
    del h["a"]
    h["a"] = "back"
    h.setdefault("c", "kept")
    assert h.bins() == [[], ["c", "d", "e", "a"]]


def test_a_resize_keeps_the_order_of_a_chain() -> None:
    h = table(2, 1.0, identity, 6, 2)
    assert h.bins() == [[6, 2], []]
    h[4] = None
    assert h.bins() == [[4], [], [6, 2], []]
    h[10] = None
    assert h.bins() == [[4], [], [6, 2, 10], []]
    h[3] = None
    assert h.bins() == [[], [], [2, 10], [3], [4], [], [6], []]


def test_bins_are_the_very_keys_and_a_list_of_ones_own() -> None:
    key = ("a", "key")
    h = table(1, None, hash, key)
    with Watch(key=key) as watch:
        bins = h.bins()
        assert bins[0][0] is key
        assert watch.changes() == {"key": 1}
        del bins
        assert watch.changes() == {}
    bins = h.bins()
    bins[0].append("mine")
    bins.append([])
    assert h.bins() == [[key]]


def test_bins_call_no_hash_function_and_compare_nothing() -> None:
    class Key:
        def __eq__(self, other: object) -> bool:
            raise AssertionError

        __hash__ = None  # type: ignore[assignment]

    def counting(key: object) -> int:
        calls.append(key)
        return len(calls) - 1

    calls: list[object] = []
    h = HashTable(3, None, counting)
    keys = [Key() for _ in range(3)]
    for key in keys:
        h[key] = 1
    assert len(calls) == 3
    assert [[id(key) for key in chain] for chain in h.bins()] == [[id(key)] for key in keys]
    repr(h)
    h.stats()
    h.picture()
    assert len(calls) == 3


def test_bin_of_a_key_that_is_not_there_is_where_it_would_go() -> None:
    h = HashTable(4, 1.0, identity)
    assert [h.bin_of(key) for key in (-5, -4, -1, 0, 3, 4, 2**63, -(2**63))] == [
        3,
        0,
        3,
        0,
        3,
        0,
        # As Python reduces it: 2**63 is 4 modulo 2**61 - 1.
        0,
        0,
    ]
    assert len(h) == 0
    h = HashTable(7, None, len)
    assert h.bin_of("a" * 10) == 3
    with pytest.raises(TypeError, match="has no len"):
        h.bin_of(5)
    with pytest.raises(TypeError, match="unhashable"):
        HashTable().bin_of([])
    with pytest.raises(ValueError, match="all keys must hash to an integer"):
        HashTable(hash_func=str).bin_of(5)


# Statistics


def test_stats_of_a_table_worked_out_by_hand() -> None:
    # Chains of 3, 1, 0 and 1.
    stats = table(4, None, identity, 0, 5, -1, -4, 8).stats()
    assert stats.size == 4
    assert stats.load == 5
    assert stats.load_proportion == 1.25
    assert stats.occupied_bins == 3
    assert stats.longest_chain == 3
    assert stats.mean_chain == pytest.approx(5 / 3)
    # In the chain of three, one look finds the first, two the second, three the third.
    assert stats.hit_probes == pytest.approx((1 + 2 + 3 + 1 + 1) / 5)
    assert stats.miss_probes == 1.25
    assert stats.resizes == 0


@pytest.mark.parametrize(
    ("h", "expected"),
    [
        (HashTable(), (4, 0, 0.0, 0, 0, 0.0, 0.0, 0.0, 0)),
        (table(1, 1.0, identity, 1), (1, 1, 1.0, 1, 1, 1.0, 1.0, 1.0, 0)),
        (table(1, None, identity, *range(10)), (1, 10, 10.0, 1, 10, 10.0, 5.5, 10.0, 0)),
        (table(8, None, identity, *range(4)), (8, 4, 0.5, 4, 1, 1.0, 1.0, 0.5, 0)),
        # 2, 4 and 8 bins.
        (table(2, 1.0, identity, *range(5)), (8, 5, 0.625, 5, 1, 1.0, 1.0, 0.625, 2)),
        (table(2, None, lambda key: 0, *"abc"), (2, 3, 1.5, 1, 3, 3.0, 2.0, 1.5, 0)),
    ],
)
def test_stats_of_small_tables(h: HashTable, expected: tuple[float, ...]) -> None:
    assert tuple(h.stats()) == expected
    assert [type(field) for field in h.stats()] == [int, int, float, int, int, float, float, float, int]


def test_stats_count_the_times_that_the_table_has_grown() -> None:
    h = HashTable(1, 1.0, identity)
    seen = []
    for key in range(9):
        h[key] = None
        seen.append((h.size, h.stats().resizes))
    assert seen == [(1, 0), (2, 1), (4, 2), (4, 2), (8, 3), (8, 3), (8, 3), (8, 3), (16, 4)]
    h.clear()
    h[1] = None
    assert (h.size, h.stats().resizes) == (16, 4)
    # Two doublings at once are one time.
    h = HashTable(4, 0.1)
    h["key"] = None
    assert (h.size, h.stats().resizes) == (16, 1)
    h.__init__()  # type: ignore[misc]
    assert h.stats().resizes == 0


def test_a_record_is_a_tuple_with_names() -> None:
    stats = table(4, None, identity, 0, 5, -1, -4, 8).stats()
    assert type(stats) is Stats is hashtable.Stats
    assert isinstance(stats, tuple)
    names = [
        "size",
        "load",
        "load_proportion",
        "occupied_bins",
        "longest_chain",
        "mean_chain",
        "hit_probes",
        "miss_probes",
        "resizes",
    ]
    assert len(stats) == stats.n_fields == stats.n_sequence_fields == len(names)
    assert [getattr(stats, name) for name in names] == list(stats)
    size, load, *_, resizes = stats
    assert (size, load, resizes) == (stats[0], stats[1], stats[-1]) == (4, 5, 0)
    text = ", ".join(f"{name}={getattr(stats, name)!r}" for name in names)
    assert repr(stats) == f"hashtable.Stats({text})"
    for name in names:
        assert getattr(Stats, name).__doc__
        with pytest.raises(AttributeError):
            setattr(stats, name, 1)
    assert Stats.__doc__
    assert (Stats.__module__, Stats.__name__) == ("hashtable", "Stats")


def test_a_record_compares_hashes_and_is_copied_as_a_tuple() -> None:
    h = table(4, None, identity, 0, 5)
    stats = h.stats()
    assert stats == h.stats() == tuple(stats)
    assert hash(stats) == hash(tuple(stats))
    h[6] = None
    assert stats != h.stats()
    assert stats < h.stats()
    for twin in (pickle.loads(pickle.dumps(stats)), copy.copy(stats), copy.deepcopy(stats)):
        assert type(twin) is Stats
        assert twin == stats
    assert Stats(range(9)).resizes == 8
    with pytest.raises(TypeError):
        Stats()
    with pytest.raises(TypeError):
        Stats((1, 2))


# The picture


def test_a_picture_of_all_bins() -> None:
    h = table(4, None, identity, 0, 5, -1, -4, 8)
    for picture in (
        h.picture(),
        h.picture(None),
        h.picture(4),
        h.picture(5),
        h.picture(10**100),
        repr(h),
        str(h),
    ):
        assert picture == "[]***\n[]*\n[]\n[]*"
    assert h.picture(True) == h.picture(1)


@pytest.mark.parametrize(
    ("max_bins", "picture"),
    [
        (1, "[]*\n... 6 more bins ..."),
        (2, "[]*\n... 5 more bins ...\n[]*******"),
        (3, "[]*\n[]**\n... 4 more bins ...\n[]*******"),
        (4, "[]*\n[]**\n... 3 more bins ...\n[]******\n[]*******"),
        (5, "[]*\n[]**\n[]***\n... 2 more bins ...\n[]******\n[]*******"),
        (6, "[]*\n[]**\n[]***\n... 1 more bin ...\n[]*****\n[]******\n[]*******"),
        (7, "[]*\n[]**\n[]***\n[]****\n[]*****\n[]******\n[]*******"),
    ],
)
def test_a_picture_of_some_bins_leaves_out_the_middle(max_bins: int, picture: str) -> None:
    # One entry in the first of seven bins, two in the second, and so on.
    h = HashTable(7, None, identity)
    for number in range(7):
        for entry in range(number + 1):
            h[number + 7 * entry] = None
    assert h.picture(max_bins) == picture


@pytest.mark.parametrize("max_bins", [0, -1, -(2**63), -(2**100), False])
def test_a_picture_of_no_bins_is_refused(max_bins: int) -> None:
    with pytest.raises(ValueError, match="max_bins must be a positive integer or None"):
        HashTable().picture(max_bins)


@pytest.mark.parametrize("max_bins", ["5", 5.0, [], object(), b"5", 1j])
def test_a_picture_of_what_is_no_number_is_refused(max_bins: Any) -> None:
    with pytest.raises(TypeError, match="cannot be interpreted as an integer"):
        HashTable().picture(max_bins)


def test_a_number_of_bins_may_be_anything_that_is_an_integer() -> None:
    class Index:
        def __index__(self) -> int:
            h[0] = None
            return 2

    h = HashTable(4, None, identity)
    assert h.picture(Index()) == "[]*\n... 2 more bins ...\n[]"


@pytest.mark.parametrize("size", [999, 1000, 1001, 1002, 100_000])
def test_a_repr_has_a_thousand_bins_at_most(size: int) -> None:
    h = table(size, None, identity, 0, 499, 500, size - 501, size - 500, size - 1)
    assert repr(h) == str(h) == f"{h}" == h.picture(1000)
    lines = repr(h).split("\n")
    if size <= 1000:
        assert repr(h) == h.picture()
        assert len(lines) == size
    else:
        assert len(lines) == 1001
        assert lines[500] == ("... 1 more bin ..." if size == 1001 else f"... {size - 1000} more bins ...")
        assert lines[:500] + lines[501:] == h.picture().split("\n")[:500] + h.picture().split("\n")[-500:]
    assert len(h.picture().split("\n")) == size


@in_child
def test_a_picture_of_a_million_bins() -> None:
    h = table(10**6, None, identity, 0, 1, 10**6, 999_999)
    assert h.picture() == "\n".join(["[]**", "[]*"] + ["[]"] * 999_997 + ["[]*"])
    assert repr(h) == h.picture(1000)
    assert len(repr(h)) < 4000


def test_a_picture_of_a_long_chain_is_a_long_line() -> None:
    h = HashTable(2, None, lambda key: 1, items=[(key, None) for key in range(5000)])
    assert h.picture() == repr(h) == "[]\n[]" + "*" * 5000


# All together


@pytest.mark.parametrize("seed", range(20))
def test_all_views_of_the_inside_agree(seed: int) -> None:
    choice = random.Random(seed)
    h = HashTable(choice.randint(1, 20), choice.choice([0.2, 0.5, 1.0, None]), lambda key: key**2 % 31 - 15)
    for _ in range(choice.randint(0, 150)):
        key = choice.randrange(60)
        if choice.random() < 0.7:
            h[key] = None
        else:
            h.pop(key, None)
        bins, stats = h.bins(), h.stats()
        lengths = [len(chain) for chain in bins]
        assert h.picture() == repr(h) == "\n".join("[]" + "*" * length for length in lengths)
        assert (stats.size, stats.load) == (h.size, h.load) == (len(lengths), sum(lengths))
        assert stats.load_proportion == stats.miss_probes == h.load / h.size
        assert stats.occupied_bins == sum(map(bool, lengths))
        assert stats.longest_chain == max(lengths)
        assert stats.mean_chain == pytest.approx(h.load / max(1, stats.occupied_bins))
        probes = [position + 1 for chain in bins for position in range(len(chain))]
        assert stats.hit_probes == pytest.approx(sum(probes) / max(1, len(probes)))
        assert all(h.bin_of(key) == number for number, chain in enumerate(bins) for key in chain)
        order = list(h)
        assert all(chain == sorted(chain, key=order.index) for chain in bins)


def test_looking_inside_changes_nothing() -> None:
    h = table(3, 1.0, identity, 1, 2, 3)
    iterator = iter(h)
    next(iterator)
    h.bins()
    h.bin_of(7)
    h.stats()
    h.picture(2)
    repr(h)
    sys.getsizeof(h)
    assert list(iterator) == [2, 3]


@in_child
def test_a_collection_in_the_middle_finds_the_bins_whole_or_says_so() -> None:
    class Garbage:
        def __init__(self, change: Callable[[], object]) -> None:
            self.itself, self.change = self, change

        def __del__(self) -> None:
            self.change()

    changes: list[Callable[[HashTable], object]] = [
        lambda h: h.set(1000 + len(h), None),
        lambda h: h.clear(),
        lambda h: h.__init__(1),  # type: ignore[misc]
    ]
    outcomes = []
    for change, wait in itertools.product(changes, range(1, 40)):
        h = table(50, 1.0, identity, *range(40))
        Garbage(functools.partial(change, h))
        gc.set_threshold(wait)
        try:
            keys = [key for chain in h.bins() for key in chain]
        except RuntimeError as error:
            outcomes.append(str(error))
        else:
            assert len(keys) == len(set(keys))
        finally:
            gc.set_threshold(100_000)
    assert set(outcomes) <= {"HashTable changed while it was read"}
