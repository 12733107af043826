"""What one patch finds in one tree: where it is called for, there already, or needless."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sio_patch.engine.find.found import Match
from sio_patch.engine.find.match import Matcher, may_match
from sio_patch.engine.language.align import Delete, Insert, Op, Replace, same_code
from sio_patch.engine.language.compiled import SemanticPatch
from sio_patch.engine.source import Source
from sio_patch.engine.tree.node import STATEMENT_LISTS, Node
from sio_patch.engine.tree.parse import tokens
from sio_patch.engine.write.template import Template, settled


class Cure(NamedTuple):
    """What makes the patch needless. ``form`` counts the fixed forms; None is the patch itself in other words."""

    form: int | None
    match: Match
    at: Node


class Survey(NamedTuple):
    """``live`` places call for the edit. At ``stale`` ones a chosen parameter of the patch has another value.

    ``unexplained`` are places that the patch is about and that none of its forms match.
    """

    live: tuple[Match, ...]
    applied: tuple[Match, ...]
    stale: tuple[Match, ...]
    cured: tuple[Cure, ...]
    unexplained: tuple[Match, ...]


def survey(
    patch: SemanticPatch, source: Source, matcher: Matcher, chosen: Mapping[str, Node], *, cures: bool
) -> Survey:
    """Looks for both slices and, with ``cures``, for the fixed forms. ``chosen`` are parameters whose value matters."""
    text = source.text
    wanted = _found(matcher, patch, "minus", text)
    done = _found(matcher, patch, "plus", text)
    live = [match for match in wanted if not any(_covers(patch.ops, there, match) for there in done)]
    own = [match for match in done if _verbatim(patch, match, text)]
    stale = [match for match in own if _differs(match, chosen, matcher)]
    found = [Cure(None, match, changed_node(patch.ops, match)) for match in done if match not in own]
    for form, pattern in enumerate(patch.fixed if cures else ()):
        if may_match(pattern, text):
            found += [Cure(form, match, _last_statement(match)) for match in matcher.matches(pattern)]
    live = [match for match in live if not any(_overlap(match, cure.match) for cure in found)]
    applied = [match for match in own if match not in stale]
    known = [*wanted, *done, *(cure.match for cure in found)]
    sites = [match for pattern in patch.sites if cures and known for match in matcher.matches(pattern)]
    unexplained = [match for match in sites if not any(_overlap(match, other) for other in known)]
    return Survey(tuple(live), tuple(applied), tuple(stale), tuple(found), tuple(unexplained))


def changed_node(ops: tuple[Op, ...], match: Match) -> Node:
    """The patch's own code in a match of the plus slice; where it only removes, the code round the gap."""
    for op in ops:
        new = op.nodes[0] if isinstance(op, Insert) else op.new if isinstance(op, Replace) else None
        found = match.pairs.get(new) if new is not None else None
        if isinstance(found, Node):
            return found
    return match.items[0] if match.items else match.owner


def _found(matcher: Matcher, patch: SemanticPatch, slice_: str, text: str) -> list[Match]:
    pattern = patch.minus if slice_ == "minus" else patch.plus
    return list(matcher.matches(pattern)) if may_match(pattern, text) else []


def _covers(ops: tuple[Op, ...], applied: Match, wanted: Match) -> bool:
    """Whether a match of the plus slice shows that every operation has been done where the minus slice asks for it."""
    return all(_done(op, applied, wanted) for op in ops)


def _done(op: Op, applied: Match, wanted: Match) -> bool:
    if isinstance(op, Delete):
        return wanted.pairs.get(op.node) == ()  # else what is to go is still there
    if isinstance(op, Replace):
        if any(same_code(node, op.new) for node in op.old.walk()):
            return False  # the old code is a special case of the new, which therefore always matches
        kept = [node for node in op.new.walk() if same_code(node, op.old)]  # put round: the old code is still inside
        there = wanted.pairs.get(op.old)
        return any(applied.pairs.get(node) is there for node in (op.new, *kept))
    owner = wanted.owner if op.owner is None else wanted.pairs.get(op.owner)
    owner_there = applied.owner if op.owner_twin is None else applied.pairs.get(op.owner_twin)
    if owner is not owner_there:
        return False
    if op.owner is not None and op.owner.kind not in STATEMENT_LISTS:
        return True  # a comma list takes an addition once, wherever its gaps end
    anchor = None if op.anchor is None else wanted.pairs.get(op.anchor)
    return anchor is (None if op.twin is None else applied.pairs.get(op.twin))


def _verbatim(patch: SemanticPatch, match: Match, text: str) -> bool:
    """Whether the patch's code is there as the patch writes it, and not in other words that mean the same.

    Token by token; quotes, semicolons and redundant parentheses are the file's own habit.
    """
    template = Template(patch.plus.text, match.bindings, text, {})
    for op in patch.ops:
        if isinstance(op, Replace) and any(same_code(node, op.new) for node in op.old.walk()):
            continue  # what is left of the old code is the user's own
        for new in op.nodes if isinstance(op, Insert) else (op.new,) if isinstance(op, Replace) else ():
            found = match.pairs.get(new)
            if isinstance(found, Node) and new.kind != "Key":
                written = _as_written(op, new, template, match, text)
                if _words(settled(written)) != _words(text[found.start : found.end]):
                    return False
    return True


def _as_written(op: Op, new: Node, template: Template, match: Match, text: str) -> str:
    """The text of ``new`` as the patch writes it; old code that it was put round is the user's own."""
    kept = [node for node in new.walk() if isinstance(op, Replace) and same_code(node, op.old)]
    inner = match.pairs.get(kept[0]) if len(kept) == 1 else None
    if not isinstance(inner, Node):
        return template.fill(new.start, new.end, [new])
    before, after = template.fill(new.start, kept[0].start, [new]), template.fill(kept[0].end, new.end, [new])
    return f"{before} {text[inner.start : inner.end]} {after}"


def _words(code: str) -> list[str]:
    """The tokens that spell the code. Its structure has been compared; brackets and separators are habit."""
    words = (code[start:end] for _, start, end in tokens(code))
    return [f"'{word[1:-1]}'" if word[0] == '"' and "'" not in word else word for word in words if word not in "(),;"]


def _differs(match: Match, chosen: Mapping[str, Node], matcher: Matcher) -> bool:
    values = ((match.bindings.get(name), value) for name, value in chosen.items())
    return any(isinstance(there, Node) and not matcher.same(there, value) for there, value in values)


def _overlap(one: Match, other: Match) -> bool:
    return one.start < other.end and other.start < one.end


def _last_statement(match: Match) -> Node:
    """The user's statement for the last statement of a fixed form: the cure itself, as these are written."""
    found = [
        (pattern.start, node)
        for pattern, node in match.pairs.items()
        if isinstance(node, Node)
        and node.parent is not None
        and any(node is item for item in node.parent.statements() or ())
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else match.items[0]
