"""The names that a patch adds: each means what it means at the top of the file, or where the patch itself says it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from sio_patch.engine.judge.change import Objection, Text
from sio_patch.engine.judge.kept import Kept
from sio_patch.engine.judge.meaning import Meaning, Variable
from sio_patch.engine.judge.places import Made
from sio_patch.engine.pattern import Pattern, Section
from sio_patch.engine.tree.node import FUNCTIONS, Node
from sio_patch.engine.tree.top import is_top

Side = Callable[[Section], Pattern]
_GIVES_VALUE = FUNCTIONS | {"VariableDeclarator", "ClassDeclaration"}


class Added:
    """Asks for each name in the patch's own code. Those that are ``declared`` are so at the top of the file."""

    def __init__(self, kept: Kept, declared: Collection[str]) -> None:
        self.kept = kept
        self.declared = declared
        self._meanings: dict[int, Meaning] = {}

    def uncaptured(self, place: Made) -> None:
        """Raises Objection where a name that the patch adds at ``place`` means something of the code around it."""
        for pattern, node in place.now.pairs.items():
            if pattern.kind != "Identifier" or not isinstance(node, Node) or node in self.kept.nodes:
                continue
            if node.kind == "Identifier":
                own = self._declarations(place, pattern, _plus)
                self._check(node, place, frozenset(_stands_for(place, each) for each in own))

    def _check(self, node: Node, place: Made, own: Collection[object]) -> None:
        """``own``: what stands for the declarations of that name in the patch itself."""
        kept, name = self.kept, node.fields["name"]
        now = kept.after.variable(name, node)
        at = place.part.match.start
        if own:
            if not all(each in own for each in now.declarations):
                raise Objection(f"the patch declares `{name}`, and the code around already has that name", at)
            return
        mentions = self._mentions(name, place)
        if any(kept.is_same(was, now) for was in mentions):
            return
        if name in self.declared and now.scope is not kept.new.tree:
            raise Objection(f"the patch's `{name}` would not mean the one that it declares at the top of the file", at)
        if node not in now.declarations and any(self._runs_before(node, each) for each in now.declarations):
            raise Objection(f"the patch's `{name}` would be used before it is declared", at)
        if now.declarations and kept.nodes.isdisjoint(now.declarations):
            return  # the patch's own, at another place: a declaration that was renamed like this use of it
        if mentions or not is_top(now.scope) or _may_be_caught(node):
            where = f", which line {_line(kept.new, now)} declares" if now.declarations else ""
            raise Objection(f"the patch's `{name}` would mean the one of the code around it{where}", at)
        if not now.declarations:
            self._check_renamed(place)

    def _runs_before(self, node: Node, declaration: Node) -> bool:
        """Whether ``node`` runs, in the same function, before the statement that gives what is declared its value."""
        statement: Node | None = declaration
        while statement is not None and statement.kind not in _GIVES_VALUE:
            statement = statement.parent
        if (
            statement is None
            or statement.kind in FUNCTIONS
            or statement.fields.get("id") is None
            or _function(node) is not _function(statement)
        ):
            return False
        end = self.kept.shift.last(statement.end) if self.kept.is_skipped(statement) else statement.end
        return node.start < end

    def _check_renamed(self, place: Made) -> None:
        """A name for a name: where the file declares the old one, it has to declare the new one."""
        section = place.part.section
        items = (*place.part.match.items, *section.minus.items[:1], *section.plus.items[:1])
        if len(items) != 3 or any(node.kind != "Identifier" for node in items):
            return
        name = items[0].fields["name"]
        was = self.kept.before.variable(name, items[0])
        if was.declarations:
            line = _line(self.kept.old, was)
            raise Objection(f"the patch renames `{name}` here, and not where line {line} declares it", items[0].start)

    def _mentions(self, name: str, place: Made) -> list[Variable]:
        """What the patch's own context means by that name, where it says it."""
        return [
            self.kept.before.variable(name, node)
            for each in _outwards(place)
            for pattern, node in each.part.match.pairs.items()
            if pattern.kind == "Identifier" and pattern.fields["name"] == name
            if isinstance(node, Node) and node.kind == "Identifier"
            if not self._declarations(each, pattern, _minus)
        ]

    def _declarations(self, place: Made, identifier: Node, side: Side) -> tuple[Node, ...]:
        """Where that slice of the patch declares a variable that it names at ``place``, or around it."""
        pattern = side(place.part.section)
        found = self._meaning(pattern).variable(identifier.fields["name"], identifier).declarations
        if found or place.around is None:
            return found
        around = side(place.around.part.section)
        within = (node for node in around.own_nodes() if node.fields.get("inside") is pattern.items)
        at = Node("Identifier", 0, 0, identifier.fields)
        at.parent = next(within, None)
        return self._declarations(place.around, at, side)

    def _meaning(self, pattern: Pattern) -> Meaning:
        found = self._meanings.get(id(pattern.items))
        if found is None:
            found = self._meanings[id(pattern.items)] = Meaning(pattern.items)
        return found


def _minus(section: Section) -> Pattern:
    return section.minus


def _plus(section: Section) -> Pattern:
    return section.plus


def _outwards(place: Made) -> Iterator[Made]:
    """The place, and those that it is inside of."""
    here: Made | None = place
    while here is not None:
        yield here
        here = here.around


def _stands_for(place: Made, declaration: Node) -> object:
    """The code at ``place``, or around it, for a declaration of the plus slice."""
    found = (here.now.pairs.get(declaration) for here in _outwards(place))
    return next((node for node in found if node is not None), None)


def _line(side: Text, variable: Variable) -> int:
    return side.code.count("\n", 0, variable.declarations[0].start) + 1


def _may_be_caught(node: Node) -> bool:
    """Whether something that runs may give the name a meaning: a `with`, or a direct `eval` in a function round it."""
    above = node.parent
    while above is not None:
        if above.kind == "WithStatement":
            return True
        if above.kind in FUNCTIONS and not is_top(above) and _evals(above):
            return True
        above = above.parent
    return False


def _evals(function: Node) -> bool:
    return any(
        below.kind == "CallExpression" and below.fields["callee"].fields.get("name") == "eval"
        for below in function.walk(into_functions=False)
    )


def _function(node: Node) -> Node | None:
    """The function that ``node`` is in; None: it runs when the file is loaded."""
    above = node.parent
    while above is not None and above.kind not in FUNCTIONS:
        above = above.parent
    return above
