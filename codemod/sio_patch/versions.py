"""npm's version ranges. The only module that knows the semver library."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"(\d+)\.(\d+)\.(\d+)$", re.ASCII)
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
