"""What a plus slice stands for where its own words do not say: runs at its ends, metavariables and runs alone.

With ``-if (ok) {``, ``   $...body;``, ``-}`` the plus slice is a run, and a run at the end of a list of statements
takes all the rest. What it stands for here is known from before the change: as many statements as stood in the block.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sio_patch.engine.find.found import Bound, Match
from sio_patch.engine.judge.twins import same
from sio_patch.engine.pattern import Pattern
from sio_patch.engine.tree.node import Node


def trimmed(now: Match, was: Match, plus: Pattern) -> Match:
    """``now``, a match of ``plus``, where a run at an end is as long as it ``was``."""
    if plus.is_expression or plus.whole or len(plus.items) < 2:
        return now
    first, last = plus.items[0], plus.items[-1]
    before = max(0, len(_run(now, first)) - _length(was, first)) if _is_named_run(first, was) else 0
    behind = max(0, len(_run(now, last)) - _length(was, last)) if _is_named_run(last, was) else 0
    if not before and not behind:
        return now
    found: dict[str, Bound] = dict(now.bindings)
    pairs: dict[Node, Bound] = dict(now.pairs)
    if before:
        pairs[first] = found[first.fields["run"]] = _run(now, first)[before:]
    if behind:
        pairs[last] = found[last.fields["run"]] = _run(now, last)[:-behind]
    return now._replace(items=now.items[before : len(now.items) - behind], bindings=found, pairs=pairs)


def alone(owner: Node, span: tuple[int, int], was: Match, plus: Pattern) -> Iterator[Match]:
    """What ``plus``, metavariables and runs alone, can stand for among the children of ``owner`` inside ``span``."""
    inside = [node for node in owner.children() if span[0] <= node.start and node.end <= span[1]]
    if plus.is_expression:
        (meta,) = plus.items
        name = meta.fields["meta"]
        for node in inside:
            if same(was.bindings[name], node):
                yield Match(owner, (node,), {name: node}, {meta: node})
        return
    found: dict[str, Bound] = {}
    pairs: dict[Node, Bound] = {}
    at = 0
    for item in plus.items:
        code = inside[at : at + _length(was, item)]
        at += len(code)
        for name, pattern, value in _bound(item, code):
            found[name] = pairs[pattern] = value
        if item.kind != "Gap" and code:
            pairs[item] = code[0]
    if at == len(inside):
        yield Match(owner, tuple(inside), found, pairs)


def _bound(item: Node, code: Sequence[Node]) -> Iterator[tuple[str, Node, Bound]]:
    if item.kind == "Gap":
        yield item.fields["run"], item, tuple(code)
    elif code and code[0].kind == "ExpressionStatement":
        meta = item.fields["expression"]
        yield meta.fields["meta"], meta, code[0].fields["expression"]


def _length(was: Match, item: Node) -> int:
    """How many statements ``item`` is."""
    bound = was.bindings.get(item.fields.get("run") or "", ())
    return len(bound) if item.kind == "Gap" and isinstance(bound, tuple) else 1


def _is_named_run(item: Node, was: Match) -> bool:
    return item.kind == "Gap" and item.fields["run"] in was.bindings


def _run(match: Match, pattern: Node) -> tuple[Node, ...]:
    return match.run(pattern)
