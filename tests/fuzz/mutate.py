"""Real code made odd: stretches of files with tokens and lines dropped, doubled, swapped and taken from elsewhere."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

LARGEST = 1500
LINES = 40

# Not JavaScript's grammar, but near enough to cut it at the right places most of the time.
TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|[\w$]+|\s+|"""
    r"""=>|\.\.\.|\?\.|[=!]==?|[<>]=|&&|\|\||\?\?|\+\+|--|\*\*|[-+*/%|&^]=|.""",
    re.DOTALL,
)
SPICE = (
    ";", "\n", "{", "}", "(", ")", ",", "...", "=>", "`", "/", "/* c */", "// c\n", "\r\n", "\u2028", "\ufeff",
    "?.", "#", "async ", "await ", "yield ", "static ", "get ", "get\n", "if (a) ", "else ", "do ", "a: ",
    "return ", "return\n", "new ", "delete ", "typeof ", "!", "-", "+", "**", " in b", "let ", "var ", "const ",
    "export ", "import ", "'use strict';", "super.a", "this", "arguments", "eval", "\udcff", "\\u0061", "0x1F",
    "1_000", "/[/]/g", "<!-- ", "`${", "}`", "({", "})", "[", "]", "[a, b] = ", "{ a = 1 } = ", "class A {",
    "function f() {", "case 1: ", "default: ", "break;", "with (a) ",
)  # fmt: skip


def pieces(text: str) -> list[str]:
    """Stretches of whole lines in which brackets balance, of at most LARGEST characters."""
    lines = text.splitlines(keepends=True)
    depths = [sum(map(_depth, TOKEN.findall(line))) for line in lines]
    found = []
    for first in range(len(lines)):
        depth = 0
        for last in range(first, min(first + LINES, len(lines))):
            depth += depths[last]
            if depth < 0:
                break
            piece = "".join(lines[first : last + 1])
            if depth == 0 and 40 < len(piece) <= LARGEST:
                found.append(piece)
    return found


def _depth(token: str) -> int:
    return (token in ("(", "[", "{")) - (token in (")", "]", "}"))


def odd(piece: str, others: Sequence[str], chance: random.Random) -> str:
    """``piece`` after none to four mutations."""
    for _ in range(chance.choice((0, 1, 1, 1, 2, 2, 3, 4))):
        piece = chance.choice(MUTATIONS)(piece, others, chance)[: 2 * LARGEST]
    return chance.choice(DRESSES)(piece)


def _tokens(mutate: Callable[[list[str], int, random.Random], None]) -> Mutation:
    def mutated(text: str, others: Sequence[str], chance: random.Random) -> str:
        tokens = TOKEN.findall(text)
        code = [index for index, token in enumerate(tokens) if not token.isspace()]
        if len(code) > 1:
            mutate(tokens, chance.choice(code), chance)
        return "".join(tokens)

    return mutated


def _lines(mutate: Callable[[list[str], random.Random], None]) -> Mutation:
    def mutated(text: str, others: Sequence[str], chance: random.Random) -> str:
        lines = text.splitlines(keepends=True)
        if lines:
            mutate(lines, chance)
        return "".join(lines)

    return mutated


def _drop(tokens: list[str], at: int, chance: random.Random) -> None:
    del tokens[at]


def _double(tokens: list[str], at: int, chance: random.Random) -> None:
    tokens.insert(at, tokens[at])


def _swap(tokens: list[str], at: int, chance: random.Random) -> None:
    other = chance.randrange(len(tokens))
    tokens[at], tokens[other] = tokens[other], tokens[at]


def _swap_alike(tokens: list[str], at: int, chance: random.Random) -> None:
    """Two words, or two operators: what comes out is often still a program."""
    alike = [index for index, token in enumerate(tokens) if _class(token) == _class(tokens[at])]
    other = chance.choice(alike)
    tokens[at], tokens[other] = tokens[other], tokens[at]


def _class(token: str) -> str:
    return "word" if token[0].isalnum() else "space" if token.isspace() else "text" if token[0] in "'\"`" else "other"


def _spice(tokens: list[str], at: int, chance: random.Random) -> None:
    tokens.insert(at, chance.choice(SPICE))


def _replace(tokens: list[str], at: int, chance: random.Random) -> None:
    tokens[at] = chance.choice(SPICE)


