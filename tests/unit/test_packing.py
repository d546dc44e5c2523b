"""Circles laid side by side."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as some

from orgmodel.changes.pictures.packing import Disk, packed


@given(some.lists(some.floats(1, 50), max_size=40))
def test_no_two_overlap_and_all_are_inside(radii: list[float]) -> None:
    disks, around = packed(radii)
    assert [disk.r for disk in disks] == radii
    for one, other in itertools.combinations(disks, 2):
        assert math.hypot(one.x - other.x, one.y - other.y) >= one.r + other.r - 1e-4
    assert all(math.hypot(disk.x, disk.y) + disk.r <= around + 1e-9 for disk in disks)


def test_they_lie_close() -> None:
    _, around = packed([1.0] * 100)
    assert 100 / around**2 > 0.65  # of the circle around them is covered


def test_few_are_where_one_expects_them() -> None:
    assert packed([]) == ([], 0)
    assert packed([3]) == ([Disk(0, 0, 3)], 3)
    assert packed([2, 2])[1] == pytest.approx(4, abs=0.1)
