"""JavaScript text to a tree. The only importer of esprima."""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from sio_patch.engine.source import Place, Source
from sio_patch.engine.tree.convert import program
from sio_patch.engine.tree.node import Node

PARSER = "5.0.0"
Goal = Literal[
    "script", "module", "function-body"
]  # the last: a script with a `return` at its top, as CommonJS may have
GOALS: tuple[Goal, ...] = ("script", "module", "function-body")
RECURSION_LIMIT = 100_000  # esprima descends; measured to suffice for nesting that Node itself accepts
_SURROGATE = re.compile("[\ud800-\udfff]")
_RETURN_MESSAGE = "Illegal return statement"


class SyntaxProblem(ValueError):
    """The text is not JavaScript that the parser takes. ``place`` is where it gave up."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(f"{place}: {message}")
        self.message = message
        self.place = place


class TooDeep(ValueError):
    """Nesting beyond what the parser can follow."""


def parse(source: Source, goals: Sequence[Goal] = GOALS) -> Node:
    """The ``Program`` node of ``source``; its field ``goal`` says as which of ``goals`` it was read: the first that
    takes it. Raises SyntaxProblem or TooDeep.

    A script comes first, for old files use words that strict mode reserves.
    """
    text = _SURROGATE.sub("\ufffd", source.text)  # what Node itself reads in place of bytes that are not UTF-8
    with _room_to_recurse():
        try:
            goal, raw = _raw_tree(source, text, goals)
            return program(raw, goal, source.text)
        except RecursionError:
            raise TooDeep("the code is nested too deeply to be read") from None


def _raw_tree(source: Source, text: str, goals: Sequence[Goal]) -> tuple[Goal, Any]:
    """esprima's tree. Of several problems the one that is furthest down the text is told."""
    esprima = _esprima()
    problem: Any = None
    for goal in goals:
        try:
            return goal, _read_as(goal, text, esprima)
        except esprima.Error as found:
            if "resource limit" in str(found):
                raise TooDeep("the code is nested too deeply to be read") from None
            if problem is None or (_comes_to_it(goal, problem) and (found.index or 0) > (problem.index or 0)):
                problem = found
    message = str(problem).partition(": ")[2] or str(problem)
    raise SyntaxProblem(message, source.place(min(problem.index or 0, len(text))))


def _comes_to_it(goal: Goal, problem: Any) -> bool:
    """A function's body is read on past any problem. What it then says counts where a ``return`` was the only other."""
    return goal != "function-body" or _RETURN_MESSAGE in str(problem)


def _read_as(goal: Goal, text: str, esprima: Any) -> Any:
    options = {"range": True, "positionEncoding": "scalar"}
    if goal == "module":
        return esprima.parseModule(text, options)
    if goal == "script":
        return esprima.parseScript(text, options)
    tree = esprima.parseScript(text, {**options, "tolerant": True})
    for error in tree.errors:
        if _RETURN_MESSAGE not in error["message"]:
            raise esprima.Error(error["message"].removeprefix("Error: "), index=error["index"])
    return tree


def tokens(text: str) -> list[tuple[str, int, int]]:
    """Kind, start and end of each token, comments left out. For short texts. Raises SyntaxProblem."""
    esprima = _esprima()
    try:
        found = esprima.tokenize(text, {"range": True, "positionEncoding": "scalar"})
    except esprima.Error as problem:
        raise SyntaxProblem(str(problem), Source(text).place(problem.index or 0)) from None
    return [(token.type, *token.range) for token in found]


def _esprima() -> Any:
    import esprima

    if getattr(esprima, "version", None) != PARSER:
        raise ImportError(
            f"the module 'esprima' is not esprima-fork {PARSER} but {getattr(esprima, 'version', 'unknown')}, from "
            f"{esprima.__file__}: another distribution has overwritten it. Run: pip uninstall esprima esprima2; "
            f"pip install --force-reinstall esprima-fork=={PARSER}"
        )
    return esprima


@contextmanager
def _room_to_recurse() -> Iterator[None]:
    """A deep stack while parsing, and no garbage collection: a parse makes no cycles worth collecting."""
    limit, collecting = sys.getrecursionlimit(), gc.isenabled()
    sys.setrecursionlimit(max(limit, RECURSION_LIMIT))
    gc.disable()
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
        if collecting:
            gc.enable()
