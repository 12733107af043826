"""Real code made odd, under patches of every kind: whatever comes out keeps its promises.

    python tests/fuzz/play.py [--inputs N] [--seed S] [--into DIRECTORY]

promises.py says what is held. Prints how many inputs came to what, and the smallest input of each kind of failure; more
of them are in DIRECTORY. Ends with 1 where there was a failure. The same seed makes the same inputs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import NamedTuple

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fuzz.mutate import TOKEN, odd, pieces
from fuzz.patches import KINDS, Kind
from fuzz.promises import Broken, tried
from sio_patch.engine.source import Source
from sio_patch.engine.tree.parse import SyntaxProblem, TooDeep, parse
from support.corpus import published

CHUNK = 250
KEPT = 3  # of each kind of failure
REDUCE_S = 20
TRIES = 4
PLAIN = tuple(kind for kind in KINDS if kind.filled_in("", random.Random()))[:TRIES]


class Failure(NamedTuple):
    """An input that broke a promise, made small."""

    kind: str
    detail: str
    patch: Kind
    text: str

    def __str__(self) -> str:
        options = {**self.patch.options, **({"values": self.patch.values} if self.patch.values else {})}
        return f"{self.detail}\n\n{self.patch.diff}\n{options}\n\n{self.text!r}\n\n{self.text}\n"


class Chunk(NamedTuple):
    """What some inputs came to."""

    words: Counter[str]
    failures: list[Failure]


@cache
def stock() -> tuple[str, ...]:
    """Every piece of every file."""
    return tuple(sorted({piece for one in published() for piece in pieces(one.text)}))


def fuzz(seed: int, inputs: int = CHUNK) -> Chunk:
    """That many inputs of a seed."""
    chance = random.Random(seed)
    words: Counter[str] = Counter()
    failures: list[Failure] = []
    seen: Counter[str] = Counter()
    while words.total() < inputs:
        text = _text(chance)
        for patch in _patches(text, chance):
            try:
                word = tried(patch, text)
            except Broken as broken:
                word = "BROKEN"
                seen[broken.kind] += 1
                if seen[broken.kind] <= KEPT:
                    failures.append(reduced(patch, text, broken))
            if word != "Absent":
                break
        words[word] += 1
    return Chunk(words, failures)


def _patches(text: str, chance: random.Random) -> Iterator[Kind]:
    """Some to try until one is about the text."""
    found = [patch for kind in chance.sample(KINDS, TRIES) if (patch := kind.filled_in(text, chance)) is not None]
    yield from found or PLAIN


def _text(chance: random.Random) -> str:
    """Mostly programs: of what cannot be parsed little is learnt."""
    piece = next(piece for piece in _drawn(chance) if _parses(piece))
    for _ in range(TRIES):
        text = odd(piece, stock(), chance)
        if _parses(text):
            break
    return text


def _drawn(chance: random.Random) -> Iterator[str]:
    while True:
        yield chance.choice(stock())


def _parses(text: str) -> bool:
    try:
        parse(Source.of(text.encode("utf-8", "surrogateescape")))
    except (SyntaxProblem, TooDeep):
        return False
    except Exception:
        pass  # `tried` comes to it
    return True


def reduced(patch: Kind, text: str, broken: Broken) -> Failure:
    """The input without what the failure does not need: first lines, then tokens."""
    until = time.monotonic() + REDUCE_S

    def still(smaller: str) -> bool:
        try:
            tried(patch, smaller)
        except Broken as other:
            return other.kind == broken.kind and time.monotonic() < until
        return False

    def cut(smaller: str) -> list[str]:
        return TOKEN.findall(smaller)

    text = _shrunk(text.splitlines(keepends=True), still)
    text = _shrunk(cut(text), still)
    try:
        tried(patch, text)
    except Broken as small:
        broken = small
    return Failure(broken.kind, str(broken), patch, text)


def _shrunk(parts: Sequence[str], still: Callable[[str], bool]) -> str:
    """Delta debugging: halves, quarters and so on are left out, as long as it still fails."""
    parts, size = list(parts), max(1, len(parts) // 2)
    while True:
        at = 0
        while at < len(parts):
            smaller = parts[:at] + parts[at + size :]
            if still("".join(smaller)):
                parts = smaller
            else:
                at += size
        if size == 1:
            return "".join(parts)
        size //= 2


def _chunks(seed: int, inputs: int) -> Iterator[Chunk]:
    count = -(-inputs // CHUNK)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(fuzz, (seed * 1_000_003 + number for number in range(count)))


def _store(into: Path, failures: dict[str, list[Failure]]) -> None:
    into.mkdir(parents=True, exist_ok=True)
    for number, (kind, some) in enumerate(sorted(failures.items())):
        for turn, failure in enumerate(some):
            record = {"kind": kind, "diff": failure.patch.diff, "text": failure.text, "detail": failure.detail}
            options = {"options": dict(failure.patch.options), "values": dict(failure.patch.values)}
            (into / f"{number:02}-{turn}.json").write_text(json.dumps({**record, **options}, indent=1), "utf-8")


def main(arguments: Sequence[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Real code made odd, under patches of every kind.")
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--into", type=Path, default=Path("build/fuzz"), help="where the failing inputs go")
    options = parser.parse_args(arguments)
    words: Counter[str] = Counter()
    failures: dict[str, list[Failure]] = {}
    counts: Counter[str] = Counter()
    stock()
    for chunk in _chunks(options.seed, options.inputs):
        words += chunk.words
        for failure in chunk.failures:
            counts[failure.kind] += 1
            some = sorted([*failures.get(failure.kind, []), failure], key=lambda each: len(each.text))
            failures[failure.kind] = some[:KEPT]
        if chunk.failures:
            _store(options.into, failures)  # at once: a run that is cut off leaves what it has found
        print(f"\r{words.total()} inputs, {len(failures)} kinds of failure", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    for kind, some in sorted(failures.items()):
        print(f"=== {kind}\n{some[0]}")
    for word, count in words.most_common():
        print(f"{count:8} {word}")
    print(f"{words.total()} inputs from seed {options.seed}: {words['BROKEN']} failures of {len(failures)} kinds")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
