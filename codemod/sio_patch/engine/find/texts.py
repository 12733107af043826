"""A string of a pattern with names in it against a string of the file.

With ``'${$a}/${$b}'`` the string ``'lodash/map'`` binds $a to ``lodash`` and $b to ``map``. What is known already
stands there as it is spelt. A name that the string itself tells is a Word: it ends before the character that the
pattern has behind it, and has no white space and no quotation mark in it.
"""

from __future__ import annotations

import re

from sio_patch.engine.find.found import Env
from sio_patch.engine.language.texts import spelling, text_of
from sio_patch.engine.tree.node import Node


def text_match(pattern: Node, node: Node, env: Env) -> Env | None:
    """What is known when ``node`` is such a string; None where it is none."""
    value = spelling(node) if node.kind == "Literal" else None
    if value is None:
        return None
    parts: tuple[Node, ...] = pattern.fields["parts"]
    regexp, told = _regexp(parts, env)
    found = None if regexp is None else re.fullmatch(regexp, value)
    if found is None:
        return None
    env = env.pair(pattern, node)
    plain = node.end - node.start == len(value) + 2  # else there are escapes, and the name may be anywhere in it
    for meta, group in told:
        start, end = (node.start + 1 + offset for offset in found.span(group)) if plain else (node.start, node.end)
        word = Node("Word", start, end, {"name": found[group]})
        word.parent = node
        env = env.bind(meta.fields["meta"], word).pair(meta, word)
    return env


def _regexp(parts: tuple[Node, ...], env: Env) -> tuple[str | None, list[tuple[Node, str]]]:
    """Takes time in proportion to the string: each name ends where it has to. With the groups of what it tells."""
    pieces: list[str] = []
    told: list[tuple[Node, str]] = []
    groups: dict[str, str] = {}
    for index, part in enumerate(parts):
        if part.kind == "Chars":
            pieces.append(re.escape(part.fields["value"]))
            continue
        name = part.fields["meta"]
        if name in env.bindings:
            known = text_of(env.bindings[name])
            if known is None:
                return None, []
            pieces.append(re.escape(known))
        elif name in groups:
            pieces.append(f"(?P={groups[name]})")
        else:
            groups[name] = f"g{len(groups)}"
            behind = re.escape(parts[index + 1].fields["value"][0]) if index + 1 < len(parts) else ""
            pieces.append(rf"(?P<{groups[name]}>[^\s'\"`\\{behind}]++)")
            told.append((part, groups[name]))
    return "".join(pieces), told
