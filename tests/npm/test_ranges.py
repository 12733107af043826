"""Ranges: the short cut for plain versions says the same as the library."""

from __future__ import annotations

import nodesemver
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sio_patch.npm.ranges import covers, require_range

RANGE = ">=0.7.0 <0.9.14"


@pytest.mark.parametrize(
    ("version", "inside"),
    [
        ("0.6.17", False),
        ("0.7.0", True),
        ("0.9.13", True),
        ("0.9.14", False),
        ("0.10.0", False),
        ("1.0.0", False),
        ("0.9.1-1", True),
        ("0.9.13-rc.1", True),
        ("0.9.13+build", True),
        ("v0.9.13", True),
        ("=0.9.13", True),
        (" 0.9.13", True),
        ("0.09.13", True),
        ("4.0.0-alpha", False),
        ("", None),
        ("0.9", None),
        ("latest", None),
        ("0.9.13.1", None),
        ("٠.٩.١", None),
        (None, None),
    ],
)
def test_versions(version: str | None, inside: bool | None) -> None:
    assert covers(RANGE, version) is inside


@pytest.mark.parametrize("range_", ["1.x", "^0.8.0 || 1.2.x", "~0.9.1", "0.7.0 - 0.9.13", "*"])
def test_ranges_that_only_the_library_reads(range_: str) -> None:
    for version in ("0.9.2", "1.2.3", "9.9.9"):
        assert covers(range_, version) is nodesemver.satisfies(version, range_, include_prerelease=True)


@pytest.mark.parametrize("range_", [">=banana", "one two", "<"])
def test_no_range(range_: str) -> None:
    with pytest.raises(ValueError, match="is not an npm version range"):
        require_range(range_)


numbers = st.integers(0, 12)
versions = st.builds("{}.{}.{}".format, numbers, numbers, numbers)
bounds = st.builds("{}{}".format, st.sampled_from([">=", "<=", ">", "<"]), versions)


@given(versions, st.lists(bounds, min_size=1, max_size=3).map(" ".join))
def test_the_short_cut_agrees_with_the_library(version: str, range_: str) -> None:
    assert covers(range_, version) is nodesemver.satisfies(version, range_, include_prerelease=True)
