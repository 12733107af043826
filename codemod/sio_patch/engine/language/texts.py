"""A name inside a string of a pattern: `'${$name}/old'` is any string that is a name and `/old` behind it.

The name is a whole word: what stands beside it in the string is no letter, digit, `_` or `$`. JavaScript's own `${$x}`
in a string is written `${$$x}`.
"""

from __future__ import annotations

import re

from sio_patch.engine.tree.node import Node

_NAME = re.compile(r"\$\{\$(\$)?(\.\.\.)?(\w+)\}")
_NO_TEXT = re.compile(r"[\\'\"`\n\r\u2028\u2029]")
_WHOLE = "a name in a string is a whole word; beside it can stand no letter, digit, `_` or `$`"
_WORD = re.compile(r"[\w$]")


class Unreadable(ValueError):
    """What is wrong with such a string, at an offset of the text."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


def has_names(code: str) -> bool:
    """Whether the string that ``code`` spells may have a name in it, or what would be one."""
    return "${$" in code and _NAME.search(code) is not None


def read_text(literal: Node, code: str) -> Node:
    """The string ``literal``, which ``code`` spells, with a Meta for each name and Chars between. Raises Unreadable."""
    if "\\" in code:
        raise Unreadable("a string with a name in it can have no escapes", literal.start)
    parts: list[Node] = []
    done = 1
    for found in _NAME.finditer(code):
        if found[1]:
            continue
        if found[2]:
            raise Unreadable("a run is no text; in a string stands a name such as ${$x}", literal.start + found.start())
        if any(_WORD.match(code[at : at + 1]) for at in (found.start() - 1, found.end())):
            raise Unreadable(_WHOLE, literal.start + found.start())
        parts += _chars(code, done, found.start(), literal)
        fields = {"meta": found[3], "in_text": True}  # no other metavariable of that name is the same code
        parts.append(Node("Meta", literal.start + found.start(), literal.start + found.end(), fields))
        done = found.end()
    parts += _chars(code, done, len(code) - 1, literal)
    if all(part.kind == "Chars" for part in parts):
        return Node("Literal", literal.start, literal.end, {"type": "string", "value": "".join(map(_value, parts))})
    return Node("Literal", literal.start, literal.end, {"type": "string", "parts": tuple(parts)})


def undoubled(text: str) -> str:
    """What a string says that is written like this."""
    return text.replace("${$$", "${$")


def spelling(node: Node) -> str | None:
    """The name that ``node`` is, or what the string says; a Word is a part of a string."""
    if node.kind in ("Identifier", "Key", "Word"):
        return str(node.fields["name"])
    if node.kind == "Literal" and node.fields["type"] == "string" and "value" in node.fields:
        return str(node.fields["value"])
    return None


def text_of(bound: object) -> str | None:
    """What is written in a string for a name; None for what is none, or is not spelt the same in a string."""
    found = spelling(bound) if isinstance(bound, Node) else None
    return None if found is None or _NO_TEXT.search(found) else found


def _chars(code: str, start: int, end: int, literal: Node) -> list[Node]:
    if start == end:
        return []
    value = undoubled(code[start:end])
    return [Node("Chars", literal.start + start, literal.start + end, {"value": value})]


def _value(chars: Node) -> str:
    found: str = chars.fields["value"]
    return found
