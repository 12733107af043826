"""JavaScript printers, minifiers and a second parser, in Node: fixtures/printers, installed into the cache."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from support.ground import FIXTURES, cache_dir, executable
from support.npm import installed
from support.registry import locked

FOLDER = FIXTURES / "printers"
TIMEOUT_S = 120


@dataclass(frozen=True, slots=True)
class Judgement:
    """What fixtures/printers/judge.js says: see its head."""

    plain: bool
    wrong: str | None


def modules() -> Path:
    """The node_modules directory with the printers, installed by the first test that asks."""
    with locked("printers"):
        return installed(FOLDER, cache_dir() / "printers")


def styles() -> tuple[str, ...]:
    """The style names in print.js, read from its source so that collecting tests needs no Node."""
    source = (FOLDER / "print.js").read_text("utf-8")
    table = source.partition("const styles = {\n")[2].partition("\n};")[0]
    return tuple(line.strip().partition(":")[0].strip("'") for line in table.split("\n"))


def print_anew(style: str, scratch: Path, *texts: bytes) -> list[bytes]:
    """Each text, printed anew in a style."""
    files: list[Path] = []
    for number, text in enumerate(texts):
        files += scratch / f"{number}.in.js", scratch / f"{number}.out.js"
        files[-2].write_bytes(text)
    _node("print.js", style, *files)
    return [path.read_bytes() for path in files[1::2]]


def judge(scratch: Path, *texts: bytes) -> Judgement:
    """Acorn's word on a file before and, where given, after the patch."""
    files = [scratch / f"{number}.judge.js" for number in range(len(texts))]
    for path, text in zip(files, texts, strict=True):
        path.write_bytes(text)
    return Judgement(**json.loads(_node("judge.js", *files)))


def _node(script: str, *arguments: str | Path) -> str:
    process = subprocess.run(
        [executable("node"), str(FOLDER / script), str(modules()), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout
