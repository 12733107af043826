"""Conditions before there is any file: whether they can hold, and what they say of a patch's own text.

$x is string, $x is number        never
$x in ('a', 'b'), $x ~ /^c/       never
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from sio_patch.engine.find.backtrack import Question, Search
from sio_patch.engine.find.conditions import Asker, kinds
from sio_patch.engine.find.found import Bound, Match, TooComplex
from sio_patch.engine.find.steps import Steps
from sio_patch.engine.language.alike import same_code
from sio_patch.engine.language.checks import check_conditions
from sio_patch.engine.language.compiled import Pattern, PatternError
from sio_patch.engine.language.condition import Condition, Inside, IsA, Kind, OfName, OneOf, Spelt
from sio_patch.engine.language.roles import Role, role
from sio_patch.engine.tree.node import Node
from sio_patch.engine.tree.scope import Scopes

_STEPS = 20_000
_NAME, _OTHER = "name", "other"  # a member's name; code of none of the kinds
_ALL = frozenset({*Kind, _NAME, _OTHER})  # here LITERAL is what is neither a string nor a number
_LITERALS = frozenset({Kind.STRING, Kind.NUMBER, Kind.LITERAL})
_BY_ROLE = {
    Role.NAME: frozenset({_NAME}),
    Role.TEXT: frozenset({_NAME}),
    Role.TARGET: frozenset({Kind.IDENTIFIER, Kind.MEMBER, _OTHER}),
}


def asked(
    pattern: Pattern, conditions: tuple[Condition, ...], known: Collection[str], runs: Collection[str]
) -> Pattern:
    """``pattern`` under these conditions. ``known`` are the metavariables that have a meaning, and ``runs`` those of
    them that are runs. Raises PatternError where a condition asks about another, or can never hold.
    """
    found = pattern._replace(conditions=conditions)
    check_conditions(found, known, runs)
    try:
        for count, condition in enumerate(conditions):
            _check_beside(found, condition, conditions[:count])
    except TooComplex:
        return found
    return found


def _check_beside(pattern: Pattern, condition: Condition, before: Sequence[Condition]) -> None:
    text = f"`{condition.text}` can never hold"
    other = next((each for each in before if _opposed(each, condition)), None)
    if other is None and condition.name is not None:
        found = _kinds_of(condition.name, pattern)
        if not _together([condition], found):
            raise PatternError(condition.line, condition.column, f"{text} of what ${condition.name} is in this code")
        of_name = [each for each in before if each.name == condition.name]
        other = next((each for each in of_name if not _together([each, condition], found)), None)
        if other is None and not _together([*of_name, condition], found):
            raise PatternError(condition.line, condition.column, f"{text} with all that is asked of ${condition.name}")
    if other is not None:
        raise PatternError(condition.line, condition.column, f"{text} where `{other.text}` does")


def _opposed(one: Condition, other: Condition) -> bool:
    """Whether the one says what the other denies."""
    if one.holds is other.holds:
        return False
    if isinstance(one.test, Inside) and isinstance(other.test, Inside):
        return same_code(one.test.pattern.items[0], other.test.pattern.items[0])
    return one.test == other.test


def _kinds_of(name: str, pattern: Pattern) -> frozenset[str]:
    """What the metavariable can stand for, by the places where it is written."""
    metas = (node for item in pattern.items for node in item.walk() if node.fields.get("meta") == name)
    found = {role(meta) for meta in metas}
    return _BY_ROLE.get(found.pop(), _ALL - {_NAME}) if len(found) == 1 else _ALL


def _together(conditions: Sequence[Condition], left: frozenset[str]) -> bool:
    """Whether there may be code of which all of these hold, which are about one metavariable."""
    for condition in conditions:
        left &= _kinds_left(condition)
    listed = [each.test for each in conditions if isinstance(each.test, OneOf) and each.holds]
    asker = DraftAsker(Search(Question({}, frozenset()), Scopes(), Steps(_STEPS)), ())
    return bool(left) and all(
        any(_meets(asker, value.items[0], conditions) for value in test.values) for test in listed
    )


def _meets(asker: Asker, value: Node, conditions: Sequence[Condition]) -> bool:
    named = ((each.test, each.holds) for each in conditions if isinstance(each.test, OfName))
    return all(asker.of_code(test, {test.name: value}) is not (not holds) for test, holds in named)


def _kinds_left(condition: Condition) -> frozenset[str]:
    """The kinds of code of which it may hold."""
    test = condition.test
    if isinstance(test, IsA):
        found = _LITERALS if test.kind is Kind.LITERAL else frozenset({test.kind})
        return found if condition.holds else _ALL - found
    if not condition.holds:
        return _ALL
    if isinstance(test, Spelt):
        return frozenset({Kind.STRING, Kind.IDENTIFIER, _NAME})
    values = test.values if isinstance(test, OneOf) else ()
    return frozenset(kind for value in values for kind in _kinds_as_value(value.items[0]))


def _kinds_as_value(value: Node) -> frozenset[str]:
    if value.kind == "Meta":
        return _ALL
    found = kinds(value)
    narrow: frozenset[str] = found - {Kind.LITERAL} if len(found) > 1 else found
    named = {Kind.STRING, Kind.IDENTIFIER, Kind.NUMBER} & narrow
    return (narrow or frozenset({_OTHER})) | ({_NAME} if named else frozenset())


class DraftAsker(Asker):
    """Asks of a patch's own text, in which a variable ``$x`` is whatever ``facts``, the patch's conditions, let it be.

    What stands round the text is not known.
    """

    def __init__(self, search: Search, facts: Sequence[Condition]) -> None:
        super().__init__(search)
        self._facts = facts

    def inside(self, pattern: Pattern, match: Match) -> bool | None:
        return super().inside(pattern, match) or None

    def at_top(self, match: Match) -> bool | None:
        return None if super().at_top(match) else False

    def of_code(self, test: OfName, bindings: Mapping[str, Bound]) -> bool | None:
        node = bindings.get(test.name)
        if isinstance(node, Node) and _is_variable(node):
            return self._of_variable(test, node)
        found = super().of_code(test, bindings)
        undecided = isinstance(test, OneOf) and isinstance(node, Node) and any(_unknown(test, node))
        return None if undecided and not found else found

    def _of_variable(self, test: OfName, variable: Node) -> bool | None:
        if variable.kind in ("Meta", "Gap"):
            return None
        name = variable.fields["name"].lstrip("$")
        known = [each for each in self._facts if each.name == name]
        left = frozenset({_NAME}) if variable.kind == "Key" else _ALL
        yes, no = (Condition(test._replace(name=name), holds, "", 0, 0) for holds in (True, False))
        if not _together([*known, yes], left):
            return False
        return None if _together([*known, no], left) else True


def _unknown(test: OneOf, node: Node) -> Iterator[bool]:
    """For all that is in the values, and in ``node``, whether it is a variable."""
    return (_is_variable(below) for root in (node, *(value.items[0] for value in test.values)) for below in root.walk())


def _is_variable(node: Node) -> bool:
    """A metavariable, in a pattern or in a pattern's code."""
    return node.kind in ("Meta", "Gap") or (node.kind in ("Identifier", "Key") and node.fields["name"].startswith("$"))
