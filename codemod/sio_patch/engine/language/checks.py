"""What is wrong with a patch, said when it is loaded: on which line, why, and what to write instead."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from sio_patch.engine.language.align import Change, Delete, Frame, Insert, Op, Replace, every
from sio_patch.engine.language.alike import same_code
from sio_patch.engine.language.compiled import Pattern, PatternError, Section, any_else, name_of
from sio_patch.engine.language.condition import Inside, OfName, OneOf
from sio_patch.engine.language.roles import Role, is_shorthand_key, role
from sio_patch.engine.tree.node import Node, parts_of

_ANYTHING = frozenset({"Meta", "Gap", "Within", "ExpressionStatement"})
_ANYWHERE = "metavariables and gaps alone are found anywhere; add code by which the place can be told"


def check_bound(minus: Pattern, plus: Pattern, known: Collection[str]) -> None:
    """Raises PatternError where the plus slice uses a metavariable that nothing binds. Those that are ``known`` are."""
    unbound = plus.metavariables - minus.metavariables - frozenset(known)
    for node in (node for item in plus.items for node in item.walk()):
        name = node.fields.get("meta") or node.fields.get("run")
        if name in unbound:
            raise plus.error(node, f"the added lines use ${name}, which nothing before binds")


def check_withins(pattern: Pattern, bound: frozenset[str] = frozenset(), *, may_be_empty: bool = False) -> None:
    """Raises PatternError for a ``<... ...>`` that looks for nothing by which a place could be told, or that is the
    first to say a name which stands for one thing elsewhere. ``bound`` are names that are known before the pattern.
    """
    own = tuple(pattern.own_nodes())
    first = {name: node for node in reversed(own) if (name := name_of(node))}
    for within in (node for node in own if node.kind == "Within"):
        inner = pattern.inside(within)
        known = bound.union(name for name, node in first.items() if node.start < within.start)
        for name in sorted(first.keys() & inner.every_name() - known):
            message = (
                f"${name} stands in the `<... ...>` before this, where it may be other code at each place; "
                "show it before that, or give it another name"
            )
            raise pattern.error(first[name], message)
        if not inner.items and not may_be_empty:
            raise pattern.error(within, "there is nothing to look for in this `<... ...>`, so nothing says where")
        if any(item.kind == "Gap" for item in (*inner.items[:1], *inner.items[-1:])):
            message = "what `<... ...>` looks for begins and ends with code; `...` would say nothing"
            raise pattern.error(within, message)
        if inner.items and not _tells(inner, known):
            raise pattern.error(inner.items[0], _ANYWHERE)
        check_withins(inner, known, may_be_empty=may_be_empty)


def check_nested(section: Section, parameters: Collection[str], bound: frozenset[str] = frozenset()) -> None:
    """Raises PatternError where lines added inside of a ``<... ...>`` use what is not bound at each place there.

    ``bound`` are names that are known before the section.
    """
    for within, nested in section.nested.items():
        before = (node for node in section.minus.own_nodes() if node.start < within.start)
        known = bound.union(filter(None, map(name_of, before)))
        for node in nested.plus.own_nodes():
            name = name_of(node)
            if name is not None and name in parameters:
                raise nested.plus.error(node, f"${name} is a parameter; inside of `<... ...>` none can be set")
            if name is not None and name not in known | nested.minus.metavariables:
                message = f"the added lines use ${name}, which nothing in this `<... ...>` or before it binds"
                raise nested.plus.error(node, message)
        check_nested(nested, parameters, known)


def check_tellable(pattern: Pattern, known: Collection[str] = ()) -> None:
    """Raises PatternError for a pattern that is anywhere. A whole program is one place in any case.

    So is nothing, and what a ``known`` metavariable stands for.
    """
    told = any(each.holds and isinstance(each.test, OfName) for each in pattern.conditions)
    if pattern.items and not pattern.whole and not told and not _tells(pattern, known):
        raise pattern.error(pattern.items[0], _ANYWHERE)


def check_left(plus: Pattern, known: Collection[str] = ()) -> None:
    """Raises PatternError for a plus slice that is anywhere; metavariables and runs may be what something was round."""
    nodes = (node for item in plus.items for node in item.walk())
    if not plus.says_nothing or any(node.kind == "Gap" and node.fields["run"] is None for node in nodes):
        check_tellable(plus, known)


def check_conditions(pattern: Pattern, known: Collection[str], runs: Collection[str]) -> None:
    """Raises PatternError where a condition asks about what nothing binds.

    ``known`` are the metavariables that ``pattern`` binds, or an earlier section, and ``runs`` those that are runs. In
    the pattern of an ``inside`` new ones may stand for anything.
    """
    for condition in pattern.conditions:
        name, test = condition.name, condition.test
        if name is not None and name not in known:
            raise PatternError(condition.line, condition.column, f"nothing binds ${name}, which this asks about")
        if name in runs:
            message = f"$...{name} is more than one piece of code; ask of a metavariable such as $x"
            raise PatternError(condition.line, condition.column, message)
        if isinstance(test, Inside):
            check_tellable(test.pattern)
        if isinstance(test, OneOf):
            for value in test.values:
                _check_value(value, test.name, known)


def _check_value(value: Pattern, name: str, known: Collection[str]) -> None:
    if value.items[0].kind == "Gap":
        raise value.error(value.items[0], "`...` is more than one piece of code; write what the code may be")
    for node in (node for item in value.items for node in item.walk()):
        used = node.fields.get("meta") or node.fields.get("run")
        if used == name or (used is not None and used not in known):
            reason = "this asks about itself" if used == name else f"nothing binds ${used}"
            raise value.error(node, f"{reason}; write what the code may be, or a metavariable of the pattern")


def check_written(ops: tuple[Op, ...], plus: Pattern) -> None:
    """Raises PatternError where ``ops`` would write what no text can be given for."""
    for node in (node for op in every(ops) for node in _parts_alone(op)):
        message = f"`{plus.quote(node)}` is joined to other code by a comma; write it as a statement of its own"
        raise plus.error(node, message)
    for gap in (gap for op in every(ops) for gap in _written_gaps(op)):
        what = "`...`" if gap.kind == "Gap" else "`<... ...>`"
        message = (
            f"added code cannot hold {what}, for nothing says what to write there; a run `$...name` can be written"
        )
        raise plus.error(gap, message)


def check_there(ops: tuple[Op, ...], minus: Pattern) -> None:
    """Raises PatternError where ``ops`` would change an ``else ...``, which may be none at all."""
    for op in every(ops):
        for node in (node for node in _changed(op) if node is not None):
            if any_else(node) is not None or any_else(node.parent) is node:
                message = "`else ...` stands for no `else` as well, so that it cannot be changed; write `else { ... }`"
                raise minus.error(node, message)


def check_ends(ops: tuple[Op, ...], plus: Pattern) -> None:
    """Raises PatternError where a gap at an end of a block would be one at an end of the list that the block is in."""
    for op in ops:
        ends = (op.new[0], op.new[-1]) if isinstance(op, Frame) and op.takes_off else ()
        for gap in () if plus.whole else ends:
            if gap.kind == "Gap" and gap.fields["run"] is None and gap in (plus.items[0], plus.items[-1]):
                message = "without its block `...` reaches to the end of the list round it; a run `$...name;` does not"
                raise plus.error(gap, message)


def check_kinds(minus: Pattern, plus: Pattern, earlier: Iterable[Pattern]) -> None:
    """Raises PatternError where a metavariable is one thing here, and in an ``earlier`` section a run of things."""
    known = {name: node.kind for pattern in earlier for node in pattern.own_nodes() if (name := name_of(node))}
    for pattern in (minus, plus):
        for node in (node for item in pattern.items for node in item.walk()):
            name = name_of(node)
            if name is not None and known.get(name, node.kind) != node.kind:
                there, here = ("$...", "$") if node.kind == "Meta" else ("$", "$...")
                message = f"{here}{name} can never be the {there}{name} of an earlier section: one is a run, one is not"
                raise pattern.error(node, message)


def check_roles(minus: Pattern, plus: Pattern, parameters: Collection[str], earlier: Iterable[Pattern] = ()) -> None:
    """A member's name and an expression are spelt alike, and yet code of the one kind is not that of the other.

    What the minus slice does not bind, one of the ``earlier`` patterns does.
    """
    known, written = _roles(minus, *earlier), _roles(plus)
    for meta in (meta for meta in _metas(plus) if not is_shorthand_key(meta)):
        name, here = meta.fields["meta"], role(meta)
        if here is Role.EXPRESSION and Role.TARGET in written[name]:
            continue  # the patch declares a variable of that name
        if here is Role.TEXT and name in parameters:
            raise plus.error(meta, f"${name} is a parameter, which is code; in a string none can be set")
        if name in parameters:
            continue
        if here is not Role.TEXT and here is not Role.NAME and known[name] == {Role.TEXT}:
            raise plus.error(meta, f"${name} is {here.value} here, and all that binds it is {Role.TEXT.value}")
        if here is Role.TARGET or here is Role.TEXT:
            continue
        wrong = Role.EXPRESSION if here is Role.NAME else Role.NAME
        if known[name] == {wrong}:
            message = f"${name} is {here.value} here, and all that binds it is {wrong.value}"
            raise plus.error(meta, message)


def _tells(pattern: Pattern, bound: Collection[str] = ()) -> bool:
    """Whether not just any code is what the pattern says, where ``bound`` are known before it."""
    nodes = (node for item in pattern.items for node in item.walk() if "parts" not in node.fields)
    return any(node.kind not in _ANYTHING or name_of(node) in bound for node in nodes)


def _roles(*patterns: Pattern) -> Mapping[str, set[Role]]:
    """What each metavariable is, in one place or another."""
    found: dict[str, set[Role]] = {}
    for meta in (meta for pattern in patterns for meta in _metas(pattern)):
        found.setdefault(meta.fields["meta"], set()).add(role(meta))
    return found


def _metas(pattern: Pattern) -> Iterator[Node]:
    return (node for item in pattern.items for node in item.walk() if node.kind == "Meta")


def _parts_alone(op: Change) -> Iterator[Node]:
    """Parts of a comma list that ``op`` would have to write without the rest of it."""
    new = _written(op)
    for node in new:
        if node.host is not None and sum(other.host is node.host for other in new) < len(parts_of(node.host)):
            yield node


def _written_gaps(op: Change) -> Iterator[Node]:
    """Anonymous gaps in code that ``op`` would have to write; old code that it is put round, or leaves, is not."""
    if isinstance(op, Replace) and any(same_code(node, op.new) for node in op.old.walk()):
        return
    kept: list[tuple[Node, ...]] = []
    if isinstance(op, Replace):
        inside = [node for node in op.new.walk() if same_code(node, op.old)]
        kept = [(inside[0],)] if len(inside) == 1 else [each.new for each in op.kept]
    elif isinstance(op, Frame):
        kept = [op.kept.new]
    for gap in (node for item in _written(op) for node in item.walk() if node.kind in ("Gap", "Within")):
        if gap.fields.get("run") is None and not any(each[0].start <= gap.start < each[-1].end for each in kept):
            yield gap


def _changed(op: Change) -> tuple[Node | None, ...]:
    """The nodes of the minus slice that ``op`` changes."""
    match op:
        case Insert():
            return (op.owner,)
        case Replace():
            return (op.old,)
        case Frame():
            return op.old if op.takes_off else ()
        case Delete():
            return (op.node,)


def _written(op: Change) -> tuple[Node, ...]:
    match op:
        case Insert():
            return op.nodes
        case Replace():
            return (op.new,)
        case Frame():
            return op.new
        case Delete():
            return ()
