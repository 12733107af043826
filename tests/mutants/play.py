"""Mutation testing of the engine and the judge: small faults are planted, and the suite must notice.

    python tests/mutants/play.py [--sample N] [--seed S] [--only PART] [--list]

The tests are collected and run once, with a note of which functions each one calls. Then every fault is planted in a
child process: the function gets its new code, and the tests that call it run until one fails. Prints the survivors and
the score. Of a class's or a module's own statements nothing is planted.
"""

from __future__ import annotations

import argparse
import functools
import gc
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any, NamedTuple

import hypothesis
import pytest

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from mutants.faults import Fault, faults, planted
from sio_patch import engine

TESTS = Path(__file__).resolve().parents[1]
ROOT = Path(engine.__file__).parent
SUITES = ("engine", "judge", "catalogue/test_documents.py")
MEMORY_BYTES = 3 << 30
TIMEOUT_S = 60

Function = tuple[str, str]  # a file below the engine, and an outermost function's qualified name


class Options(NamedTuple):
    """The command line."""

    sample: int
    seed: int
    only: str
    jobs: int


class Mutants:
    """A pytest plugin that takes the place of the run."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.callers: dict[Function, list[tuple[float, pytest.Item]]] = {}
        self.survived: list[Fault] = []
        self.uncalled: list[Fault] = []
        self.killed = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        sample = _sample(self.options)
        self._learn(session)
        print(f"\n{len(session.items)} tests; {len(sample)} faults to plant", flush=True)
        self._plant(session, sample)
        return True

    def _learn(self, session: pytest.Session) -> None:
        """Runs everything once, sound, and notes who calls what, the quickest test first."""
        for item in session.items:
            called: set[Function] = set()
            start = time.perf_counter()
            with _profiled(called):
                _run(item)
            if session.testsfailed:
                session.testsfailed = 0
                print(f"left out, for it fails without any fault: {item.nodeid}", file=sys.stderr)
                continue
            took = time.perf_counter() - start
            for function in called:
                self.callers.setdefault(function, []).append((took, item))
        for items in self.callers.values():
            items.sort(key=lambda pair: pair[0])

    def _plant(self, session: pytest.Session, sample: Sequence[Fault]) -> None:
        running: dict[int, Fault] = {}
        for number, fault in enumerate(sample, 1):
            items = [item for _, item in self.callers.get((fault.module, fault.function), ())]
            if not items:
                self.uncalled.append(fault)
                print(f"no test calls it: {fault}", flush=True)
                continue
            if len(running) == self.options.jobs:
                self._ended(running)
            running[_child(session, fault, items)] = fault
            if number % 20 == 0:
                print(f"{number} planted, {len(self.survived)} survived", file=sys.stderr, flush=True)
        while running:
            self._ended(running)

    def _ended(self, running: dict[int, Fault]) -> None:
        pid, status = os.wait()
        fault = running.pop(pid)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0:
            self.survived.append(fault)
            print(f"survived: {fault}", flush=True)
        else:
            self.killed += 1


def _child(session: pytest.Session, fault: Fault, items: Sequence[pytest.Item]) -> int:
    """Starts a process that ends with 0 where no test notices."""
    pid = os.fork()
    if pid:
        return pid
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        session.config.pluginmanager.unregister(name="terminalreporter")
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        signal.alarm(TIMEOUT_S)
        _put(fault)
        for item in items:
            _run(item)
            if session.testsfailed:
                os._exit(1)
        os._exit(0)
    except BaseException:
        os._exit(2)


def _run(item: pytest.Item) -> None:
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)


def _put(fault: Fault) -> None:
    """Gives the function its new code, and forgets what was remembered of the old one."""
    module = compile(planted(fault, _source(fault.module)), str(ROOT / fault.module), "exec")
    (code,) = (each for each in _codes(module) if each.co_qualname == fault.function)
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and _function(each.__code__) == (fault.module, fault.function):
            each.__code__ = code
        elif isinstance(each, functools._lru_cache_wrapper):
            each.cache_clear()


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            if "<locals>" not in each.co_qualname:
                yield from _codes(each)


@functools.cache
def _function(code: CodeType) -> Function | None:
    path, _, module = code.co_filename.partition(f"{ROOT}{os.sep}")
    return None if path or not module else (module, code.co_qualname)


class _profiled:
    """Notes the engine's functions that are called; of an inner one the outermost."""

    def __init__(self, called: set[Function]) -> None:
        self.called = called

    def __enter__(self) -> None:
        sys.setprofile(self._profile)

    def __exit__(self, *error: object) -> None:
        sys.setprofile(None)

    def _profile(self, frame: FrameType, event: str, argument: Any) -> None:
        if event == "call" and (function := _function(frame.f_code)) is not None:
            self.called.add((function[0], function[1].partition(".<locals>")[0]))


@functools.cache
def _source(module: str) -> str:
    """As it was when the run began: it may be edited meanwhile."""
    return (ROOT / module).read_text("utf-8")


def _sample(options: Options) -> list[Fault]:
    modules = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*.py"))
    every = [fault for module in modules if options.only in module for fault in faults(module, _source(module))]
    if not options.sample or options.sample >= len(every):
        return every
    return sorted(random.Random(options.seed).sample(every, options.sample))


def main(arguments: Sequence[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Faults planted in the engine, one at a time.")
    parser.add_argument("--sample", type=int, default=0, help="so many faults, drawn by the seed; 0: all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="modules whose path has this in it, as `judge/`")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = Options(**vars(parser.parse_args(arguments)))
    hypothesis.settings.register_profile("mutants", derandomize=True, database=None, deadline=None)
    hypothesis.settings.load_profile("mutants")
    mutants = Mutants(options)
    quiet = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header", "--no-summary", "-o", "addopts="]
    suites = [str(TESTS / suite) for suite in SUITES if (TESTS / suite).exists()]
    pytest.main([*quiet, "--import-mode=importlib", *suites], plugins=[mutants])
    total = mutants.killed + len(mutants.survived) + len(mutants.uncalled)
    print(f"{mutants.killed} of {total} caught: {100 * mutants.killed / max(total, 1):.1f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
