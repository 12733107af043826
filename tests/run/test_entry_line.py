"""The line that a person is told to add by hand, where the entry is CoffeeScript."""

from __future__ import annotations

import pytest

from support.trees import lay
from support.world import World

HEAD = """\
# Sizes

Sizes are set.

```toml patch
id = "sizes"
title = "Sizes"
kind = "mitigation"
target = "entry"
package = "node"
affected = "*"
default = false
scope = "program"
references = ["https://example.org/sizes"]

[params.size]
type = "integer"
default = "1"
minimum = "1"
maximum = "9"

[params.sizes]
type = "bytes"
default = "2k"
minimum = "1k"
maximum = "9k"

[[runtime]]
node = "*"
effect = "full"
words = "sizes are set"
```

```diff
"""

LINES = {
    "one name begins with the other": ("+set($size, $sizes);\n ...\n```\n", "The line: set(1, 2 * 1024)"),
    "a dollar of JavaScript's own": ("+$$size.set($sizes);\n ...\n```\n", "The line: $size.set(2 * 1024)"),
    "in a string": ("+set('$size', $size);\n ...\n```\n", "The line: set('$size', 1)"),
    "arithmetic": ("+set($sizes ** 2, $size);\n ...\n```\n", "The line: set((2 * 1024) ** 2, 1)"),
    "there is none for every file": (" use($x);\n+set($x);\n ...\n```\n", "that: `sio-patch apply -p sizes FILE`."),
}


@pytest.mark.parametrize("kind", LINES)
def test_the_line(kind: str, world: World) -> None:
    diff, line = LINES[kind]
    world.publish("sizes", HEAD + diff)
    lay(world.app, {"app.coffee": b"", "package.json": b"{}"})
    run = world.run("apply", "-p", "sizes", "--json")
    assert (run.exit, run.row.verdict, run.row.reason) == (3, "refused", "unsupported-layout")
    assert run.row.note is not None
    assert run.row.note.endswith(line)
