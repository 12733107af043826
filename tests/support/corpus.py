"""Real JavaScript: what some published packages, of several eras and styles, consist of."""

from __future__ import annotations

import random
import tarfile
from functools import cache
from typing import NamedTuple

from support.pins import pin
from support.registry import tarballs

LARGEST_BYTES = 60_000

# By what makes their code differ; of the third line some end no statement with a semicolon.
PACKAGES = (
    ("async", "0.9.0"), ("underscore", "1.8.3"), ("marked", "0.3.5"), ("moment", "2.10.6"),  # wrapped for all loaders
    ("commander", "2.9.0"), ("node-uuid", "1.4.8"), ("socket.io", "0.9.13"), ("express", "3.21.2"),  # ES5
    ("glob", "7.2.3"), ("request", "2.88.2"), ("pump", "3.0.0"), ("bl", "4.1.0"), ("fastify", "3.29.5"),
    ("execa", "5.1.1"), ("chalk", "5.3.0"), ("node-fetch", "3.3.2"), ("nanoid", "4.0.2"),  # tabs, ES modules
    ("p-queue", "7.4.1"), ("d3-array", "3.2.4"),  # ES modules, compiled and by hand
    ("lru-cache", "6.0.0"), ("ws", "8.18.0"), ("socket.io", "4.7.5"),  # classes, compiled from TypeScript
)  # fmt: skip


class Published(NamedTuple):
    """A file as published; its name begins with its package's."""

    name: str
    text: str


@cache
def published() -> tuple[Published, ...]:
    """All of them that are JavaScript of a size to work with, in a fixed order. Unavailable without a registry."""
    paths = tarballs([pin(name, version) for name, version in PACKAGES])
    found = []
    for one, path in paths.items():
        with tarfile.open(path) as archive:
            for member in archive:
                name = f"{one.spec}/{member.name.partition('/')[2]}"
                if name.endswith((".js", ".mjs", ".cjs")) and ".min." not in name and member.size <= LARGEST_BYTES:
                    stream = archive.extractfile(member)
                    assert stream is not None
                    found.append(Published(name, stream.read().decode("utf-8", "replace")))
    return tuple(sorted(found))


def some(seed: int, count: int) -> list[Published]:
    """``count`` of the files, chosen by ``seed``: each package as likely as another."""
    packages: dict[str, list[Published]] = {}
    for one in published():
        packages.setdefault(one.name.partition("/")[0], []).append(one)
    chance = random.Random(seed)
    return [chance.choice(packages[name]) for name in chance.choices(sorted(packages), k=count)]
