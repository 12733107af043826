"""The catalogue's own patch on `handleUpgrade`s made odd: run by Node as published and as patched.

    python tests/mutations/play.py [--count N] [--seed S]

What reads `patched`, `applied` or `fixed` and runs must not keep the head: after the call it can be reached neither
from the request nor from the socket. And what is patched does what it did before, call by call. Prints the mutants for
which that does not hold; ends with 1 where there are any.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fuzz.mutate import TOKEN
from sio_patch.documents.catalogue import Catalogue
from sio_patch.engine.outcome import Applied, Fixed, NeedsPatch
from sio_patch.engine.rewrite import assess
from sio_patch.engine.source import Source
from support.ground import executable
from support.manager import PATCH, patched, published

SCRIPT = Path(__file__).resolve().parent / "run.js"
VERSIONS = ("0.7.0", "0.7.11", "0.8.7", "0.9.0", "0.9.13", "0.9.14", "0.9.19")
HANDLER = re.compile(rb"Manager\.prototype\.handleUpgrade = function.*?\n};\n", re.DOTALL)
CHUNK = 1000
TIMEOUT_S = 300

# What the function, the patch and the fixes are made of, and what can be put round it.
LINES = (
    "req.head = head;", "req.head = head;", "this.handleClient(data, req);", "self.handleClient(data, req);",
    "delete req.head;", "delete req.head;", "req.head = null;", "req.head = undefined;", "req.head = void 0;",
    "return;", "if (!data) return;", "if (!data)", "else", "var self = this;", "req = {};", "head = null;",
    "data = req;", "var req;", "if (self.enabled('destroy upgrade')) {", "}", "} else {", "try {", "} finally {",
    "} catch (e) {", "for (;;) {", "break;", "socket.on('end', function () {", "});", "req['head'] = head;",
    "var head = {};", "arguments[0] = {};", "throw 1;", "do {", "} while (0);", "x: {", "break x;", "with (req) {",
    "switch (data) { case 1:", "(req.head) = head;",
)  # fmt: skip


class Bad(NamedTuple):
    """A mutant that reads well and is not."""

    reads: str
    wrong: str
    text: str
    after: str

    def __str__(self) -> str:
        return f"=== reads {self.reads}, and {self.wrong}\n{self.text}\n--- as patched\n{self.after}"


class Played(NamedTuple):
    """``reads`` counts what was said; ``ran`` those that read well and ran; ``leaked`` of them had leaked."""

    reads: Counter[str]
    ran: int
    leaked: int
    bad: list[Bad]


@cache
def handlers() -> tuple[str, ...]:
    """The function in all its published wordings, and patched by hand. Unavailable without a registry."""
    found = {match[0] for version in VERSIONS if (match := HANDLER.search(published(version)))}
    by_hand = {patched(text) for text in found if b"req.head = null" not in text}
    return tuple(sorted(text.decode() for text in found | by_hand))


def mutant(chance: random.Random) -> str:
    """One of the handlers, made odd in one to four ways."""
    text = chance.choice(handlers())
    for _ in range(chance.randint(1, 4)):
        text = chance.choice((_of_tokens, _of_lines, _of_lines, _of_new_lines, _of_new_lines))(text, chance)
    return text


def _of_tokens(text: str, chance: random.Random) -> str:
    tokens = TOKEN.findall(text)
    code = [index for index, token in enumerate(tokens) if not token.isspace()]
    at, other = chance.choice(code), chance.choice(code)
    match chance.randrange(4):
        case 0:
            del tokens[at]
        case 1:
            tokens.insert(at, tokens[at])
        case 2:
            tokens[at], tokens[other] = tokens[other], tokens[at]
        case _:
            tokens[at] = tokens[other]
    return "".join(tokens)


def _of_lines(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    at, other = chance.randrange(1, len(lines)), chance.randrange(1, len(lines))
    match chance.randrange(4):
        case 0:
            del lines[at]
        case 1:
            lines.insert(other, lines[at])
        case 2:
            lines[at], lines[other] = lines[other], lines[at]
        case _:
            lines.insert(other, lines.pop(at))
    return "".join(lines)


def _of_new_lines(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    lines.insert(chance.randrange(1, len(lines)), f"  {chance.choice(LINES)}\n")
    return "".join(lines)


def play(seed: int, count: int = CHUNK) -> Played:
    """``count`` mutants of a seed: the same every time. Unavailable without Node or a registry."""
    chance = random.Random(seed)
    patch = Catalogue.shipped().find(PATCH).semantic
    reads: Counter[str] = Counter()
    well: list[tuple[str, str, str]] = []
    for _ in range(count):
        text = mutant(chance)
        outcome = assess(patch, Source(text))
        reads[type(outcome).__name__] += 1
        if isinstance(outcome, NeedsPatch | Applied | Fixed):
            after = outcome.after.text if isinstance(outcome, NeedsPatch) else text
            well.append((type(outcome).__name__, text, after))
    ends = _run([(text, after) for _, text, after in well])
    bad = [
        Bad(word, wrong, text, after)
        for (word, text, after), (before, now) in zip(well, ends, strict=True)
        if (wrong := _wrong(before, now))
    ]
    ran = sum(not all(world["threw"] for world in now) for _, now in ends)
    leaked = sum(any(world["kept"] for world in before) for before, _ in ends)
    return Played(reads, ran, leaked, bad)


def _wrong(before: Sequence[Any], now: Sequence[Any]) -> str | None:
    """What is wrong with the ends of a mutant as it was and as it is with the patch."""
    if any(world["kept"] for world in now):
        return "keeps the head"
    if any(
        was["calls"] != here["calls"]
        for was, here in zip(before, now, strict=True)
        if not (was["late"] or here["late"])
    ):
        return "does something else than before"
    return None


def _run(pairs: Sequence[tuple[str, str]]) -> list[tuple[Any, Any]]:
    run = subprocess.run(
        [executable("node"), str(SCRIPT)],
        input=json.dumps(pairs),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return [(before, now) for before, now in json.loads(run.stdout)]


def _chunks(seed: int, count: int) -> Iterator[Played]:
    with ProcessPoolExecutor() as pool:
        yield from pool.map(play, (seed * 1_000_003 + number for number in range(-(-count // CHUNK))))


def main(arguments: Sequence[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="handleUpgrades made odd, as published and as patched.")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    reads: Counter[str] = Counter()
    ran = leaked = 0
    bad: list[Bad] = []
    for chunk in _chunks(options.seed, options.count):
        reads += chunk.reads
        ran, leaked = ran + chunk.ran, leaked + chunk.leaked
        bad += chunk.bad
        print(f"\r{reads.total()} mutants, {len(bad)} bad", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    for one in bad:
        print(one)
    print(", ".join(f"{count} {word}" for word, count in reads.most_common()))
    print(f"{reads.total()} mutants from seed {options.seed}: {ran} read well and ran, {leaked} of them had leaked")
    print(f"{len(bad)} bad")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
