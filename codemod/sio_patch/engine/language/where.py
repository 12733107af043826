"""The text of conditions to values: what stands behind ``where``.

    $level in ('warn', 'error'), $message is not string, not inside catch_all(...)

Commas separate conditions, save inside brackets, strings, templates and regular expressions. A PATTERN ends with its
condition. Each line is complete: more conditions stand on an ``@@ where`` line of their own below the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from sio_patch.engine.language.block import Block
from sio_patch.engine.language.compiled import Pattern, PatternError
from sio_patch.engine.language.condition import Condition, Inside, IsA, Kind, OneOf, Spelt, Test, TopLevel
from sio_patch.engine.language.read import read_pattern
from sio_patch.engine.tree.parse import SyntaxProblem, tokens

if TYPE_CHECKING:
    from sio_patch.engine.language.regexp import Regexp

_LINE = re.compile(r"(@@[ \t]*)(.*?)[ \t\r]*")
_WHERE = re.compile(r"(where)(?:[ \t]+|$)(.*)")
_NAME = re.compile(r"\$([A-Za-z_]\w*)")
_SHAPES = (
    "`$x in (...)`, `$x not in (...)`, `$x ~ /.../`, `$x !~ /.../`, `$x is KIND`, `$x is not KIND`, `inside PATTERN`, "
    "`not inside PATTERN`, `top level`, `not top level`"
)


def lift_where(block: Block) -> tuple[tuple[Condition, ...], Block]:
    """The conditions on the ``@@ where`` lines that a pattern begins with, and the pattern on its own lines.

    Raises PatternError.
    """
    lines = block.text.split("\n")
    found: list[Condition] = []
    for index, line in enumerate(lines):
        header = _LINE.fullmatch(line)
        if header is None:
            break
        found += read_where(header[2], block.line + index, header.end(1) + 1)
        lines[index] = ""
    return tuple(found), Block("\n".join(lines), block.line)


def read_where(text: str, line: int, column: int) -> tuple[Condition, ...]:
    """What follows ``@@``, from that place of the document on: ``where`` and conditions. Raises PatternError."""
    found = _WHERE.fullmatch(text)
    if found is None:
        raise PatternError(line, column, f"`{text}` is not known here; write `@@ where` and conditions")
    return read_conditions(found[2], line, column + found.start(2))


def read_conditions(text: str, line: int = 1, column: int = 1) -> tuple[Condition, ...]:
    """What ``text`` says, which stands there in the document. Raises PatternError."""
    try:
        found = tuple(_Token(kind, text[start:end], start, end) for kind, start, end in tokens(text))
    except SyntaxProblem as problem:
        message = f"these conditions cannot be read: {problem.message.partition(': ')[2] or problem.message}"
        raise PatternError(line, column + problem.place.column - 1, message) from None
    reader = _Reader(text, line, column)
    return tuple(reader.condition(part) for part in reader.parts(found))


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


class _Reader:
    def __init__(self, text: str, line: int, column: int) -> None:
        self.text = text
        self.line = line
        self.column = column

    def parts(self, found: tuple[_Token, ...]) -> Iterator[tuple[_Token, ...]]:
        """The tokens of each condition, or of each value."""
        part: list[_Token] = []
        depth = 0
        for token in found:
            depth += _opens(token)
            if depth < 0:
                self._fail(token.start, "nothing is opened that this closes")
            if token.text == "," and depth == 0:
                yield self._some(part, token.start)
                part = []
            else:
                part.append(token)
        yield self._some(part, found[-1].end if found else len(self.text))

    def _some(self, part: list[_Token], end: int) -> tuple[_Token, ...]:
        if not part:
            self._fail(end, f"there is nothing before this; a condition is one of {_SHAPES}")
        return tuple(part)

    def condition(self, part: tuple[_Token, ...]) -> Condition:
        test, holds = self._test(part)
        start = part[0].start
        return Condition(test, holds, self.text[start : part[-1].end], self.line, self.column + start)

    def _test(self, part: tuple[_Token, ...]) -> tuple[Test, bool]:
        match [token.text for token in part]:
            case ["top", "level"]:
                return TopLevel(), True
            case ["not", "top", "level"]:
                return TopLevel(), False
            case ["inside", _, *_]:
                return Inside(self._place(part[1:])), True
            case ["not", "inside", _, *_]:
                return Inside(self._place(part[2:])), False
            case ["$", "...", *_]:
                self._fail(part[0].start, "a run is more than one piece of code; ask of a metavariable such as $x")
            case [_, "in", "(", *_, ")"]:
                return OneOf(self._name(part[0]), self._values(part[3:-1], part[-1])), True
            case [_, "not", "in", "(", *_, ")"]:
                return OneOf(self._name(part[0]), self._values(part[4:-1], part[-1])), False
            case [_, "~", _] if part[2].kind == "RegularExpression":
                return Spelt(self._name(part[0]), self._regexp(part[2])), True
            case [_, "!", "~", _] if part[3].kind == "RegularExpression":
                return Spelt(self._name(part[0]), self._regexp(part[3])), False
            case [_, "is", "not", _]:
                return IsA(self._name(part[0]), self._kind(part[3])), False
            case [_, "is", _]:
                return IsA(self._name(part[0]), self._kind(part[2])), True
        return self._fail(part[0].start, f"this is no condition; one is written {_SHAPES}")

    def _name(self, token: _Token) -> str:
        found = _NAME.fullmatch(token.text)
        if found is None:
            self._fail(token.start, f"a condition is about a metavariable such as $x, and `{token.text}` is none")
        return found[1]

    def _kind(self, token: _Token) -> Kind:
        try:
            return Kind(token.text)
        except ValueError:
            self._fail(token.start, f"`{token.text}` is no kind of code; one is {', '.join(Kind)}")

    def _regexp(self, token: _Token) -> Regexp:
        from sio_patch.engine.language.regexp import RegexpProblem, read_regexp

        try:
            return read_regexp(token.text)
        except RegexpProblem as problem:
            self._fail(token.start + problem.offset, problem.message)

    def _values(self, found: tuple[_Token, ...], end: _Token) -> tuple[Pattern, ...]:
        if not found:
            self._fail(end.start, "nothing is in (); write what the code may be: ('a', null)")
        return tuple(self._pattern(part, "()") for part in self.parts(found))

    def _place(self, part: tuple[_Token, ...]) -> Pattern:
        """`function (...) { ... }` and `{ a: $b }` are read as expressions where they are no statement."""
        try:
            found = self._pattern(part, "  ")
        except PatternError as problem:
            try:
                return self._pattern(part, "()")
            except PatternError:
                raise problem from None
        if len(found.items) != 1:
            self._fail(part[0].start, "`inside` takes one expression or one statement")
        return found

    def _pattern(self, part: tuple[_Token, ...], brackets: str) -> Pattern:
        """The code of these tokens, with the columns that it has in the document."""
        start, end = part[0].start, part[-1].end
        code = f"{brackets[0]}{self.text[start:end]}{brackets[1]}"
        return read_pattern(Block(" " * (self.column + start - 2) + code, self.line))

    def _fail(self, at: int, message: str) -> NoReturn:
        raise PatternError(self.line, self.column + at, message)


def _opens(token: _Token) -> int:
    """By how many brackets it leads deeper, or back."""
    if token.kind == "Template":
        return token.text.endswith("${") - token.text.startswith("}")
    return (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}")) if token.kind == "Punctuator" else 0
