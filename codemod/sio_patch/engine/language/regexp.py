"""The regular expressions of conditions: JavaScript's syntax and meaning, read to a program that runs in linear time.

Why no library: a patch document may be anybody's, and Python's `re` takes exponential time for some expressions.
`google-re2` is linear, but it is C++ that not every machine has a build of, and reads another syntax. What no such
program can do, references back and looking round, is refused, and so is what is left out here.
"""

from __future__ import annotations

from typing import NamedTuple, NoReturn

from sio_patch.engine.language.characters import (
    DIGITS,
    LAST,
    LINE_ENDS,
    SPACES,
    WORDS,
    Ranges,
    has_case_beyond_ascii,
    in_both_cases,
    inverted,
    joined,
    one,
    utf_16,
)
from sio_patch.engine.language.program import (
    LONGEST,
    Either,
    Instruction,
    InTurn,
    Part,
    Repeat,
    Take,
    Where,
    is_anchored,
    program,
    size,
)

_DEEPEST = 50  # groups inside each other
_LONGEST_TEXT = 2_000
_FLAGS = "imsu"
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "v": "\v", "f": "\f"}
_UNSUPPORTED = {  # in this order; `(?<name>` is a group like another
    "?=": "looking ahead",
    "?!": "looking ahead",
    "?<=": "looking behind",
    "?<!": "looking behind",
    "?<": "",
    "?": "a group with flags of its own",
}
_REFUSED_ESCAPES = {"k": "a reference back", "p": "a property of characters", "P": "a property of characters"}
_HOW_TO_REPEAT = "a repetition is written {2}, {2,} or {2,4}; a brace that is meant is written \\{"
_HOW_TO_SPELL = "a character is written \\x41, \\u0041 or, with the flag u, \\u{41}"


class Regexp(NamedTuple):
    """``anchored``: it matches at the start of a text alone. ``words`` are what `\\b` takes for letters."""

    program: tuple[Instruction, ...]
    anchored: bool
    multiline: bool
    unicode: bool
    words: Ranges

    def units(self, text: str) -> str:
        """The text in JavaScript's own characters: without the flag u, what is beyond U+FFFF is two."""
        return text if self.unicode else utf_16(text)


