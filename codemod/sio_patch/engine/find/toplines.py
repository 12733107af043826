"""Lines of a patch that are to stand at the top of a file: whether they do.

``import { a } from 'x';`` is there where ``import { b, a as a } from "x"`` is, and ``const { a } = require('x')`` where
``const { a, b } = require('x')`` is: each name that it declares is declared so.
"""

from __future__ import annotations

from collections.abc import Iterator

from sio_patch.engine.find.found import Env, Match
from sio_patch.engine.find.match import Matcher
from sio_patch.engine.find.steps import Steps
from sio_patch.engine.language.compiled import Pattern
from sio_patch.engine.language.options import Equivalence
from sio_patch.engine.tree.node import Node


def at_top(line: Pattern, matcher: Matcher, env: Env, steps: Steps) -> tuple[Match, ...]:
    """Where ``line``, a pattern of one statement, stands in the program's own list, as it is or in parts."""
    whole = tuple(match for match in matcher.matches(line, env, steps) if match.owner is matcher.tree)
    return whole or tuple(_in_parts(line, matcher, env))


def _in_parts(line: Pattern, matcher: Matcher, env: Env) -> Iterator[Match]:
    (item,) = line.items
    wanted = _names(item)
    alike = [node for node in matcher.tree.fields["body"] if _is_alike(line, node, matcher, env)] if wanted else []
    given = [name for node in alike for name in _names(node)]
    if alike and all(any(True for _ in matcher.among(given, line, name, env)) for name in wanted):
        yield Match(matcher.tree, (alike[0],), env.bindings, {})


def _names(statement: Node) -> tuple[Node, ...]:
    """The parts of an import, or of a declaration that takes an object apart, that each give one name."""
    if statement.kind == "ImportDeclaration":
        found: tuple[Node, ...] = statement.fields["specifiers"]
        return found
    taken = _taken_apart(statement)
    return () if taken is None else taken.fields["id"].fields["properties"]


def _taken_apart(statement: Node) -> Node | None:
    if statement.kind != "VariableDeclaration" or len(statement.fields["declarations"]) != 1:
        return None
    declarator: Node = statement.fields["declarations"][0]
    named = declarator.fields["id"].kind == "ObjectPattern" and declarator.fields["init"] is not None
    return declarator if named else None


def _is_alike(line: Pattern, node: Node, matcher: Matcher, env: Env) -> bool:
    """Whether ``node`` takes its names from where ``line`` takes them, in the same way."""
    (item,) = line.items
    if node.kind != item.kind:
        return False
    if item.kind == "ImportDeclaration":
        return any(True for _ in matcher.among((node.fields["source"],), line, item.fields["source"], env))
    mine, theirs = _taken_apart(item), _taken_apart(node)
    if mine is None or theirs is None:
        return False
    same_kind = Equivalence.DECLARATION_KINDS in matcher.equivalent or item.fields["kind"] == node.fields["kind"]
    return same_kind and any(True for _ in matcher.among((theirs.fields["init"],), line, mine.fields["init"], env))
