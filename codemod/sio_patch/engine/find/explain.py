"""Why a pattern did not match, in words: how far it got, what it expected there, and what stood there."""

from __future__ import annotations

from typing import NamedTuple

from sio_patch.engine.find.found import Env, Miss, RuledOut
from sio_patch.engine.find.match import Matcher
from sio_patch.engine.language.compiled import Pattern
from sio_patch.engine.outcome import Absent
from sio_patch.engine.source import Source
from sio_patch.engine.tree.node import FUNCTIONS, STATEMENT_LISTS, Node

_QUOTE = 72


class Hidden(NamedTuple):
    """The code that the pattern wants, found in a place where it is no statement of its own."""

    expected: Node
    node: Node
    where: str

    def message(self, pattern: Pattern, source: Source) -> str:
        line = pattern.place(self.expected).line
        return (
            f"`{_short(pattern.quote(self.expected))}` (line {line} of the patch) stands {self.where}: "
            f"`{_line(source, self.node.start)}`. It cannot be edited safely there"
        )


def nearest(pattern: Pattern, miss: Miss | None, source: Source) -> Absent:
    """How far the search for ``pattern`` got."""
    if miss is None:
        return Absent("nothing in the file resembles the code that the patch is about", None)
    expected = _statement(miss.expected) or miss.expected
    if miss.expected.kind == "Gap" and miss.found is not None:
        line, place = pattern.place(miss.expected).line, source.place(miss.found.start)
        there = f"line {place.line}, column {place.column}, stands `{_line(source, miss.found.start)}`"
        return Absent(f"line {line} of the patch rules out what follows there: at {there}", place)
    if miss.expected.kind == "Within":
        return _without(pattern, miss, source)
    wanted = f"line {pattern.place(expected).line} of the patch expects `{_short(pattern.quote(expected))}`"
    if miss.past:
        line, last = pattern.place(miss.expected).line, _short(pattern.quote(miss.expected))
        wanted = f"line {line} of the patch expects nothing behind `{last}`"
    if miss.found is not None:
        place = source.place(miss.found.start)
        there = f"line {place.line}, column {place.column}, stands `{_line(source, miss.found.start)}`"
        return Absent(
            f"{wanted}; nearest to it, at {there}",
            place,
        )
    end = source.place(max(0, (miss.owner.end if miss.owner else len(source.text)) - 1))
    return Absent(
        f"{wanted}; the code that it would be in ends at line {end.line}, column {end.column} without it", end
    )


def unmet(ruled_out: RuledOut, source: Source) -> Absent:
    """Which condition the code does not meet that the patch matches otherwise."""
    condition, match = ruled_out
    bound = match.bindings.get(condition.name or "")
    at = bound.start if isinstance(bound, Node) else match.start
    place, wanted = source.place(at), f"line {condition.line} of the patch asks for `{_short(condition.text)}`"
    there = f"at line {place.line}, column {place.column}"
    if isinstance(bound, Node):
        code = _short(" ".join(source.text[bound.start : bound.end].split()))
        return Absent(f"{wanted}; {there}, ${condition.name} is `{code}`", place)
    return Absent(f"{wanted}; nearest to it, {there}, stands `{_line(source, at)}`", place)


def _without(pattern: Pattern, miss: Miss, source: Source) -> Absent:
    """There is code for a ``<... ...>``, and not in it what that is to hold."""
    sought = miss.expected.fields["inside"]
    line, code = pattern.place(sought[0]).line, _short(" ".join(map(pattern.quote, sought)))
    at = miss.found or miss.owner
    place = source.place(at.start if at is not None else 0)
    there = f"line {place.line}, column {place.column}"
    return Absent(
        f"line {line} of the patch expects `{code}` somewhere in the code from {there}; it is not there", place
    )


def hidden(pattern: Pattern, miss: Miss, matcher: Matcher) -> Hidden | None:
    """The statement at which the search ended, where it stands inside an expression or under an unbraced ``if`` of the
    same function.
    """
    expected = _statement(miss.expected)
    if expected is None or expected.parent is None or expected.kind != "ExpressionStatement":
        return None
    pairs = miss.env.paired()
    owner = pairs.get(expected.parent)
    if not isinstance(owner, Node):
        return None
    known = {
        name: miss.env.bindings[name]
        for node in pairs
        if node.start < expected.start and (name := node.fields.get("meta") or node.fields.get("run"))
    }
    for node in matcher.among(owner.walk(), pattern, expected.fields["expression"], Env(known)):
        where = _unsafe_place(node, owner)
        if where is not None:
            return Hidden(expected, node, where)
    return None


def _unsafe_place(node: Node, owner: Node) -> str | None:
    parent = node.parent
    above = parent
    while above is not None and above is not owner:
        if above.kind in FUNCTIONS:
            return None
        above = above.parent
    if parent is None or parent.kind != "ExpressionStatement":
        return "inside a larger expression"
    if parent.host is not None:
        return None if parent.parent is owner else "inside a larger expression"
    block = parent.parent
    return "as the whole body of an `if` or a loop without braces" if block is not None and not block.braced else None


def _statement(node: Node) -> Node | None:
    """The statement of the pattern's list that ``node`` is or is a part of."""
    while node.parent is not None and node.parent.kind not in STATEMENT_LISTS:
        node = node.parent
    return node if node.parent is not None or node.kind.endswith(("Statement", "Declaration")) else None


def _line(source: Source, offset: int) -> str:
    """The user's code from ``offset`` to the end of its line."""
    end = source.text.find("\n", offset)
    return _short(source.text[offset : len(source.text) if end < 0 else end].strip())


def _short(text: str) -> str:
    return text if len(text) <= _QUOTE else text[: _QUOTE - 1].rstrip() + "…"
