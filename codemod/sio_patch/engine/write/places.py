"""Places that do not take every expression: what is declared or assigned to, `delete`, directives, what a module names.

With ``-a.b`` and ``+c()``, ``f(a.b)`` becomes ``f(c())``; but ``a.b = 1``, ``a.b++`` and ``delete a.b`` take no call.
"""

from __future__ import annotations

from sio_patch.engine.language.roles import Role, is_word, role
from sio_patch.engine.tree.node import Node
from sio_patch.engine.tree.scope import ASSIGNED, is_target, whole_pattern
from sio_patch.engine.write.unsafe import Unsafe

_NAMED = {"FunctionDeclaration": "id", "ClassDeclaration": "id", "ClassExpression": "id"}
_OF_MODULES = {"ImportSpecifier": "local", "ImportDefaultSpecifier": "local", "ImportNamespaceSpecifier": "local"}
_NAMES_ONLY = {**_NAMED, **_OF_MODULES, "ExportSpecifier": "local"}
_TEXTS = {
    "ImportDeclaration": "source",
    "ExportNamedDeclaration": "source",
    "ExportAllDeclaration": "source",
    "ImportAttribute": "value",
}
_RESERVED = frozenset(
    [
        "arguments", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete",
        "do", "else", "enum", "eval", "export", "extends", "false", "finally", "for", "function", "if", "implements",
        "import", "in", "instanceof", "interface", "let", "new", "null", "package", "private", "protected", "public",
        "return", "static", "super", "switch", "this", "throw", "true", "try", "typeof", "var", "void", "while", "with",
        "yield",
    ]
)  # fmt: skip
_PATTERNS = frozenset({"ObjectPattern", "ArrayPattern"})
_PARTS_OF_PATTERNS = frozenset({"AssignmentPattern", "RestElement"})
_TARGETS_ONLY = _PATTERNS | _PARTS_OF_PATTERNS
_MEMBERS = frozenset({"MemberExpression", "ChainExpression"})


def check(new: Node, user: Node, text: str, *, shows_export: bool) -> None:
    """Raises Unsafe where the ``user`` node stands in a place that does not take ``new``.

    ``new`` is what will be there: for a metavariable the code that it stands for. ``shows_export`` says whether the
    patch itself shows that the node is in an export.
    """
    trouble = _trouble(new, user)
    if trouble is None and not shows_export and _is_exported(user):
        trouble = "is declared in an export, and its new name would be another export"
    if trouble is not None:
        code = " ".join(text[user.start : user.end].split())
        raise Unsafe.place(f"`{code}` {trouble}", user)


def check_bound(bound: Node, meta: Node, text: str) -> None:
    """Raises Unsafe where ``bound``, code of the user's ``text``, cannot be written in the place of ``meta``."""
    here = role(meta)
    if here is Role.NAME:
        wrong = bound.kind in ("Key", "Word") and not is_word(bound.fields["name"])
        wrong = wrong and (bound.kind == "Word" or _follows_dot(meta))
    elif here is Role.TARGET:
        others = () if is_target(meta) else ("MemberExpression",)
        named = bound.kind == "Key" and is_word(bound.fields["name"]) and bound.fields["name"] not in _RESERVED
        wrong = not named and bound.kind not in ("Identifier", *_TARGETS_ONLY, *others)
    else:
        wrong = bound.kind in _TARGETS_ONLY or (bound.kind == "Super" and not _is_head(meta))
        wrong = wrong or (_is_shorthand(meta) and bound.kind not in ("Identifier", "Key"))
    if wrong:
        code = " ".join(text[bound.start : bound.end].split())
        raise Unsafe.place(f"the patch writes `{code}` as {here.value}, which it cannot be", bound)


def _trouble(new: Node, user: Node) -> str | None:
    holder = user.parent
    if holder is None:
        return None
    if holder.fields.get(_TEXTS.get(holder.kind, "")) is user and not _is_string(new):
        return "names a module, or what it is read as; only a string can stand there"
    if holder.directive and not _is_string(new):
        return "is a directive, which is no value"
    if _is_operand_of_delete(user) and new.kind not in _MEMBERS:
        return "is deleted, and what is to stand there cannot be"
    if user.kind == "PrivateIdentifier" or (user.kind == "Key" and user.quoted and new.kind == "PrivateIdentifier"):
        return None if new.kind in (user.kind, "Meta") else "is a name in a place that takes no other kind of name"
    allowed = _targets(user)
    if allowed is not None and new.kind not in allowed:
        return "is declared or assigned to, and what is to stand there cannot be"
    return None


def _is_string(node: Node) -> bool:
    return node.kind == "Meta" or (node.kind == "Literal" and node.fields["type"] == "string")


def _is_operand_of_delete(user: Node) -> bool:
    holder = user.parent
    deleted = holder is not None and holder.kind == "UnaryExpression" and holder.fields["operator"] == "delete"
    return deleted and user.kind in _MEMBERS


def _targets(user: Node) -> frozenset[str] | None:
    """The kinds that can stand where ``user`` is declared or assigned to. None where it is neither."""
    top = whole_pattern(user)
    holder, inner = top.parent, top is not user
    if holder is None or top.kind in ("ObjectExpression", "Property") or user.kind in ("Key", "Property"):
        return None
    if holder.fields.get(_NAMES_ONLY.get(holder.kind, "")) is top:
        return frozenset({"Meta", "Identifier"})
    assigned = holder.fields.get(ASSIGNED.get(holder.kind, "")) is top
    if not assigned and not is_target(user):
        return None
    allowed = {"Meta", "Identifier"} | ({"MemberExpression"} if assigned else set())
    if inner or not assigned or holder.fields.get("operator", "=") == "=":
        allowed |= _PATTERNS
    is_param = any(user is param for param in holder.fields.get("params", ()))
    return frozenset(allowed | _PARTS_OF_PATTERNS if inner or is_param else allowed)


def _is_exported(user: Node) -> bool:
    """Whether ``user`` is the name, or one of the names, under which a declaration is exported."""
    top = whole_pattern(user)
    made = top.parent
    if made is None or made.fields.get("id") is not top:
        return False
    made = made.parent if made.kind == "VariableDeclarator" else made
    return made is not None and made.parent is not None and made.parent.kind == "ExportNamedDeclaration"


def _follows_dot(meta: Node) -> bool:
    return meta.parent is not None and meta.parent.kind == "MemberExpression"


def _is_head(meta: Node) -> bool:
    parent = meta.parent
    return parent is not None and any(parent.fields.get(field) is meta for field in ("object", "callee"))


def _is_shorthand(node: Node) -> bool:
    return node.parent is not None and node.parent.kind == "Property" and node.parent.shorthand
