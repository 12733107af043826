"""For every test: what this machine lacks skips with its reason, and fails where CI=true says that nothing may lack."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from support.ground import Unavailable, missing


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, object, object]:
    """Fixtures run here, the cached failures of wider ones too."""
    return (yield from _honest())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """The test's own body."""
    return (yield from _honest())


def _honest() -> Generator[None, object, object]:
    try:
        return (yield)
    except Unavailable as error:
        missing(str(error))
