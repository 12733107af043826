"""What counts as the top of a file: the program, and the functions that bundlers and module systems wrap one in.

    (function (root, factory) { ... })(this, function (exports) { HERE });     UMD
    define(['a'], function (a) { HERE });                                      AMD
    (function e(t, n, r) { ... })({1: [function (require, module) { HERE }, {}]}, {}, [1]);    browserify
    var modules = { './a.js': (module, exports) => { HERE } };                 webpack, below such a function
    var require_a = __commonJS({ 'a.js'(exports, module) { HERE } });          esbuild

A callback (`app.get('/', function (req) { ... })`) is none: it runs later, and often.
"""

from __future__ import annotations

from sio_patch.engine.tree.node import FUNCTIONS, Node

_MODULE_CALLS = frozenset(
    [
        "define",
        "require",
        "requirejs",
        "__commonJS",
        "__commonJSMin",
        "__esm",
        "__esmMin",
        "__d",
        "register",
        "loadModule",
    ]
)
_MODULE_TABLES = frozenset(["__webpack_modules__", "__modules__"])
_MODULE_PARAMETERS = frozenset(["module", "exports", "require", "__webpack_require__", "__unused_webpack_module"])
_PASSES_ON = frozenset(
    [
        "AssignmentExpression",
        "AwaitExpression",
        "ConditionalExpression",
        "ExportDefaultDeclaration",
        "ExpressionStatement",
        "LogicalExpression",
        "MemberExpression",
        "ReturnStatement",
        "SequenceExpression",
        "UnaryExpression",
        "VariableDeclaration",
        "VariableDeclarator",
    ]
)
_HOLDS = frozenset(["ArrayExpression", "ObjectExpression", "Property"])


def is_top(scope: Node | None) -> bool:
    """Whether a name that ``scope`` declares is one of the file's own: the program's, or a wrapper's."""
    while scope is not None and scope.kind == "Block" and scope.parent is not None:
        if scope.parent.kind not in FUNCTIONS:
            return False
        scope = scope.parent
    return scope is None or scope.kind == "Program" or (scope.kind in FUNCTIONS and _wraps_a_file(scope))


def leaves_top(node: Node) -> bool:
    """Whether what stands in ``node`` is at the top of the file no more: a function that is no wrapper, or a class."""
    return node.kind == "ClassBody" or (node.kind in FUNCTIONS and not _wraps_a_file(node))


def _wraps_a_file(function: Node) -> bool:
    """Whether ``function`` is called once, where the file is loaded, or handed to what loads modules."""
    if function.kind == "FunctionDeclaration":
        return False
    node, call = function, function.parent
    if call is not None and call.kind == "MemberExpression" and call.fields["object"] is node:
        node, call = call, call.parent  # (function () { ... }).call(this)
    if call is not None and _is_called(call, node):
        return _at_top(call)
    table = _outermost_holder(function)
    holder = table.parent
    if holder is None:
        return False
    if holder.kind == "CallExpression" and any(argument is table for argument in holder.fields["arguments"]):
        return _loads_modules(holder, direct=table is function) and _at_top(holder)
    return _is_module_table(holder, table) and _takes_a_module(function) and _at_top(holder)


def _is_called(call: Node, callee: Node) -> bool:
    return call.kind in ("CallExpression", "NewExpression") and call.fields["callee"] is callee


def _outermost_holder(function: Node) -> Node:
    """The function itself, or the array or object literal that it stands in, at any depth."""
    node = function
    while node.parent is not None and node.parent.kind in _HOLDS:
        node = node.parent
    return node


def _loads_modules(call: Node, *, direct: bool) -> bool:
    """Whether the call is of a wrapper itself, of a module system, or of `webpackJsonp.push`."""
    callee = call.fields["callee"]
    if callee.kind in FUNCTIONS:
        return True
    if callee.kind == "Identifier":
        return callee.fields["name"] in _MODULE_CALLS
    if callee.kind != "MemberExpression":
        return False
    name = callee.fields["property"].fields.get("name")
    if name in ("call", "apply") and callee.fields["object"].kind in FUNCTIONS:
        return True
    return name in _MODULE_CALLS or (name == "push" and not direct)


def _is_module_table(holder: Node, table: Node) -> bool:
    """Whether ``table`` is the value of a variable for modules, as webpack has it."""
    if holder.kind == "VariableDeclarator":
        return holder.fields["init"] is table and holder.fields["id"].fields.get("name") in _MODULE_TABLES
    return False


def _takes_a_module(function: Node) -> bool:
    return any(param.fields.get("name") in _MODULE_PARAMETERS for param in function.fields["params"])


def _at_top(node: Node) -> bool:
    """Whether ``node`` runs when the file is loaded: nothing but expressions between it and a top-level statement."""
    above = node.parent
    while above is not None and (above.kind in _PASSES_ON or above.kind == "CallExpression"):
        above = above.parent
    return above is not None and is_top(above)
