"""Random patches of a fixed list over real files: what the engine makes of them, held against an edit of acorn's tree.

    python tests/oracle/play.py [--cases N] [--seed S]

templates.js has the patches, oracle.js makes the cases and judges them. Prints what is wrong, in full, and what was
refused, by template. Ends with 1 where something is wrong.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sio_patch.engine.outcome import NeedsPatch, Outcome, Refused
from sio_patch.engine.pattern import PatternError, compile_patch
from sio_patch.engine.rewrite import assess
from sio_patch.engine.source import Source
from sio_patch.verdict import Reason
from support.corpus import some
from support.ground import executable
from support.printers import modules

SCRIPT = Path(__file__).resolve().parent / "oracle.js"
CHUNK = 500
FILES = 30
TIMEOUT_S = 300


class Played(NamedTuple):
    """A case and how it ended. ``wrong`` says what is amiss; ``refused`` is the refusal of a patch that asks for more
    than nothing. Both None: the tree is the oracle's.
    """

    template: str
    name: str
    diff: str
    matches: str
    text: str
    after: str | None
    wrong: str | None
    refused: str | None

    def __str__(self) -> str:
        after = "" if self.after is None else f"\n--- after\n{self.after}"
        why = self.wrong or self.refused
        return f"=== {self.template}: {why}\n{self.name}, {self.matches}\n{self.diff}\n--- before\n{self.text}{after}"


def play(seed: int, count: int) -> list[Played]:
    """``count`` cases of a seed: the same cases every time. Unavailable without Node or a registry."""
    files = [{"name": one.name, "text": one.text} for one in some(seed, FILES)]
    cases = _node("make", {"seed": seed, "count": count, "files": files})
    ends = [_end(case) for case in cases]
    afters = [{**case, "after": _after(end)} for case, end in zip(cases, ends, strict=True)]
    judged = _node("judge", afters)
    return [_played(*one) for one in zip(afters, ends, judged, strict=True)]


def _end(case: dict[str, Any]) -> Outcome | str:
    """The outcome; of an exception its own words, for any is wrong here."""
    try:
        return assess(compile_patch(case["diff"], matches=case["matches"]), Source(case["text"]))
    except PatternError as problem:
        return f"no patch: {problem}"
    except Exception:
        return traceback.format_exc(limit=-2)


def _after(end: Outcome | str) -> str | None:
    return end.after.text if isinstance(end, NeedsPatch) else None


def _played(case: dict[str, Any], end: Outcome | str, judged: dict[str, Any]) -> Played:
    wrong, refused = judged["wrong"], None
    several = case["matches"] == "one" and judged["wanted"] > 1
    if isinstance(end, Refused):
        expected = several and end.reason is Reason.AMBIGUOUS
        refused = None if expected else re.sub("`[^`]*`|[0-9]+:[0-9]+|lines .*\\)", "…", f"{end.reason}: {end.message}")
    elif not isinstance(end, NeedsPatch):
        wrong = end if isinstance(end, str) else f"nothing to do: {end}"
    elif several:
        wrong = f"edited, of {judged['wanted']} places"
    fields = (case["template"], case["name"], case["diff"], case["matches"], case["text"], case["after"])
    return Played(*fields, wrong, refused)


def _node(command: str, data: object) -> Any:
    run = subprocess.run(
        [executable("node"), str(SCRIPT), str(modules()), command],
        input=json.dumps(data),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def _chunks(seed: int, cases: int) -> Iterator[list[Played]]:
    with ProcessPoolExecutor() as pool:
        yield from pool.map(play, range(seed, seed + -(-cases // CHUNK)), [CHUNK] * -(-cases // CHUNK))


def main(arguments: Sequence[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Random patches over real files, against acorn.")
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--verbose", action="store_true", help="an example of each refusal, too")
    options = parser.parse_args(arguments)
    total = 0
    wrong: list[Played] = []
    refused: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], Played] = {}
    for chunk in _chunks(options.seed, options.cases):
        total += len(chunk)
        wrong += [one for one in chunk if one.wrong]
        for one in chunk:
            if one.refused:
                refused[one.template, one.refused] += 1
                examples.setdefault((one.template, one.refused), one)
        print(f"\r{total} cases, {len(wrong)} wrong, {refused.total()} refused", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    for one in [*wrong, *examples.values()] if options.verbose else wrong:
        print(one)
    for (template, reason), count in refused.most_common():
        print(f"{count:5} refused: {template}: {reason}")
    print(f"{total} cases from seed {options.seed}: {len(wrong)} wrong, {refused.total()} refused")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
