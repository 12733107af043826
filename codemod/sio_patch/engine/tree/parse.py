"""JavaScript text to a tree. The only importer of esprima."""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Sequence
from typing import Any, Literal

from sio_patch.engine.source import Place, Source
from sio_patch.engine.tree.convert import Misread, program
from sio_patch.engine.tree.node import Node

PARSER = "5.0.0"
# function-body: a script with a `return` at its top, as in CommonJS.
Goal = Literal["script", "module", "function-body"]
GOALS: tuple[Goal, ...] = ("script", "module", "function-body")
# Frames. esprima takes a dozen for each level of nesting: 2,000 nested arrays pass, as many as Node itself accepts.
# Much more would let json, which on Python 3.11 counts its own C frames by this limit, run over a stack of 8 MB.
RECURSION_LIMIT = 25_000
COLLECT_AFTER = 100_000  # new objects
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
    _make_room()
    try:
        goal, raw = _raw_tree(source, text, goals)
        return program(raw, goal, source.text)
    except Misread as problem:
        raise SyntaxProblem(problem.message, source.place(problem.offset)) from None
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
    """esprima's tree. Raises its Error, also where one of its own assertions fails, as for `` `${ } ` ``."""
    try:
        return _tree_of(goal, text, esprima)
    except AssertionError as problem:
        raise esprima.Error(str(problem)) from None


def _tree_of(goal: Goal, text: str, esprima: Any) -> Any:
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
    """Kind, start and end of each token, comments left out. For short texts. Raises SyntaxProblem.

    Without the grammar it is a guess what a slash starts. Where the guess fails, the text is read as an expression.
    """
    esprima = _esprima()
    options = {"range": True, "positionEncoding": "scalar"}
    try:
        found = esprima.tokenize(text, options)
    except esprima.Error as problem:
        try:
            found = esprima.parseScript(f"({text})", {**options, "tokens": True}).tokens[1:-1]
        except esprima.Error:
            raise SyntaxProblem(str(problem), Source(text).place(problem.index or 0)) from None
        return [(token.type, token.range[0] - 1, token.range[1] - 1) for token in found]
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


def _make_room() -> None:
    """What parsing needs of the interpreter, given once and for good: these limits belong to all threads, and what one
    thread puts back another misses.

    A parse makes no cycles worth looking for while it runs; counting to more before a collection saves a quarter of it.
    """
    if sys.getrecursionlimit() < RECURSION_LIMIT:
        sys.setrecursionlimit(RECURSION_LIMIT)
    if 0 < gc.get_threshold()[0] < COLLECT_AFTER:  # 0: somebody wants no collection at all
        gc.set_threshold(COLLECT_AFTER, 20, 20)
