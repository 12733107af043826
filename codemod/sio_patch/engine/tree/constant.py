"""The value of a number written in JavaScript as arithmetic on literals."""

from __future__ import annotations

from sio_patch.engine.source import Source
from sio_patch.engine.tree.node import Node
from sio_patch.engine.tree.parse import SyntaxProblem, TooDeep, parse


def number(code: str) -> float | int | None:
    """What ``code`` comes to, where it is nothing but numbers, ``+ - * /``, ``<<`` and parentheses; otherwise None."""
    try:
        statements = parse(Source(code)).fields["body"]
    except (SyntaxProblem, TooDeep):
        return None
    if len(statements) != 1 or statements[0].kind != "ExpressionStatement":
        return None
    return _value(statements[0].fields["expression"])


def _value(node: Node) -> float | int | None:
    if node.kind == "Literal" and node.fields["type"] == "number":
        found: float | int = node.fields["value"]
        return found
    if node.kind == "UnaryExpression" and node.fields["operator"] in "+-":
        value = _value(node.fields["argument"])
        return value if value is None or node.fields["operator"] == "+" else -value
    if node.kind != "BinaryExpression":
        return None
    left, right = _value(node.fields["left"]), _value(node.fields["right"])
    return None if left is None or right is None else _combined(node.fields["operator"], left, right)


def _shifted(left: float, right: float) -> int | None:
    """``left << right`` where that stays a number of 31 bits; JavaScript's wraps beyond."""
    found = int(left) << int(right) if 0 <= left < 2**31 and 0 <= right < 32 else -1
    return found if 0 <= found < 2**31 else None


def _combined(operator: str, left: float, right: float) -> float | int | None:
    try:
        match operator:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case "/":
                return left / right
            case "<<":
                return _shifted(left, right)
            case _:
                return None
    except (ArithmeticError, ValueError):
        return None