def _drop_semicolon(tokens: list[str], at: int, chance: random.Random) -> None:
    _drop_one_of(tokens, ";", chance)


def _drop_line_end(tokens: list[str], at: int, chance: random.Random) -> None:
    _drop_one_of(tokens, "\n", chance)


def _drop_one_of(tokens: list[str], what: str, chance: random.Random) -> None:
    found = [index for index, token in enumerate(tokens) if what in token and not token[0].isalnum()]
    if found:
        at = chance.choice(found)
        tokens[at] = tokens[at].replace(what, "") if len(tokens[at]) > 1 else ""


def _unbrace(tokens: list[str], at: int, chance: random.Random) -> None:
    """The braces round something go; where that is one statement under an ``if``, it stays a program."""
    opens = [index for index, token in enumerate(tokens) if token == "{"]
    if not opens:
        return
    first = chance.choice(opens)
    depth = 0
    for last in range(first, len(tokens)):
        depth += (tokens[last] == "{") - (tokens[last] == "}")
        if depth == 0:
            tokens[first] = tokens[last] = " "
            return


def _move_line(lines: list[str], chance: random.Random) -> None:
    line = lines.pop(chance.randrange(len(lines)))
    lines.insert(chance.randint(0, len(lines)), line)


def _double_line(lines: list[str], chance: random.Random) -> None:
    lines.insert(chance.randint(0, len(lines)), chance.choice(lines))


def _drop_line(lines: list[str], chance: random.Random) -> None:
    del lines[chance.randrange(len(lines))]


def _splice(text: str, others: Sequence[str], chance: random.Random) -> str:
    """Some of another piece in the place of some of this one."""
    here, there = TOKEN.findall(text), TOKEN.findall(chance.choice(others))
    cut, end = sorted((chance.randint(0, len(here)), chance.randint(0, len(here))))
    start = chance.randint(0, len(there))
    return "".join((*here[:cut], *there[start : start + chance.randint(1, 30)], *here[min(end, cut + 20) :]))


def _append(text: str, others: Sequence[str], chance: random.Random) -> str:
    """Another piece behind, before, or put into this one's first block."""
    other = chance.choice(others)
    at = chance.choice((0, len(text), text.find("{") + 1, text.find(";") + 1))
    return text[:at] + other + text[at:]


def _wrap(text: str, others: Sequence[str], chance: random.Random) -> str:
    head, foot = chance.choice(WRAPS)
    return head + text + foot


WRAPS = (
    ("(function () {\n", "})();\n"), ("if (a) {\n", "}\n"), ("class K extends L {\n  m() {\n", "  }\n}\n"),
    ("async function w() {\n", "}\n"), ("function* w() {\n", "}\n"), ("x = () => {\n", "}\n"),
    ("a: for (;;) {\n", "}\n"), ("switch (a) {\n  case 1:\n", "}\n"),
    ("(function (root, factory) { factory() }(this, function () {\n", "}));\n"), ("'use strict'\n", ""),
    ("#!/usr/bin/env node\n", ""), ("\ufeff", ""), ("export default function () {\n", "}\n"),
    ("try {\n", "} catch (e) {}\n"), ("class S {\n  static {\n", "  }\n}\n"), ("do {\n", "} while (a)\n"),
    ("with (a) {\n", "}\n"),
)  # fmt: skip

Mutation = Callable[[str, Sequence[str], random.Random], str]
MUTATIONS: tuple[Mutation, ...] = (
    *map(_tokens, (_drop, _double, _swap, _swap_alike, _swap_alike, _spice, _spice, _replace, _drop_semicolon,
                   _drop_semicolon, _drop_line_end, _unbrace)),
    *map(_lines, (_move_line, _double_line, _drop_line)),
    _splice,
    _append,
    _wrap,
    _wrap,
)  # fmt: skip
DRESSES: tuple[Callable[[str], str], ...] = (
    *[str] * 8,
    lambda text: text.replace("\r\n", "\n").replace("\n", "\r\n"),
    lambda text: text.replace("\n", "\u2028", 1),
    lambda text: text.rstrip(),
    lambda text: re.sub(r";(?=[ \t]*\n)", "", text),
    lambda text: re.sub(r"\n[ \t]*", " ", text),
)
