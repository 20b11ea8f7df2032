"""CPython's own tests of what a mapping is, against HashTable.

Those that cannot apply are listed here, each with its reason; there are few.
"""

from __future__ import annotations

import unittest

import pytest
from hashtable import HashTable

mapping_tests = pytest.importorskip(
    "test.mapping_tests", reason="this Python comes without its own tests", exc_type=ImportError
)


class TestBasic(mapping_tests.BasicTestMappingProtocol):  # type: ignore[misc, name-defined]
    """What any mapping does."""

    type2test = HashTable


class TestMapping(mapping_tests.TestMappingProtocol):  # type: ignore[misc, name-defined]
    """What a mapping does that can be made of nothing."""

    type2test = HashTable

    @unittest.skip("keywords of the constructor are parameters of the table; `update` takes any")
    def test_constructor(self) -> None: ...


class TestHashMapping(mapping_tests.TestHashMappingProtocol):  # type: ignore[misc, name-defined]
    """What a mapping does that is a hash table."""

    type2test = HashTable

    @unittest.skip("keywords of the constructor are parameters of the table; `update` takes any")
    def test_constructor(self) -> None: ...

    @unittest.skip("the repr is a picture of the bins, and shows neither keys nor values")
    def test_repr(self) -> None: ...

    @unittest.skip("the repr is a picture of the bins, and shows no table inside a table")
    def test_repr_deep(self) -> None: ...

    def test_eq(self) -> None:
        # But for the keys: the original compares an object with an int, which are of two kinds here.
        assert HashTable() == HashTable()
        assert self._full_mapping({1: 2}) == self._full_mapping({1: 2})
        one = self._full_mapping({Unequal(): 1})
        other = self._full_mapping({Unequal(): 1})
        with pytest.raises(ZeroDivisionError):
            _ = one == other


class Unequal:
    """A key that raises when it is compared."""

    def __eq__(self, other: object) -> bool:
        raise ZeroDivisionError

    def __hash__(self) -> int:
        return 1


def test_the_parts_that_were_left_out_of_the_original_would_fail() -> None:
    """What is skipped or changed above still has a reason."""

    class Original(mapping_tests.TestHashMappingProtocol):  # type: ignore[misc, name-defined]
        type2test = HashTable

    for name in ("test_constructor", "test_repr", "test_repr_deep", "test_eq"):
        result = unittest.TestResult()
        Original(name).run(result)
        assert len(result.failures) + len(result.errors) == 1, name
