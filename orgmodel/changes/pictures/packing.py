"""Circles laid side by side, close and without overlap, always in the same way.

The front chain of Wang et al. (2006), as d3 has it: circles that are on the outside form a ring; the next one is laid
beside the two neighbors nearest to the middle, and what it would overlap leaves the ring.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Disk:
    """A circle."""

    x: float
    y: float
    r: float


@dataclass(slots=True)
class _Link:
    """A disk in the ring, with its neighbors there."""

    disk: Disk
    after: _Link
    before: _Link


def packed(radii: Sequence[float]) -> tuple[list[Disk], float]:
    """Return circles around the origin, in the order of their radii, and the radius of a circle around them all."""
    disks, around = _packed(tuple(radii))
    return [*disks], around


@lru_cache(maxsize=256)
def _packed(radii: tuple[float, ...]) -> tuple[tuple[Disk, ...], float]:
    """Remembered, as laying a thousand takes as long as drawing them, and tribes change their sizes one by one."""
    if not radii:
        return (), 0
    order = sorted(range(len(radii)), key=lambda number: -radii[number])
    laid = _laid([radii[number] for number in order])
    x, y = _middle(laid)
    found = {number: replace(d, x=d.x - x, y=d.y - y) for number, d in zip(order, laid, strict=True)}
    around = max(math.hypot(disk.x, disk.y) + disk.r for disk in found.values())
    return tuple(found[number] for number in range(len(radii))), around


def _middle(disks: Sequence[Disk]) -> tuple[float, float]:
    """Return about where the smallest circle around all of these has its middle: drawn to the farthest, ever less."""
    x = y = 0.0
    for step in range(2, 200):
        far = max(disks, key=lambda disk: math.hypot(disk.x - x, disk.y - y) + disk.r)
        distance = math.hypot(far.x - x, far.y - y)
        share = (
            (1 + far.r / distance) / step if distance else 0
        )  # of the way to the farthest point of that circle
        x, y = x + (far.x - x) * share, y + (far.y - y) * share
    return x, y


def _laid(radii: Sequence[float]) -> list[Disk]:
    laid = [Disk(0, 0, radii[0])]
    if len(radii) > 1:
        laid.append(Disk(radii[0] + radii[1], 0, radii[1]))
    if len(radii) > 2:
        laid.append(_beside(laid[1], laid[0], radii[2]))
        front = _ring(*laid)
        for r in radii[3:]:
            front, disk = _add(front, r)
            laid.append(disk)
    return laid


def _ring(one: Disk, two: Disk, three: Disk) -> _Link:
    links = [_Link.__new__(_Link) for _ in range(3)]
    for number, disk in enumerate((one, two, three)):
        links[number].disk = disk
        links[number].after, links[number].before = links[(number + 1) % 3], links[number - 1]
    return links[0]


def _add(front: _Link, r: float) -> tuple[_Link, Disk]:
    """Lay a circle beside a disk of the ring and the one after it; return where the next one goes, and the circle."""
    left, right = front, front.after
    while True:
        disk = _beside(left.disk, right.disk, r)
        hit = _hit(left, right, disk)
        if hit is None:
            break
        if hit[1]:
            right = hit[0]
        else:
            left = hit[0]
        left.after, right.before = right, left
    new = _Link(disk, right, left)
    left.after = right.before = new
    return _nearest(new), disk


def _hit(left: _Link, right: _Link, disk: Disk) -> tuple[_Link, bool] | None:
    """Return the first link that a disk would overlap, looking both ways, and whether it comes after the gap."""
    ahead, back = right.after, left.before
    far_ahead, far_back = right.disk.r, left.disk.r
    while True:
        if far_ahead <= far_back:
            if _overlap(ahead.disk, disk):
                return ahead, True
            far_ahead += ahead.disk.r
            ahead = ahead.after
        else:
            if _overlap(back.disk, disk):
                return back, False
            far_back += back.disk.r
            back = back.before
        if ahead is back.after:
            return None


def _nearest(start: _Link) -> _Link:
    """Return the link of the ring whose gap to the next one is nearest to the middle."""
    best, least, link = start, _distance(start), start.after
    while link is not start:
        distance = _distance(link)
        if distance < least:
            best, least = link, distance
        link = link.after
    return best


def _distance(link: _Link) -> float:
    one, two = link.disk, link.after.disk
    both = one.r + two.r
    return math.hypot((one.x * two.r + two.x * one.r) / both, (one.y * two.r + two.y * one.r) / both)


def _overlap(one: Disk, two: Disk) -> bool:
    return math.hypot(one.x - two.x, one.y - two.y) < one.r + two.r - 1e-6


def _beside(one: Disk, two: Disk, r: float) -> Disk:
    """Return a disk that touches two that touch or nearly do, on the outer side."""
    far = math.hypot(two.x - one.x, two.y - one.y)
    along_x, along_y = (two.x - one.x) / far, (two.y - one.y) / far
    near = one.r + r
    along = (far**2 + near**2 - (two.r + r) ** 2) / (2 * far)
    up = math.sqrt(max(0.0, near**2 - along**2))
    return Disk(one.x + along * along_x + up * along_y, one.y + along * along_y - up * along_x, r)
