"""How a file is written: its line endings, indentation and semicolons, read off the text. Pure lookups."""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

from sio_patch.engine.tree.node import TAKES_SEMICOLON, Node
from sio_patch.engine.tree.trivia import skip_trivia

LINE_END = re.compile("\r\n|[\n\r\u2028\u2029]")
# What makes a line go on from an unterminated line above; the last three can only start the member of a class.
_CONTINUES = re.compile(r"[(\[/+\-`*]|(?:in|instanceof)\b(?![\w$])")
_BLANKS = re.compile("[^\\S\n\r\u2028\u2029]*")
_COMMENT = re.compile("//[^\n\r\u2028\u2029]*|/\\*.*?\\*/", re.DOTALL)
_LEADING = re.compile("[^\\S\n\r\u2028\u2029]*")


class Style:
    """What a whole file has a habit of. Looked up when first asked for, and once."""

    def __init__(self, root: Node, text: str) -> None:
        self._root = root
        self._text = text

    @cached_property
    def quote(self) -> str:
        """The quotation mark that most strings have; ``'`` where it is even."""
        strings = (node for node in self._root.walk() if node.kind == "Literal" and node.fields["type"] == "string")
        marks = [self._text[node.start] for node in strings]
        return '"' if marks.count('"') > marks.count("'") else "'"

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Of ``var``, ``let`` and ``const`` those that there are."""
        return frozenset(node.fields["kind"] for node in self._root.walk() if node.kind == "VariableDeclaration")

    def uses_semicolons(self, near: Node | None) -> bool:
        """The habit at ``near``, where it is a statement that could have a semicolon; otherwise the file's."""
        if near is not None and near.kind in TAKES_SEMICOLON:
            return terminated(self._text, near)
        return self._semicolons

    @cached_property
    def _semicolons(self) -> bool:
        """Whether at least as many statements have a semicolon as have none."""
        listed = (node for owner in self._root.walk() for node in owner.statements() or () if node.host is None)
        ends = [terminated(self._text, node) for node in listed if node.kind in TAKES_SEMICOLON]
        return ends.count(True) >= ends.count(False)


class LineTail(NamedTuple):
    """The rest of a line: ``end`` is past blanks and comments; ``clear`` where nothing else follows them."""

    end: int
    clear: bool


def line_start(text: str, position: int) -> int:
    """Where the line that ``position`` is on starts."""
    return max(text.rfind(end, 0, position) for end in "\n\r\u2028\u2029") + 1


def before_ending(text: str, position: int) -> int:
    """Before the line ending that ``position``, the start of a line, stands behind."""
    return max(0, position - (2 if text[max(0, position - 2) : position] == "\r\n" else 1))


def indentation(text: str, position: int) -> str:
    """The white space that the line of ``position`` starts with."""
    match = _LEADING.match(text, line_start(text, position))
    return match[0][: max(0, position - match.start())] if match else ""


def starts_line(text: str, position: int) -> bool:
    """Whether only white space stands before ``position`` on its line."""
    return not text[line_start(text, position) : position].strip()


def line_tail(text: str, position: int) -> LineTail:
    """What follows ``position`` on its line, blanks and comments skipped."""
    while True:
        end = blanks(text, position)
        comment = _COMMENT.match(text, end)
        if comment is None:
            return LineTail(end, True) if at_line_end(text, end) else LineTail(position, False)
        position = comment.end()


def blanks(text: str, position: int) -> int:
    """Past the white space at ``position`` that stays on the line."""
    match = _BLANKS.match(text, position)
    return match.end() if match else position


def at_line_end(text: str, position: int) -> bool:
    return position >= len(text) or LINE_END.match(text, position) is not None


def line_ending(text: str, position: int) -> str:
    """The ending of the line that ``position`` is on; on an unfinished last line, the ending of the one before."""
    match = LINE_END.search(text, position)
    if match is None:
        matches = list(LINE_END.finditer(text, 0, position))
        match = matches[-1] if matches else None
    return match[0] if match else "\n"


def terminated(text: str, statement: Node) -> bool:
    """Whether ``statement`` ends with a semicolon of its own."""
    return text[statement.end - 1 : statement.end] == ";"


def continues(text: str, position: int = 0) -> bool:
    """Whether the code after ``position`` would go on from an unterminated statement on a line before it."""
    start = skip_trivia(text, position)
    if text.startswith(("++", "--"), start):
        return text.startswith("-->", start)  # a comment, at a line's start; what comes behind it is not looked at
    return _CONTINUES.match(text, start) is not None


def indent_unit(text: str, inner: str, outer: str) -> str:
    """One level of indentation, from the white space of a line and of the line that holds it."""
    if inner.startswith(outer) and len(inner) > len(outer):
        return inner[len(outer) :]
    match = re.search(r"^(\t+| +)[^\s*]", text, re.MULTILINE)
    return ("\t" if match[1][0] == "\t" else match[1]) if match and len(match[1]) <= 8 else "  "