class RegexpProblem(ValueError):
    """``offset`` counts in the text of the expression, whose first slash is at 0."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message


def read_regexp(text: str) -> Regexp:
    """``text`` is `/pattern/flags`. Raises RegexpProblem."""
    end = text.rindex("/")
    if end > _LONGEST_TEXT:
        raise RegexpProblem(0, f"a regular expression has at most {_LONGEST_TEXT:,} characters; write a shorter one")
    flags = frozenset(text[end + 1 :])
    for flag in sorted(flags.difference(_FLAGS)):
        raise RegexpProblem(end + 1, f"the flag {flag} is not supported; a condition takes {', '.join(_FLAGS)}")
    reader = _Reader(text[1:end], flags)
    tree = reader.whole()
    if size(tree) >= LONGEST:
        raise RegexpProblem(0, f"this regular expression takes more than {LONGEST:,} steps; write a shorter one")
    anchored = "m" not in flags and is_anchored(tree)
    return Regexp(program(tree), anchored, "m" in flags, "u" in flags, reader.words)


class _Reader:
    """Reads an expression from left to right; ``at`` is how far it has come."""

    def __init__(self, pattern: str, flags: frozenset[str]) -> None:
        self.unicode = "u" in flags
        self.text = pattern if self.unicode else utf_16(pattern)
        self.folds = "i" in flags
        self.any_character = () if "s" in flags else LINE_ENDS
        self.at = 0
        self.depth = 0
        self.words = self._cased(WORDS)

    def whole(self) -> Part:
        tree = self._either()
        if self._next():
            self._fail("there is no group that this closes")
        return tree

    def _either(self) -> Part:
        ways = [self._in_turn()]
        while self._eat("|"):
            ways.append(self._in_turn())
        return ways[0] if len(ways) == 1 else Either(tuple(ways))

    def _in_turn(self) -> Part:
        items = list[Part]()
        while self._next() not in ("", "|", ")"):
            items.append(self._repeated())
        return items[0] if len(items) == 1 else InTurn(tuple(items))

    def _repeated(self) -> Part:
        item, start = self._item(), self.at
        counts = self._counts()
        if counts is None:
            return item
        if isinstance(item, Where):
            self._fail("there is nothing to repeat before this", start)
        self._eat("?")  # `+?` takes as little as it can, and takes it all the same
        if self._next() in ("*", "+", "?", "{"):
            self._fail("this is repeated already")
        return Repeat(item, *counts)

    def _counts(self) -> tuple[int, int | None] | None:
        for mark, least, most in (("*", 0, None), ("+", 1, None), ("?", 0, 1)):
            if self._eat(mark):
                return least, most
        start = self.at
        if not self._eat("{"):
            return None
        least = self._number()
        most = least if not self._eat(",") else None if self._next() == "}" else self._number()
        if not self._eat("}") or (most is not None and most < least):
            self._fail(_HOW_TO_REPEAT, start)
        return least, most

    def _number(self) -> int:
        start = self.at
        while "0" <= self._next() <= "9":
            self.at += 1
        if not 0 < self.at - start <= 4:
            self._fail(_HOW_TO_REPEAT)
        return int(self.text[start : self.at])

    def _item(self) -> Part:
        mark = self._next()
        if mark in ("*", "+", "?", "{", "]", "}"):
            self._fail(f"there is nothing that this belongs to; a {mark} that is meant is written \\{mark}")
        if mark == "(":
            return self._group()
        if self._eat("["):
            return Take(self._class())
        for assertion in Where:
            if self._eat(assertion.value):
                return assertion
        if self._eat("."):
            return Take(inverted(self.any_character))
        found = self._set()
        return Take(self._cased(one(self._character())) if found is None else found)

    def _group(self) -> Part:
        start = self.at
        self.at += 1
        self.depth += 1
        if self.depth > _DEEPEST:
            self._fail(f"there are more than {_DEEPEST} groups inside each other", start)
        if not self._eat("?:"):
            self._pass_name(start)
        tree = self._either()
        if not self._eat(")"):
            self._fail("this group is not closed", start)
        self.depth -= 1
        return tree

    def _pass_name(self, start: int) -> None:
        """Nothing refers to the name of a group."""
        for mark, what in _UNSUPPORTED.items():
            if self._eat(mark):
                if what:
                    self._fail(f"{what} is not supported", start)
                end = self.text.find(">", self.at)
                self.at = end + 1 if end >= 0 else len(self.text)

    def _class(self) -> Ranges:
        start = self.at - 1
        outside = self._eat("^")
        found = list[tuple[int, int]]()
        while not self._eat("]"):
            if not self._next():
                self._fail("this class is not closed", start)
            found += self._class_part()
        return inverted(joined(found)) if outside else joined(found)

    def _class_part(self) -> Ranges:
        start = self.at
        found = self._set()
        first = -1 if found is not None else self._character(in_class=True)
        if not self.text.startswith("-", self.at) or self.text.startswith("-]", self.at):
            return self._cased(one(first)) if found is None else found
        self.at += 1
        if found is not None or self._set() is not None:
            self._fail("this is no range of characters; a - that is meant is written \\-", start)
        last = self._character(in_class=True)
        if last < first:
            self._fail("this range of characters ends before it begins", start)
        return self._cased(((first, last),))

    def _set(self) -> Ranges | None:
        """What `\\d` and its like stand for."""
        for letter, ranges in (("d", DIGITS), ("s", SPACES), ("w", self.words)):
            if self._eat(f"\\{letter}"):
                return ranges
            if self._eat(f"\\{letter.upper()}"):
                return inverted(ranges)
        return None

    def _character(self, *, in_class: bool = False) -> int:
        start, character = self.at, self._next()
        if not character:
            self._fail("this class is not closed")
        self.at += 1
        if character != "\\":
            return ord(character)
        letter = self._next()
        self.at += 1
        if letter in _CONTROLS:
            return ord(_CONTROLS[letter])
        if letter == "b" and in_class:
            return ord("\b")
        if letter == "0" and not self._next().isdigit():
            return 0
        if letter in ("x", "u"):
            return self._paired(self._hexadecimal(letter))
        if not letter.isalnum() and letter not in ("", "_"):
            return ord(letter)
        what = "a reference back" if letter.isdigit() else _REFUSED_ESCAPES.get(letter, f"the escape \\{letter}")
        return self._fail(f"{what} is not supported", start)

    def _paired(self, code: int) -> int:
        """With the flag u, two escapes that are one character in UTF-16 are one."""
        back = self.at
        if self.unicode and 0xD800 <= code < 0xDC00 and self._eat("\\u"):
            second = self._hexadecimal("u")
            if 0xDC00 <= second < 0xE000:
                return 0x10000 + (code - 0xD800) * 0x400 + second - 0xDC00
            self.at = back
        return code

    def _hexadecimal(self, letter: str) -> int:
        braced = letter == "u" and self.unicode and self._eat("{")
        length = 2 if letter == "x" else 4
        end = self.text.find("}", self.at) if braced else self.at + length
        code = self.text[self.at : max(end, self.at)]
        is_number = 0 < len(code) <= 6 and set(code) <= set("0123456789abcdefABCDEF")
        if not is_number or (not braced and len(code) < length) or int(code, 16) > LAST:
            self._fail(_HOW_TO_SPELL)
        self.at = end + braced
        return int(code, 16)

    def _cased(self, ranges: Ranges) -> Ranges:
        """With the flag i, these in the other case too."""
        if not self.folds:
            return ranges
        if has_case_beyond_ascii(ranges):
            self._fail("with the flag i, letters beyond ASCII are not supported")
        return in_both_cases(ranges, unicode=self.unicode)

    def _next(self) -> str:
        return self.text[self.at : self.at + 1]

    def _eat(self, mark: str) -> bool:
        found = self.text.startswith(mark, self.at)
        self.at += len(mark) if found else 0
        return found

    def _fail(self, message: str, at: int | None = None) -> NoReturn:
        before = self.text[: self.at if at is None else at]
        halves = 0 if self.unicode else sum("\udc00" <= unit <= "\udfff" for unit in before)
        raise RegexpProblem(len(before) - halves + 1, message)
