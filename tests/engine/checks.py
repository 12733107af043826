"""Judges that do not use the engine: plain slices of text, and Node."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Mapping, Sequence

from support.ground import executable

# As `node --check`, for many texts at once: a CommonJS file is a function's body to Node, a module is not.
_CHECK = """
const vm = require('vm');
const files = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const wrong = {};
for (const [name, [base64, module]] of Object.entries(files)) {
  const text = Buffer.from(base64, 'base64').toString('utf8').replace(/^\\ufeff/, '');
  try {
    if (module) new vm.SourceTextModule(text);
    else vm.compileFunction(text.replace(/^#!.*/, ''), ['exports', 'require', 'module', '__filename', '__dirname']);
  } catch (error) {
    wrong[name] = String(error);
  }
}
console.log(JSON.stringify(wrong));
"""


def outside(before: str, after: str, edits: Sequence[tuple[int, int, str]]) -> tuple[list[str], list[str]]:
    """The stretches of both texts that ``edits`` (of ``before``, sorted) leave alone; equal where they keep to it."""
    kept_before, kept_after = [], []
    here = there = 0
    for start, end, new in edits:
        kept_before.append(before[here:start])
        kept_after.append(after[there : there + start - here])
        there += start - here
        assert after[there : there + len(new)] == new
        here, there = end, there + len(new)
    return [*kept_before, before[here:]], [*kept_after, after[there:]]


def node_check(files: Mapping[str, tuple[bytes, bool]]) -> dict[str, str]:
    """What Node says against each file (bytes, whether it is a module): nothing for those that it reads."""
    texts = {name: (base64.b64encode(data).decode(), module) for name, (data, module) in files.items()}
    run = subprocess.run(
        [executable("node"), "--experimental-vm-modules", "--no-warnings", "-e", _CHECK],
        input=json.dumps(texts).encode(),
        capture_output=True,
        check=True,
        timeout=120,
    )
    wrong: dict[str, str] = json.loads(run.stdout)
    return wrong
