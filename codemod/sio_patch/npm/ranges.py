"""npm's version ranges. The only module that knows the semver library."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_LONGEST_RANGE = 256
_PLAIN = re.compile(r"(\d+)\.(\d+)\.(\d+)$", re.ASCII)
_VERSION = re.compile(r"\d+\.\d+\.\d+", re.ASCII)
_BOUND = re.compile(r"(>=|<=|>|<)(\d+\.\d+\.\d+)$", re.ASCII)


def covers(range_: str, version: str | None) -> bool | None:
    """Whether the version lies in the range; None where there is no version or it is not one.

    A prerelease counts as what it comes before or after: ``0.9.1-1`` is inside ``>=0.7.0 <0.9.14``.
    Raises ValueError where the range is not one.
    """
    if version is None:
        return None
    plain = _plainly(range_, version)
    if plain is not None:
        return plain
    import nodesemver

    require_range(range_)
    known: str | None = nodesemver.valid(version, True)
    if known is None:
        return None
    return bool(nodesemver.satisfies(known, range_, loose=True, include_prerelease=True))


def require_range(range_: str) -> None:
    """Raises ValueError where npm would not take this for a range."""
    import nodesemver

    if nodesemver.valid_range(range_, True) is None:
        raise ValueError(f"{range_!r} is not an npm version range (an example: >=1.2.0 <1.4.7)")


def is_range(text: str) -> bool:
    """Whether npm takes the whole of this for a range: where `covers` lets junk between the bounds pass, this does not.

    Everything to which this says no is no range for ``inside`` and ``edges``.
    """
    if len(text) > _LONGEST_RANGE:
        return False
    import nodesemver

    return nodesemver.valid_range(text, False) is not None


def inside(range_: str, versions: Iterable[str]) -> tuple[str, ...]:
    """Those of the versions that lie in the range. Raises ValueError where it is none."""
    known = _known(range_)
    return tuple(version for version in versions if known.test(version))


def edges(range_: str) -> tuple[str, ...]:
    """The versions ``x.y.z`` that the range speaks of, and the one after each. Raises ValueError where it is none.

    Two ranges that share a release share 0.0.0 or one that is among the edges of the one or the other.
    """
    found = [_numbers(text) for text in _VERSION.findall(_known(range_).range)]
    return tuple(f"{major}.{minor}.{patch + step}" for major, minor, patch in found for step in (0, 1))


def _known(range_: str) -> Any:
    if not is_range(range_):
        raise ValueError(f"{range_[:_LONGEST_RANGE]!r} is not an npm version range (an example: >=1.2.0 <1.4.7)")
    import nodesemver

    return nodesemver.make_range(range_, False)


def _plainly(range_: str, version: str) -> bool | None:
    """The common case, ``x.y.z`` in ``>=a.b.c <d.e.f``, without the library: its import takes a third of a run."""
    number = _PLAIN.match(version)
    bounds = [_BOUND.match(bound) for bound in range_.split()]
    if number is None or not bounds:
        return None
    result = True
    for bound in bounds:
        if bound is None:
            return None
        result = result and _holds(_numbers(version), bound[1], _numbers(bound[2]))
    return result


def _holds(version: tuple[int, ...], relation: str, bound: tuple[int, ...]) -> bool:
    if relation == ">=":
        return version >= bound
    if relation == "<=":
        return version <= bound
    return version > bound if relation == ">" else version < bound


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
