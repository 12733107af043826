"""The verdict on finished edits: whether the new text is the old one with the patch in it, and nothing else.

What is asked, in this order: is it read as the same kind of text; is every difference between the two trees one that
the patch shows; is the code that its metavariables and gaps stand for there again; does every name and word of the
code that was kept mean what it meant; and does every name that the patch adds mean what it means at the top of the
file, or where the patch itself says it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from sio_patch.engine.find.found import Occurrence
from sio_patch.engine.judge.added import Added
from sio_patch.engine.judge.change import Change, Objection, Text, quoted
from sio_patch.engine.judge.kept import Kept
from sio_patch.engine.judge.places import Made, all_gone, inside, places, shown_again, unsaid_kept
from sio_patch.engine.judge.twins import Difference
from sio_patch.engine.tree.node import Node

_GOALS = {"script": "a script", "module": "a module", "function-body": "a script with a `return` outside of functions"}


def check(change: Change, parameters: Collection[str], old: Text, new: Text, found: Sequence[Occurrence]) -> None:
    """Raises Objection where the change does to ``old`` anything but what the patch says.

    ``found`` are the matches of its sections' plus slices in ``new``; ``parameters`` are names in them whose value is
    the user's choice. ``new.skipped`` are statements of the old tree that no edit touches, and that the new one leaves
    out.
    """
    if change.edits.inverse(old.code).apply(new.code) != old.code:
        raise Objection("it could not be undone", 0)
    _same_goal(change, old, new)
    kept = Kept(change, old, new)
    differences = kept.differences()
    made = places(kept, change.parts, found, parameters)
    _in_order(made)
    _only_asked_for(kept, made, differences, parameters)
    for place in made:
        all_gone(kept, place)
        unsaid_kept(kept, place)
    _same_directives(kept, made)
    kept.same_names(change)
    context = [pair for place in made for pair in shown_again(place)]
    kept.same_owners(context)
    kept.same_reach(context)
    kept.same_exports(frozenset(node for place in made for node in place.shown))
    added = Added(kept, change.declared)
    for place in made:
        added.uncaptured(place)


def _same_goal(change: Change, old: Text, new: Text) -> None:
    was, now = old.tree.fields["goal"], new.tree.fields["goal"]
    if was != now and (was, now) != ("function-body", "script"):
        said = f"the file is {_GOALS[was]}, and with the patch in it it could only be read as {_GOALS[now]}"
        raise Objection(said, change.parts[0].match.start)


def _in_order(made: Sequence[Made]) -> None:
    """What is put where nothing stood before, as lines at the top of a file, comes in the order of the patch."""
    new = [place for place in made if not place.part.match.items and place.now.items]
    for one, other in pairwise(new):
        if one.now.owner is other.now.owner and one.now.start > other.now.start:
            raise Objection("the added lines would come in another order", one.part.edits[0].start)
    for place in new:
        body = place.now.owner.fields["body"]
        before = body[: body.index(place.now.items[0])]
        if not all(_leads(node) or any(node in other.now.items for other in new) for node in before):
            raise Objection("the added line would not come where the imports end", place.part.edits[0].start)


def _leads(statement: Node) -> bool:
    """Whether it can stand before the end of a file's imports."""
    if statement.directive or statement.kind in ("ImportDeclaration", "VariableDeclaration"):
        return True
    return statement.kind == "ExpressionStatement" and any(
        node.kind == "Identifier" and node.fields["name"] == "require" for node in statement.walk()
    )


def _only_asked_for(
    kept: Kept, made: Sequence[Made], differences: Sequence[Difference], parameters: Collection[str]
) -> None:
    """Every difference is in code that the patch shows at one of its places; inside of a place, at another."""
    showing: dict[Node, list[Made]] = {}
    for place in made:
        for node in place.shown:
            showing.setdefault(node, []).append(place)
    for difference, within in (*((each, None) for each in differences), *_within(kept, made, parameters)):
        for node in (*difference.old, *difference.new):
            if all(place is within for place in showing.get(node, ())):
                raise _unasked(kept, difference)


def _same_directives(kept: Kept, made: Sequence[Made]) -> None:
    """No string becomes a directive, as `'use strict'` would, but one that a line of the patch adds as such."""
    added = {
        node
        for place in made
        for pattern, node in place.now.pairs.items()
        if pattern.directive and not _is_context(pattern, place)
    }
    for place in (place for place in made if not place.part.match.items):
        for pattern, node in place.now.pairs.items():
            if pattern.directive and isinstance(node, Node) and not node.directive:
                raise Objection(f"{quoted(kept.new.code, (node,))} would be no directive", place.part.edits[0].start)
    for node in (node for statement in kept.new.tree.fields["body"] for node in statement.walk()):
        if node.directive and node not in kept.nodes and node not in added:
            at = made[0].part.match.start if made else 0
            raise Objection(f"{quoted(kept.new.code, (node,))} would be a directive for the code around it", at)


def _is_context(directive: Node, place: Made) -> bool:
    """Whether the patch shows the directive before the change as well."""
    minus = place.part.section.minus.items
    return any(node.start == directive.start for item in minus for node in item.walk())


def _within(kept: Kept, made: Sequence[Made], parameters: Collection[str]) -> Iterator[tuple[Difference, Made]]:
    return ((each, place) for place in made for each in inside(kept, place, parameters))


def _unasked(kept: Kept, difference: Difference) -> Objection:
    at = difference.old[0].start if difference.old else kept.back.first(difference.new[0].start)
    was, now = quoted(kept.old.code, difference.old), quoted(kept.new.code, difference.new)
    if not was:
        return Objection(f"{now} would come in beside the patch", at)
    return Objection(f"{was}, which is not the patch's to change, would {f'become {now}' if now else 'go'}", at)
